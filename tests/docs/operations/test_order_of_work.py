"""What comes before an operation and after it, on its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.load import Document
from tests.docs.test_reference import read_operations

LIFE_OF_A_USER = (
    "Create an institute → Create a user → List the users of an institute → Show a user → Update a user"
    " → Replace the settings of a user → Delete a user"
)
LINES = {
    "v3/users/show": LIFE_OF_A_USER,
    "v3/users/create": LIFE_OF_A_USER,
    "v3/attachments/create": "Create an exam → Upload an attachment → List the attachments of an exam → Show an",
    "v3/exams/create": "Create an exam → Create a document → Add a student to an exam → Send emails to all students",
    "v3/exams/remove_comanager": "Create an exam → Add a co-manager to an exam → Remove a co-manager from an exam",
    "v3/student_sessions/unassign_proctor": "Create an exam → Add a student to an exam → Assign a proctor to a student"
    " → Unassign the proctor of a student → Delete a student session",
    "v3/lti_resources/create": "Create an exam → Create a tool provider → Create an LTI connection → List the LTI",
    "v1/exams/remove_from_proctor_pool": "Create an exam → Add proctors to an exam → List the proctors of an exam",
    "v1/users/list": "Create an exam → Add a student to an exam → List the users of an institute → Add proctors to",
    "v3/identity_providers/list": "the description names no operation before this one or after it.",
}


def read_steps(root: Path, name: str) -> list[str]:
    """The order of work on a page, with its links."""
    text = (root / f"docs/reference/{name}.md").read_text(encoding="utf-8")
    line = re.search(r"In the order of work: (.*?)</p>", text)
    assert line is not None, name
    return line[1].replace("\\", "").split(" → ")


def read_titles(steps: list[str]) -> list[str]:
    return [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", step) for step in steps]


@pytest.mark.parametrize("name", LINES)
def test_a_page_says_what_comes_before_and_after(root: Path, name: str) -> None:
    assert " → ".join(read_titles(read_steps(root, name))).startswith(LINES[name])


def test_every_operation_stands_once_in_its_order_of_work(root: Path, documents: tuple[Document, ...]) -> None:
    """Behind what creates its object and before what deletes it; and nothing deprecated, unless it is so itself."""
    read = read_operations(documents)
    deprecated = {one.value["summary"] for one in read if one.value.get("deprecated") and one.api == "v3"}
    alone = set()
    for one in read:
        client, own = one.value["x-client"], one.value["summary"]
        linked = read_steps(root, f"{one.api}/{client['resource']}/{client['method']}")
        steps = read_titles(linked)
        if len(steps) == 1:
            alone |= {one.value["operationId"]}
            continue
        assert linked.count(own) == 1, own
        assert len({*linked}) == len(linked), own
        assert own in deprecated or one.api == "v1" or not {*steps} & deprecated, own
        if client["method"] == "create":
            assert not any(step.startswith(("List", "Show", "Update")) for step in steps[: linked.index(own)]), own
        if client["method"] == "destroy":
            assert linked[-1] == own
            assert len(steps) > 3, own
    assert alone == {"listIdentityProviders"}
