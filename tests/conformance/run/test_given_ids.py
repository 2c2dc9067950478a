"""`--ids`: objects that the suite cannot create are named where they are asked for, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from procwise_conformance.api import Credentials
from procwise_conformance.errors import CannotRun
from procwise_conformance.plan import Plan
from procwise_conformance.results import FULL, READ_ONLY, Profile
from procwise_conformance.run.given_ids import give_ids
from procwise_conformance.versions import APIS

API = APIS["v3"]


USER = Credentials(token="made-up", secret_key="made-up")


def needs(ids: str, operation_id: str, *, profile: Profile = FULL, exercised: str = "createExam", **users: Any) -> str:
    """The options that an operation asks for in a run in which these others succeeded."""
    api = give_ids(API, ids)
    plan = Plan(api=api, url="http://127.0.0.1:9", credentials=USER, profile=profile, **{"superuser": USER, **users})
    operation = api.find(operation_id)
    assert operation is not None
    return plan.find_options(operation, exercised.split())


def test_an_id_stands_where_it_is_asked_for() -> None:
    api = give_ids(API, "comanager_id=17, proctor_id=4")
    adding, removing, creating = map(api.find, ("addComanager", "removeComanager", "createExam"))
    assert adding is not None
    assert removing is not None
    assert adding.given == (("comanager_id", 17),)
    assert dict(removing.required_query)["comanager_id"] == 17
    assert creating == API.find("createExam")


def test_a_text_is_given_as_well() -> None:
    operation = give_ids(API, "student_lms_id=ada").find("showLtiStudent")
    assert operation is not None
    assert dict(operation.required_query) == {"student_lms_id": "ada", "resource_link_id": "example-link-1"}


def test_an_id_of_a_path_is_for_what_changes_nothing_of_its_object() -> None:
    for name in ("exam", "exam_id"):
        api = give_ids(API, f"{name}=3")
        taken = {one.id for one in api.operations for place in one.placeholders if one.takes_given(place)}
        assert {"showExam", "listAttachments", "createAttachment", "destroyAttachment"} <= taken
        assert not {"updateExam", "destroyExam", "sendExamEmails"} & taken
        changer = api.find("updateExam")
        assert changer is not None
        assert "3" not in str(changer.example)


def test_an_id_behind_an_operation_is_for_that_operation_alone() -> None:
    api = give_ids(API, "showLtiStudent.exam=3,student_lms_id=ada")
    showing, other = api.find("showLtiStudent"), api.find("showExam")
    assert showing is not None
    (place,) = showing.placeholders
    assert (place.given, place.creator, place.lister) == (3, "", "")
    assert other == API.find("showExam")


def test_an_id_behind_another_operation_is_refused() -> None:
    with pytest.raises(CannotRun, match=r"nothing asks for showExam\.proctor_id"):
        give_ids(API, "showExam.proctor_id=3")


def test_what_nothing_asks_for_is_refused() -> None:
    with pytest.raises(CannotRun, match=r"nothing asks for exma; what can be given: .*exam_id.*proctor_id"):
        give_ids(API, "exma=3")


@pytest.mark.parametrize("text", ["5", "proctor_id", "proctor_id=", "=5"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(CannotRun, match="NAME=VALUE"):
        give_ids(API, text)


def test_what_is_needed_can_be_pasted() -> None:
    assert needs("", "assignProctor") == "--ids proctor_id=…"
    assert needs("proctor_id=4", "assignProctor") == ""
    assert needs("", "showLtiStudent") == "--ids student_lms_id=…,resource_link_id=…"
    assert needs("student_lms_id=ada", "showLtiStudent") == "--ids resource_link_id=…"
    assert needs("student_lms_id=ada,resource_link_id=b", "showLtiStudent") == ""
    superuser = "--superuser-token-env SUPER_TOKEN --superuser-secret-env SUPER_SECRET_KEY"
    assert needs("", "showInstitute", superuser=None) == superuser


def test_ids_of_paths_are_needed_where_the_suite_creates_none() -> None:
    assert needs("", "showExam", profile=READ_ONLY) == "--ids exam_id=…"
    assert needs("exam=12", "showExam", profile=READ_ONLY) == ""
    assert needs("", "showExam") == ""
    assert needs("", "showExam", exercised="") == "--ids exam_id=…"
    assert needs("", "updateExam", exercised="") == ""
