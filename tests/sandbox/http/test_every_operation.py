"""Every described operation answers, and each response is as described: success, 401, 403, 404, 422."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from procwise_sandbox.loading import load_description
from tests.counts import ALL
from tests.sandbox.sandbox_calls import Caller, Reply, conforms

SERVED = {(api.name, operation.id): operation for api in load_description().apis for operation in api.operations}
PERSON = {"name": "Ada Example", "email": "ada{}@every.example"}
STAFF = {**PERSON, "password": "Made-up passw0rd", "password_confirmation": "Made-up passw0rd"}
V1_EXAM = {"name": "n", "type": "local_reviewing", "exam_content": "Read."}
TOOL = {"tool_name": "t", "oauth_consumer_key": "k", "oauth_consumer_secret": "s"}
LINK = {"lti_resource_link_name": "l"}
NOTIFICATION = {"notification_title": "t", "notification_text": "x", "notification_type": "warning"}

# version, operation, what is sent (a text in braces stands for what an earlier response was called), response's name
STORY: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("v3", "listIdentityProviders", {}, ""),
    ("v3", "listInstitutes", {}, ""),
    ("v3", "createInstitute", {"name": "{fresh}", "short_name": "e"}, "institute"),
    ("v3", "showInstitute", {"id": "{institute}"}, ""),
    ("v3", "updateInstitute", {"id": "{institute}", "default_language": "nl-NL"}, ""),
    ("v3", "replaceInstitute", {"id": "{institute}", "global_proctor": True}, ""),
    ("v3", "createUser", {"institute_id": "{institute}", **STAFF, "role": "proctor"}, "user"),
    ("v3", "listUsers", {"institute_id": "{institute}"}, ""),
    ("v1", "listUsers", {"institute_id": "{institute}"}, ""),
    ("v3", "showUser", {"institute_id": "{institute}", "id": "{user}"}, ""),
    ("v3", "updateUser", {"institute_id": "{institute}", "id": "{user}", "report_frequency": "month"}, ""),
    ("v3", "replaceUser", {"institute_id": "{institute}", "id": "{user}", "omniauth_config_id": 1}, ""),
    ("v1", "createExam", {**V1_EXAM, "institute_id": "{institute}"}, "older"),
    ("v1", "listExams", {}, ""),
    ("v1", "showExam", {"id": "{older}"}, ""),
    ("v1", "updateExam", {"id": "{older}", "duration": 30}, ""),
    ("v1", "replaceExam", {"id": "{older}", "start_time": 1781506800123}, ""),
    ("v1", "addToProctorPool", {"id": "{older}", "proctor_pool": ["{user}"]}, ""),
    ("v1", "listProctorPool", {"id": "{older}"}, ""),
    ("v1", "removeFromProctorPool", {"id": "{older}", "proctor_pool": ["{user}"]}, ""),
    ("v1", "addExamStudent", {"id": "{older}", **PERSON}, "pupil"),
    ("v1", "createStudentSession", {"exam_id": "{older}", **PERSON}, "second"),
    ("v1", "sendEmails", {"id": "{older}"}, ""),
    ("v1", "showExamStudent", {"id": "{older}", "student_session_id": "{pupil}"}, ""),
    ("v1", "listExamStudentSessions", {"exam_id": "{older}"}, ""),
    ("v1", "listStudentSessions", {}, ""),
    ("v1", "showStudentSession", {"id": "{pupil}"}, ""),
    ("v1", "updateStudentSession", {"id": "{pupil}", "close_time": None}, ""),
    ("v1", "replaceStudentSession", {"id": "{pupil}", "open_time": 1781506800}, ""),
    ("v1", "destroyStudentSession", {"id": "{pupil}"}, ""),
    ("v3", "createExam", {"name": "n", "type": "live_proctoring", "institute_id": "{institute}"}, "exam"),
    ("v3", "listExams", {}, ""),
    ("v3", "showExam", {"id": "{exam}"}, ""),
    ("v3", "updateExam", {"id": "{exam}", "upload_answers": "1"}, ""),
    ("v3", "replaceExam", {"id": "{exam}", "end_time": 1781506800}, ""),
    ("v3", "createDocument", {"exam_id": "{exam}", "exam_content": "Read."}, "document"),
    ("v3", "listDocuments", {"exam_id": "{exam}"}, ""),
    ("v3", "showDocument", {"exam_id": "{exam}", "id": "{document}"}, ""),
    ("v3", "updateDocument", {"exam_id": "{exam}", "id": "{document}", "exam_content": "Read on."}, ""),
    ("v3", "replaceDocument", {"exam_id": "{exam}", "id": "{document}", "exam_content": "Read."}, ""),
    ("v3", "createAttachment", {"exam_id": "{exam}"}, "attachment"),
    ("v3", "listAttachments", {"exam_id": "{exam}"}, ""),
    ("v3", "showAttachment", {"exam_id": "{exam}", "id": "{attachment}"}, ""),
    ("v3", "createStudentSession", {"exam_id": "{exam}", **PERSON, "external_id": "s1"}, "student"),
    ("v3", "addExamStudent", {"id": "{exam}", **PERSON}, "another"),
    ("v3", "listExamStudentSessions", {"exam_id": "{exam}"}, ""),
    ("v3", "indexStudents", {"id": "{exam}"}, ""),
    ("v3", "listStudentSessions", {}, ""),
    ("v3", "showStudentSession", {"id": "{student}"}, ""),
    ("v3", "showExamStudent", {"id": "{exam}", "student_session_id": "{student}"}, ""),
    ("v3", "updateStudentSession", {"id": "{student}", "name": "Ada B."}, ""),
    ("v3", "replaceStudentSession", {"id": "{student}", "skip_requirements": True}, ""),
    ("v3", "createToolProvider", {**TOOL, "institute_id": "{institute}"}, "tool"),
    ("v3", "listToolProviders", {}, ""),
    ("v3", "showToolProvider", {"id": "{tool}"}, ""),
    ("v3", "updateToolProvider", {"id": "{tool}", "tool_url": "https://tools.example/"}, ""),
    ("v3", "replaceToolProvider", {"id": "{tool}", "lti_custom_data": "{}"}, ""),
    (
        "v3",
        "createLtiResource",
        {"lti_resource_link_name": "l", "exam_id": "{exam}", "tool_provider_id": "{tool}"},
        "lti",
    ),
    ("v3", "listLtiResources", {}, ""),
    ("v3", "showLtiResource", {"id": "{lti}"}, "link"),
    ("v3", "updateLtiResource", {"id": "{lti}", "open_in_new_tab": True}, ""),
    ("v3", "replaceLtiResource", {"id": "{lti}", "lti_resource_link_name": "m"}, ""),
    ("v3", "showLtiStudent", {"id": "{exam}", "student_lms_id": "s1", "resource_link_id": "{lti_link}"}, ""),
    ("v3", "sendEmails", {"id": "{exam}"}, ""),
    ("v3", "addComanager", {"id": "{exam}", "comanager_id": "{user}"}, ""),
    ("v3", "removeComanager", {"id": "{exam}", "comanager_id": "{user}"}, ""),
    ("v3", "generateExamDocumentsZip", {"id": "{exam}"}, ""),
    ("v3", "showExamDocumentsZipStatus", {"id": "{exam}"}, ""),
    ("v3", "downloadExamDocumentsZip", {"id": "{exam}"}, ""),
    ("v3", "assignProctor", {"id": "{student}", "proctor_id": "{user}"}, ""),
    ("v3", "unassignProctor", {"id": "{student}"}, ""),
    ("v3", "showFacePhoto", {"id": "{photographed}"}, ""),
    ("v3", "destroyFacePhoto", {"id": "{student}"}, ""),
    ("v3", "destroyIdCard", {"id": "{student}"}, ""),
    ("v3", "endExam", {"id": "{student}", **NOTIFICATION}, ""),
    ("v3", "destroyStudentSession", {"id": "{student}"}, ""),
    ("v3", "deleteExamStudent", {"id": "{exam}", "student_session_id": "{another}"}, ""),
    ("v3", "destroyAttachment", {"exam_id": "{exam}", "id": "{attachment}"}, ""),
    ("v3", "destroyDocument", {"exam_id": "{exam}", "id": "{document}"}, ""),
    ("v3", "destroyLtiResource", {"id": "{lti}"}, ""),
    ("v3", "destroyToolProvider", {"id": "{tool}"}, ""),
    ("v3", "destroyExam", {"id": "{exam}"}, ""),
    ("v1", "destroyExam", {"id": "{older}"}, ""),
    ("v3", "destroyUser", {"institute_id": "{institute}", "id": "{user}"}, ""),
    ("v3", "destroyInstitute", {"id": "{institute}"}, ""),
)
SENT = {(version, name): sent for version, name, sent, _ in STORY}


def ask(caller: Caller, version: str, name: str, sent: dict[str, Any]) -> Reply:
    """The operation with what is sent put where it belongs: path, query or body."""
    operation = SERVED[version, name]
    ids = {key: value for key, value in sent.items() if f"{{{key}}}" in operation.path}
    rest = {key: value for key, value in sent.items() if key not in ids}
    caller = replace(caller, api=version)
    if operation.files:
        return caller.upload(operation.path, "drawing.svg", b"<svg/>", "image/svg+xml", **ids)
    body, query = (rest, {}) if operation.body is not None else (None, rest)
    return caller.call(operation.method, operation.path, body, query=query, **ids)


def fill(sent: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What is sent, with the known values in place of the names in braces."""
    return {key: _fill(value, known) for key, value in sent.items()}


def _fill(value: Any, known: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_fill(item, known) for item in value]
    if not isinstance(value, str):
        return value
    if value[1:-1] in known and value.startswith("{"):
        return known[value[1:-1]]
    return value.replace("{user}", str(known["user"])).replace("ada{}", f"ada{time.monotonic_ns()}")


def call_every_operation(superuser: Caller) -> None:
    """The whole story: every operation succeeds, and its response is as described."""
    students = superuser.call("GET", "/student_sessions").json["students"]
    photographed = next(student["id"] for student in students if student["face_photo_file_name"])
    known: dict[str, Any] = {"fresh": f"Every {time.monotonic_ns()}", "photographed": photographed, "user": 0}
    for version, name, sent, stored in STORY:
        operation = SERVED[version, name]
        reply = _patiently(superuser, version, name, fill(sent, known))
        assert 200 <= reply.status < 300, (version, name, reply.content)
        if operation.success.media_type != "application/json":
            assert reply.headers["content-type"] == operation.success.media_type
            continue
        conforms(version, name, reply)
        if stored:
            known[stored] = reply.json[operation.wrapper]["id"]
            known[f"{stored}_link"] = reply.json[operation.wrapper].get("lti_resource_link_id")


def _patiently(caller: Caller, version: str, name: str, sent: dict[str, Any]) -> Reply:
    """The response, asked for again while the zip is not ready."""
    for _ in range(200):
        reply = ask(caller, version, name, sent)
        if reply.status != 404 or reply.code != "zip_not_ready":
            break
        time.sleep(0.05)
    return reply


def test_the_story_tells_every_described_operation_once() -> None:
    content = [(version, name) for version, name, *_ in STORY]
    assert sorted(content) == sorted(SERVED)
    assert len(content) == ALL


def test_every_operation_succeeds_as_described(superuser: Caller) -> None:
    call_every_operation(superuser)


@pytest.mark.parametrize(("version", "name"), list(SERVED))
def test_every_operation_rejects_as_described(version: str, name: str, superuser: Caller) -> None:
    operation = SERVED[version, name]
    known = dict.fromkeys(("institute", "user", "exam", "older", "student", "pupil", "another", "lti", "tool"), 999_999)
    known |= dict.fromkeys(("document", "attachment", "photographed", "second", "fresh", "lti_link"), 999_999)
    sent = fill(SENT[version, name], known)
    for reply, status, code in (
        (ask(replace(superuser, token="x"), version, name, sent), 401, "unauthorized"),
        (ask(replace(superuser, secret_key="x"), version, name, sent), 403, "signature_invalid"),
    ):
        assert (reply.status, reply.code) == (status, code)
        conforms(version, name, reply)
    if operation.item or operation.parents:
        nowhere = ask(superuser, version, name, sent)
        assert (nowhere.status, nowhere.code) == (404, "record_not_found")
        conforms(version, name, nowhere)
    if operation.needed or (
        operation.body is not None and operation.kind not in ("update", "replace") and not operation.files
    ):
        ids = {key: value for key, value in sent.items() if f"{{{key}}}" in operation.path}
        empty = ask(superuser, version, name, ids)
        assert (empty.status, empty.code) == (422, "parameter_missing")
        conforms(version, name, empty)
