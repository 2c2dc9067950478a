"""The resources of the two versions, as one reads them in the printed list of paths."""

from __future__ import annotations

import pytest

from generator.ir import Api
from tests.spec import read_apis

# resource: collection, item, creators, listers, shower, changers, destroyer, parents, what others call its id
V1 = {
    "exams": (
        "/exams",
        "/exams/{id}",
        ["createExam"],
        ["listExams"],
        "showExam",
        ["updateExam", "replaceExam"],
        "destroyExam",
        [],
        "exam_id",
    ),
    "student_sessions": (
        "/exams/{exam_id}/student_sessions",
        "/student_sessions/{id}",
        ["createStudentSession"],
        ["listExamStudentSessions", "listStudentSessions"],
        "showStudentSession",
        ["updateStudentSession", "replaceStudentSession"],
        "destroyStudentSession",
        [("exam_id", "exams")],
        "student_session_id",
    ),
    "users": ("/institutes/{institute_id}/users", "", [], ["listUsers"], "", [], "", [("institute_id", "")], "user_id"),
}
V3 = {
    "attachments": (
        "/exams/{exam_id}/attachments",
        "/exams/{exam_id}/attachments/{id}",
        ["createAttachment"],
        ["listAttachments"],
        "showAttachment",
        [],
        "destroyAttachment",
        [("exam_id", "exams")],
        "attachment_id",
    ),
    "documents": (
        "/exams/{exam_id}/documents",
        "/exams/{exam_id}/documents/{id}",
        ["createDocument"],
        ["listDocuments"],
        "showDocument",
        ["updateDocument", "replaceDocument"],
        "destroyDocument",
        [("exam_id", "exams")],
        "document_id",
    ),
    "exams": V1["exams"],
    "identity_providers": (
        "/identity_providers",
        "",
        [],
        ["listIdentityProviders"],
        "",
        [],
        "",
        [],
        "identity_provider_id",
    ),
    "institutes": (
        "/institutes",
        "/institutes/{id}",
        ["createInstitute"],
        ["listInstitutes"],
        "showInstitute",
        ["updateInstitute", "replaceInstitute"],
        "destroyInstitute",
        [],
        "institute_id",
    ),
    "lti_resources": (
        "/lti_resources",
        "/lti_resources/{id}",
        ["createLtiResource"],
        ["listLtiResources"],
        "showLtiResource",
        ["updateLtiResource", "replaceLtiResource"],
        "destroyLtiResource",
        [],
        "lti_resource_id",
    ),
    "student_sessions": (
        "/exams/{exam_id}/student_sessions",
        "/student_sessions/{id}",
        ["createStudentSession"],
        ["listExamStudentSessions", "listStudentSessions", "indexStudents"],  # the last one is the older name
        "showStudentSession",
        ["updateStudentSession", "replaceStudentSession"],
        "destroyStudentSession",
        [("exam_id", "exams")],
        "student_session_id",
    ),
    "tool_providers": (
        "/tool_providers",
        "/tool_providers/{id}",
        ["createToolProvider"],
        ["listToolProviders"],
        "showToolProvider",
        ["updateToolProvider", "replaceToolProvider"],
        "destroyToolProvider",
        [],
        "tool_provider_id",
    ),
    "users": (
        "/institutes/{institute_id}/users",
        "/institutes/{institute_id}/users/{id}",
        ["createUser"],
        ["listUsers"],
        "showUser",
        ["updateUser", "replaceUser"],
        "destroyUser",
        [("institute_id", "institutes")],
        "user_id",
    ),
}

# what is neither listed, shown, created, changed nor deleted by its path: on an object unless it says otherwise
ACTIONS = {
    "v1": {"showExamStudent", "addExamStudent", "sendEmails", "listProctorPool", "addToProctorPool"}
    | {"removeFromProctorPool"},
    "v3": {"indexStudents", "showExamStudent", "showLtiStudent", "addExamStudent", "deleteExamStudent", "sendEmails"}
    | {"addComanager", "removeComanager", "generateExamDocumentsZip", "showExamDocumentsZipStatus"}
    | {"downloadExamDocumentsZip", "endExam", "destroyIdCard", "showFacePhoto", "destroyFacePhoto", "assignProctor"}
    | {"unassignProctor", "listDocuments"},  # the documents of an exam are returned as one object
}

# settings and required query parameters that name objects
REFERENCES = {
    "v1": {"addToProctorPool": [("proctor_pool", "")], "removeFromProctorPool": [("proctor_pool", "")]},
    "v3": {
        "createExam": [("institute_id", "institutes")],
        "addComanager": [("comanager_id", "")],
        "createLtiResource": [("exam_id", "exams"), ("tool_provider_id", "tool_providers")],
    },
}

# what an object is, where several operations show more or less of it
OBJECTS = {
    "v1": {"exams": "Exam", "student_sessions": "Student", "users": "User"},
    "v3": {
        "attachments": "Attachment",
        "documents": "Document",
        "exams": "Exam",
        "identity_providers": "IdentityProvider",
        "institutes": "Institute",
        "lti_resources": "LtiResource",
        "student_sessions": "Student",
        "tool_providers": "ToolProvider",
        "users": "User",
    },
}


@pytest.fixture(scope="module")
def apis() -> dict[str, Api]:
    return read_apis()


@pytest.mark.parametrize(("name", "table"), [("v1", V1), ("v3", V3)])
def test_resources_are_those_of_the_printed_paths(apis: dict[str, Api], name: str, table: dict[str, object]) -> None:
    found = {
        one.name: (
            one.collection,
            one.item,
            list(one.creators),
            list(one.listers),
            one.shower,
            list(one.changers),
            one.destroyer,
            [(parent.placeholder, parent.resource) for parent in one.parents],
            one.reference,
        )
        for one in apis[name].resources
    }
    assert found == table
    assert {one.identity for one in apis[name].resources} == {"id"}


@pytest.mark.parametrize("name", ["v1", "v3"])
def test_everything_else_is_an_action(apis: dict[str, Api], name: str) -> None:
    found = {one.id for one in apis[name].operations if one.kind in ("action", "toggle")}
    assert found == ACTIONS[name]


@pytest.mark.parametrize("name", ["v1", "v3"])
def test_objects_are_unwrapped(apis: dict[str, Api], name: str) -> None:
    assert {one.name: one.title for one in apis[name].resources} == OBJECTS[name]
    assert all(one.members for one in apis[name].resources)


@pytest.mark.parametrize("name", ["v1", "v3"])
def test_references_lead_to_resources(apis: dict[str, Api], name: str) -> None:
    for id_, expected in REFERENCES[name].items():
        found = [(one.name, one.resource) for one in apis[name].operation(id_).references]
        assert found == expected, id_


def test_an_action_knows_its_object_and_those_above(apis: dict[str, Api]) -> None:
    end, deleted = (apis["v3"].operation(name) for name in ("endExam", "destroyUser"))
    assert (end.item, end.parents) == ("id", ())
    assert (deleted.item, [(one.placeholder, one.resource) for one in deleted.parents]) == (
        "id",
        [("institute_id", "institutes")],
    )
