"""The printed example of every POST is accepted by a fresh sandbox as it stands; only ids are those of its objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from generator.ir import Api, Operation, thaw
from procwise_sandbox import Running, running
from tests.sandbox.sandbox_calls import Caller, Reply, conforms, send
from tests.spec import read_apis

APIS = read_apis()
POSTS = [(api.name, o.id) for api in APIS.values() for o in api.operations if o.method == "POST"]


@dataclass(frozen=True)
class Fresh:
    """A user of a sandbox that nobody has written to, and what the seed put there for this user."""

    caller: Caller

    @property
    def ids(self) -> Mapping[str, Any]:
        """The numbers of the user's own objects, by the names that paths and bodies give them."""
        users = Caller(self.caller.base_url, self.caller.token, self.caller.secret_key)
        exam = users.call("GET", "/exams").json["exams"][0]
        staff = users.call("GET", "/institutes/{institute_id}/users", institute_id=exam["institute_id"]).json["users"]
        proctor = next(user["id"] for user in staff if user["role"] == "proctor")
        return {
            "exams": exam["id"],
            "exam_id": exam["id"],
            "student_sessions": users.call("GET", "/student_sessions").json["students"][0]["id"],
            "institute_id": exam["institute_id"],
            "tool_provider_id": users.call("GET", "/tool_providers").json["tool_providers"][0]["id"],
            "proctor_id": proctor,
            "proctor_pool": [proctor],
        }


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with running(admin=True) as result:
        yield result


@pytest.fixture(params=["demo", "superuser"])
def fresh(request: pytest.FixtureRequest, sandbox: Running) -> Fresh:
    """The sandbox as it started: what the test before wrote is taken back."""
    reset = send(sandbox.base_url, "POST", "/admin/reset", {"Authorization": f"Bearer {sandbox.admin_key}"}, b"")
    assert reset.status == 200, reset.content
    user = getattr(sandbox, request.param)
    return Fresh(Caller(sandbox.base_url, user.token, user.secret_key))


def send_example(api: Api, operation: Operation, fresh: Fresh) -> Reply:
    """The first printed example of the operation, by hand over the socket."""
    ids = fresh.ids
    collection = operation.path.split("/")[1]
    path = {p.name: ids[collection if p.name == "id" else p.name] for p in operation.in_("path")}
    caller = Caller(fresh.caller.base_url, fresh.caller.token, fresh.caller.secret_key, api.name)
    if operation.body is None:
        return caller.call("POST", operation.path, **path)
    body = thaw(operation.body.examples[0].value)
    assert isinstance(body, dict)
    if operation.body.media_types[0] == "multipart/form-data":
        return caller.upload(operation.path, "apparatus.txt", str(body["document"]).encode(), **path)
    return caller.call("POST", operation.path, {name: ids.get(name, value) for name, value in body.items()}, **path)


@pytest.mark.parametrize(("version", "name"), POSTS)
def test_the_printed_example_is_accepted(version: str, name: str, fresh: Fresh, request: Any) -> None:
    api = APIS[version]
    operation = api.operation(name)
    reply = send_example(api, operation, fresh)
    conforms(version, name, reply)
    if operation.role and request.node.callspec.params["fresh"] != operation.role:
        assert (reply.status, reply.code) == (403, "forbidden")
    else:
        assert 200 <= reply.status < 300, reply.content


def test_there_are_posts_to_try() -> None:
    assert [len([one for one in POSTS if one[0] == version]) for version in ("v1", "v3")] == [5, 12]
