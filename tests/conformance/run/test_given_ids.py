"""`--ids`: objects that the suite cannot create are named where they are asked for, and nowhere else."""

from __future__ import annotations

import pytest

from procwise_conformance.errors import CannotRun
from procwise_conformance.reports.coverage import Coverage
from procwise_conformance.run.given_ids import give_ids
from procwise_conformance.versions import APIS

API = APIS["v3"]


def needs(ids: str, operation_id: str, *, has_superuser: bool = True) -> str:
    api = give_ids(API, ids)
    operation = api.find(operation_id)
    assert operation is not None
    (reached,) = Coverage(api).summarize((operation,), has_superuser=has_superuser)
    return reached.needs


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


def test_ids_of_what_the_suite_creates_are_its_own() -> None:
    with pytest.raises(CannotRun, match=r"nothing asks for exam_id; what can be given: .*proctor_id"):
        give_ids(API, "exam_id=3")


@pytest.mark.parametrize("text", ["5", "proctor_id", "proctor_id=", "=5"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(CannotRun, match="NAME=VALUE"):
        give_ids(API, text)


def test_what_is_needed_can_be_pasted() -> None:
    assert needs("", "assignProctor") == "--ids proctor_id=…"
    assert needs("proctor_id=4", "assignProctor") == ""
    assert needs("", "showLtiStudent") == "--ids student_lms_id=…,resource_link_id=…"
    superuser = "--superuser-token-env SUPER_TOKEN --superuser-secret-env SUPER_SECRET_KEY"
    assert needs("", "showInstitute", has_superuser=False) == superuser
