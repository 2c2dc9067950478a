"""Which operations belong together, by the shape of their paths alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from generator.ir import Api
from tests.lower.lowering import Json, operation, placeholders, read

METHODS = {"get": "show", "patch": "update", "put": "replace", "delete": "delete"}
NAMES = ("books", "countries", "pages", "marks")
OBJECT: Json = {"type": "object", "properties": {"id": {"type": "integer"}}}


@pytest.fixture(scope="module")
def lower_paths(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Api]:
    folder = tmp_path_factory.mktemp("resources")
    return lambda paths, schemas=None: read(folder, paths, schemas)


@st.composite
def path_sets(draw: st.DrawFn) -> tuple[Json, dict[str, tuple[str, ...]]]:
    """Collections below one another in any order, with some of the usual operations; and what is above each."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, len(NAMES)))]
    above: dict[str, tuple[str, ...]] = {}
    paths: dict[str, Json] = {}
    for name in names:
        over = draw(st.sampled_from(["", *above]))
        above[name] = (*above[over], over) if over else ()
        outer = "".join(f"/{one}/{{{one}_key}}" for one in above[name])
        keys = placeholders(*(f"{one}_key" for one in above[name]))
        methods = draw(st.sets(st.sampled_from(["list", "create", "fold", *METHODS]), min_size=1)) | {"get"}
        collection, item = f"{outer}/{name}", f"{outer}/{name}/{{id}}"
        many = {"type": "array", "items": OBJECT}
        paths[item] = {
            method: operation(f"{kind}_{name}", name, OBJECT, parameters=[*keys, *placeholders("id")])
            for method, kind in METHODS.items()
            if method in methods
        }
        if "fold" in methods:
            fold = operation(f"fold_{name}", name, OBJECT, parameters=[*keys, *placeholders("id")])
            paths[f"{item}/fold"] = {"post": fold}
        if methods & {"list", "create"}:
            paths[collection] = {}
        if "list" in methods:
            paths[collection]["get"] = operation(f"list_{name}", name, many, parameters=keys)
        if "create" in methods:
            paths[collection]["post"] = operation(f"create_{name}", name, OBJECT, parameters=keys)
    return {path: paths[path] for path in draw(st.permutations(list(paths)))}, above


@given(path_sets())
def test_every_path_is_read_the_same_in_any_order(
    lower_paths: Callable[..., Api], drawn: tuple[Json, dict[str, tuple[str, ...]]]
) -> None:
    paths, above = drawn
    api = lower_paths(paths)
    ids = {one["operationId"] for item in paths.values() for one in item.values()}
    assert {one.name for one in api.resources} == above.keys()
    for one in api.operations:
        kind, _, name = one.id.partition("_")
        assert (one.kind, one.resource) == ("action" if kind == "fold" else kind, name)
        assert one.item == ("" if kind in ("list", "create") else "id")
        assert [(p.placeholder, p.resource) for p in one.parents] == [(f"{o}_key", o) for o in above[name]]
    for resource in api.resources:
        known = {kind: f"{kind}_{resource.name}" for kind in ("list", "create", "show", "update", "replace", "delete")}
        there = {kind: id_ if id_ in ids else "" for kind, id_ in known.items()}
        assert (resource.creator, resource.shower, resource.destroyer) == tuple(
            there[kind] for kind in ("create", "show", "delete")
        )
        assert resource.listers == tuple(filter(None, [there["list"]]))
        assert sorted(resource.changers) == sorted(filter(None, [there["update"], there["replace"]]))
        assert resource.item.removesuffix("/{id}") == resource.collection
        assert [parent.resource for parent in resource.parents] == list(above[resource.name])


def test_a_list_of_pages_is_unwrapped_by_the_key_of_its_items(lower_paths: Callable[..., Api]) -> None:
    paging = {"page": "page", "limit": "limit", "items": "books", "max_limit": 9}
    headers = {"item_count": "X-Items", "page_count": "X-Pages", "page": "X-Page", "limit": "X-Limit"}
    page = {"type": "object", "properties": {"books": {"type": "array", "items": OBJECT}}}
    shown = operation("list_books", "books", page, **{"x-pagination": {**paging, "headers": headers}})
    shown["parameters"] = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("page", "limit")]
    shown["responses"]["200"]["headers"] = {name: {"schema": {"type": "integer"}} for name in headers.values()}
    (one,) = lower_paths({"/books": {"get": shown}}).operations
    assert (one.kind, one.wrapper, [member.name for member in one.members]) == ("list", "books", ["id"])


def test_wrappers_are_taken_off_at_both_ends(lower_paths: Callable[..., Api]) -> None:
    wrapped = {"type": "object", "properties": {"book": {"$ref": "#/components/schemas/Book"}}}
    made = operation("create_books", "books", wrapped)
    made["responses"]["200"]["x-envelope"] = "book"
    made["requestBody"] = {"x-envelope": "book", "content": {"application/json": {"schema": wrapped}}}
    api = lower_paths({"/books": {"post": made}}, {"Book": OBJECT})
    (one,), (resource,) = api.operations, api.resources
    assert [member.name for member in one.members] == [member.name for member in one.settings] == ["id"]
    assert (resource.title, resource.settings) == ("Book", ("id",))


def test_lists_elsewhere_and_older_ones_lead_to_the_same_objects(lower_paths: Callable[..., Api]) -> None:
    many = {"type": "array", "items": OBJECT}
    key, inner = placeholders("shelf_id"), placeholders("id")
    api = lower_paths(
        {
            "/pages": {"get": operation("list_pages", "books", many)},
            "/shelves/{shelf_id}": {"get": operation("show_shelf", "shelves", OBJECT, parameters=key)},
            "/shelves/{shelf_id}/books": {
                "get": operation("list_of_shelf", "books", many, parameters=key),
                "post": operation("create_book", "books", OBJECT, parameters=key),
            },
            "/books": {"get": operation("list_books", "books", many)},
            "/books/{id}": {"delete": operation("delete_book", "books", OBJECT, parameters=inner)},
            "/all": {"get": operation("list_all", "pages", many, deprecated=True, **{"x-replaced-by": "list_books"})},
        }
    )
    books = api.resource("books")
    assert (books.collection, books.item) == ("/shelves/{shelf_id}/books", "/books/{id}")
    assert books.listers == ("list_of_shelf", "list_books", "list_all")


def test_a_creator_tells_whose_the_items_are_where_nothing_else_does(lower_paths: Callable[..., Api]) -> None:
    api = lower_paths(
        {
            "/books": {"post": operation("create_book", "books", OBJECT)},
            "/books/{id}/fold": {"post": operation("fold_book", "books", OBJECT, parameters=placeholders("id"))},
            "/books/{id}/pages": {"post": operation("create_page", "pages", OBJECT, parameters=placeholders("id"))},
        }
    )
    assert api.operation("fold_book").item == "id"
    assert [(one.placeholder, one.resource) for one in api.operation("create_page").parents] == [("id", "books")]


@pytest.mark.parametrize(
    ("method", "verb", "flags", "expected"),
    [
        ("post", "archive", ["archived"], ("toggle", "archived", False)),
        ("put", "lock", ["locked"], ("toggle", "locked", False)),
        ("post", "stop", ["stopped"], ("toggle", "stopped", False)),
        ("post", "unlock", ["locked"], ("toggle", "locked", True)),
        ("post", "disable", ["is_enabled"], ("toggle", "is_enabled", True)),
        ("delete", "visible", ["visible"], ("toggle", "visible", True)),
        ("delete", "unlock", ["locked"], ("toggle", "locked", False)),
        ("post", "fold", ["locked"], ("action", "", False)),
        ("get", "locked", ["locked"], ("action", "", False)),
    ],
)
def test_a_toggle_switches_a_flag_of_its_object(
    lower_paths: Callable[..., Api], method: str, verb: str, flags: list[str], expected: tuple[str, str, bool]
) -> None:
    thing = {"type": "object", "properties": {flag: {"type": "boolean"} for flag in flags}}
    key = placeholders("id")
    api = lower_paths(
        {
            "/things/{id}": {"get": operation("show_thing", "things", thing, parameters=key)},
            f"/things/{{id}}/{verb}": {method: operation("switch_thing", "things", thing, parameters=key)},
        }
    )
    one = api.operation("switch_thing")
    assert (one.kind, one.toggles, one.clears) == expected


def test_what_takes_settings_is_no_toggle(lower_paths: Callable[..., Api]) -> None:
    thing = {"type": "object", "properties": {"locked": {"type": "boolean"}}}
    key, sent = placeholders("id"), {"content": {"application/json": {"schema": thing}}}
    lock = operation("lock_thing", "things", thing, parameters=key, requestBody=sent)
    shown = operation("show_thing", "things", thing, parameters=key)
    api = lower_paths({"/things/{id}": {"get": shown}, "/things/{id}/lock": {"post": lock}})
    assert api.operation("lock_thing").kind == "action"


def test_schemas_that_refer_to_themselves_are_followed_no_further_than_asked(
    tmp_path: Path,
) -> None:
    tree = {
        "type": "object",
        "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
    }
    reference = {"$ref": "#/components/schemas/Tree"}
    api = read(
        tmp_path,
        {"/trees/{id}": {"get": operation("t", "trees", reference, parameters=placeholders("id"))}},
        {"Tree": tree},
    )
    (below,) = api.resource("trees").members
    assert below.schema.element.resolve() is api.schema("Tree")
