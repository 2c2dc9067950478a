"""The objects of the model server: made, changed, listed and removed, honestly or with a planted bug."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from generator.ir import Api, Operation, thaw

PLANTED = {"pin": "planted-pin-1234", "owner": "planted-owner@shelf.example"}
COMPARE = {"eq": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
DIRECTIONS = {"asc", "desc"}
Found = dict[str, Any]


@dataclass(frozen=True)
class Called:
    """An operation with what was sent; `found` are the objects that the path names."""

    operation: Operation
    found: list[Found]
    query: dict[str, str]
    body: dict[str, Any]
    user: str

    @property
    def envelope(self) -> str:
        return self.operation.success.envelope

    @property
    def collection(self) -> str:
        return self.operation.path.partition("/{id}")[0].rpartition("/")[2]


@dataclass
class ServerObjects:
    """What is kept in memory; `users` are secret keys by token."""

    api: Api
    users: dict[str, str]
    bugs: frozenset[str] = frozenset()
    objects: dict[str, dict[int, Found]] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)
    jobs: dict[int, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    last_id: int = 100
    hostile: str = ""

    def error(self, status: int, sentence: str) -> Response:
        codes = [error.code for error in self.api.errors if status in error.statuses]
        details = {"code": codes[0]} if codes and "errors have no code" not in self.bugs else {}
        return JSONResponse({"error": sentence, **details}, status_code=status)

    def carry_out(
        self, operation: Operation, ids: dict[str, str], query: dict[str, str], body: Any, user: str
    ) -> Response:
        found = self.find_objects(operation, ids, user)
        if found is None:
            if "absent objects are forbidden" in self.bugs:
                return self.error(403, "no right to this object")
            return self.error(404, "no such object")
        called = Called(operation, found, query, body if isinstance(body, dict) else {}, user)
        actions: dict[str, Callable[[Called], Response]] = {
            "create": self.create,
            "show": self.show,
            "update": self.update,
            "replace": self.update,
            "destroy": self.destroy,
            "documents_zip_status": self.job,
            "generate_documents_zip": self.start,
            "download_documents_zip": self.download,
        }
        action = self.list if operation.name.startswith("list") else actions[operation.name]
        return action(called)

    def find_objects(self, operation: Operation, ids: dict[str, str], user: str) -> list[Found] | None:
        found = []
        for name, value in ids.items():
            collection = operation.path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
            known = self.objects.get(collection, {})
            is_number = value.isascii() and value.isdecimal() and len(value) < 12
            if not is_number or int(value) not in known:
                return None
            if known[int(value)].get("status") == "deleted" and operation.method != "GET":
                return None
            is_own = self.owners.get(int(value), user) == user
            if not is_own and "foreign objects are shown" not in self.bugs:
                return None
            found.append(known[int(value)])
        return found

    def create(self, called: Called) -> Response:
        if "one document alone is kept" in self.bugs and called.collection == "documents":
            parent, kept = called.found[-1]["id"], self.objects.get("documents", {})
            for key in [key for key, one in kept.items() if one["exam_id"] == parent]:
                del kept[key]
        made = self.new_object(called)
        if "creation is doubled" in self.bugs:
            self.new_object(called)
        return JSONResponse({called.envelope: made})

    def new_object(self, called: Called) -> Found:
        self.last_id += 1
        made = self.example(called.operation) | {"id": self.last_id}
        made |= self.settings_of(made, called.body)
        if "texts become lists" in self.bugs and "restrictions" in made:
            made["restrictions"] = json.dumps([[True, [made["restrictions"]]]])
        made |= {"exam_id": called.found[-1]["id"]} if called.found else {}
        if "wrong enum value" in self.bugs and "status" in made:
            made["status"] = self.hostile or "perhaps"
        if "echo" in self.bugs:
            made["seen"] = [*self.users.items()]
        self.owners[self.last_id] = called.user
        self.objects.setdefault(called.collection, {})[self.last_id] = made
        return made

    def settings_of(self, found: Found, body: Found) -> Found:
        """The members of a body that can be set, as the response has them: an id is the server's."""
        return {name: self.as_stored(body[name], found[name]) for name in body if name in found and name != "id"}

    def as_stored(self, value: Any, before: Any) -> Any:
        """The value as responses write it: switches as true or false, moments as this version does, lists as JSON."""
        if isinstance(value, list) and not isinstance(before, list):
            return json.dumps(value)
        if isinstance(before, bool):
            return value in (True, 1, "1", "true")
        if isinstance(before, int) and isinstance(value, str):
            return int(value) if value.isascii() and value.isdecimal() else before
        if isinstance(value, int | float) and not isinstance(before, int | float):
            return datetime.fromtimestamp(min(value, 10**11), UTC).isoformat()
        return value[:60] if "texts are cut" in self.bugs and isinstance(value, str) else value

    def show(self, called: Called) -> Response:
        return JSONResponse({called.envelope: called.found[-1]})

    def update(self, called: Called) -> Response:
        if "changes are refused" in self.bugs:
            return self.error(422, "not like that")
        if "changes find nothing" in self.bugs:
            return self.error(404, "no such object")
        found = called.found[-1]
        before = dict(found)
        found |= self.settings_of(found, called.body)
        if "updated_at" in found:
            found["updated_at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        if "a change clears the rest" in self.bugs and "end_time" not in called.body:
            found["end_time"] = None
        response = JSONResponse({called.envelope: found})
        if "changes are forgotten" in self.bugs:
            found |= before
        return response

    def destroy(self, called: Called) -> Response:
        number = called.found[-1]["id"]
        self.deleted.append(f"{called.collection}/{number}")
        if "deleted exams are kept" in self.bugs and called.collection == "exams":
            called.found[-1]["status"] = "deleted"
        elif "deleted objects stay" not in self.bugs:
            del self.objects[called.collection][number]
            for below in [*self.objects.values()] if called.collection == "exams" else []:
                for key in [key for key, one in below.items() if one.get("exam_id") == number]:
                    del below[key]
        return JSONResponse({})

    def job(self, called: Called) -> Response:
        return JSONResponse({"zip_job_status": self.jobs.get(called.found[-1]["id"], "never_run")})

    def start(self, called: Called) -> Response:
        self.jobs[called.found[-1]["id"]] = "failure" if "jobs fail" in self.bugs else "success"
        return JSONResponse({})

    def download(self, called: Called) -> Response:
        if self.jobs.get(called.found[-1]["id"]) != "success":
            return self.error(404, "no file")
        return Response(b"PK\x05\x06" + bytes(18), media_type="application/zip")

    def list(self, called: Called) -> Response:
        items = self.list_objects(called)
        headers, query = {}, called.query
        if paging := called.operation.pagination:
            page, limit = int(query.get(paging.page, 1)), int(query.get(paging.limit, paging.max_limit))
            pages = -(-len(items) // limit) + ("one page too many" in self.bugs)
            counts = (paging.item_count, len(items)), (paging.page_count, pages)
            headers = {
                name: str(value) for name, value in (*counts, (paging.page_header, page), (paging.limit_header, limit))
            }
            if "held to the last page" in self.bugs:
                page = max(1, min(page, pages))
                headers[paging.page_header] = str(page)
            items = items[(page - 1) * limit : page * limit]
        return JSONResponse({called.envelope or called.collection: items}, headers=headers)

    def list_objects(self, called: Called) -> list[Found]:
        """The objects of the user under the path, those that fit, in the order asked for."""
        operation, query = called.operation, called.query
        known = self.objects.get(operation.path.rpartition("/")[2], {})
        items = [one for key, one in known.items() if self.owners.get(key, called.user) == called.user]
        if called.found:
            items = [one for one in items if one.get("exam_id") == called.found[-1]["id"]]
        items = [one for one in items if str(one.get("status")) == query.get("status", str(one.get("status")))]
        filtering = operation.filter
        if filtering and query.get(filtering.filter) and "filters are ignored" not in self.bugs:
            items = [one for one in items if fits(one, json.loads(query[filtering.filter]))]
        if filtering and query.get(filtering.sort) and "orders are ignored" not in self.bugs:
            for entry in reversed(json.loads(query[filtering.sort])):
                ((name, direction),) = entry.items()
                items.sort(key=lambda one, name=name: str(one[name]), reverse=direction == "desc")
        return items

    def example(self, operation: Operation) -> Found:
        value: Any = thaw(operation.success.examples[0].value)
        made = dict(value[operation.success.envelope])
        return {**made, **{name: text for name, text in PLANTED.items() if name in made}}


def fits(one: Found, tests: dict[str, dict[str, Any]]) -> bool:
    return all(
        COMPARE[word](str(one[name]), str(v)) for name, conditions in tests.items() for word, v in conditions.items()
    )


def is_filter(text: str, columns: list[str]) -> bool:
    """Whether it is JSON that compares nothing but columns."""
    parsed = _parse(text)
    return isinstance(parsed, dict) and all(
        name in columns and isinstance(tests, dict) and tests.keys() <= COMPARE.keys() for name, tests in parsed.items()
    )


def is_order(text: str, columns: list[str]) -> bool:
    """Whether it is JSON that orders by nothing but columns."""
    parsed = _parse(text)
    return isinstance(parsed, list) and all(
        isinstance(one, dict) and len(one) == 1 and {*one} <= {*columns} and {*map(str, one.values())} <= DIRECTIONS
        for one in parsed
    )


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
