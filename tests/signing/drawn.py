"""Values of `x-signing`, drawn from `spec/extensions.schema.json` itself: each clause and each word that it allows.

The schema says which keys, words and forms there are; `TEXTS` are examples for what it calls only text, so that a
new clause is drawn as soon as the schema has it, or stops the tests until it has its texts here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator.signing.text import VALUES
from generator.signing.transforms import TRANSFORMS

Node = Mapping[str, Any]
DEFINITIONS: Mapping[str, Node] = json.loads(
    (Path(__file__).parents[2] / "spec/extensions.schema.json").read_text("utf-8")
)["$defs"]
FORMS = ("from", "text", "clock", "parameters", "parts")
SOURCES = (
    *("method", "scheme", "host", "port", "authority", "path", "query", "target", "url", "uri", "body"),
    *(
        "timestamp",
        "nonce",
        "header.x-note",
        "header.host",
        "query.a",
        "body.title",
        "body./a/0",
        "path.shelf",
        "one",
        "other",
    ),
    *("credential.pin", "credential.access_key", "credential.token", "setting.zone", "setting.window"),
)
NAMES = ("a", "title", "x-note", "T", "host", "x-*", "*")
FORMATS = ("unix-s", "unix-ms", "unix-us", "unix-ns", "%Y%m%dT%H%M%SZ", "%a, %d %b %Y %H:%M:%S GMT", "%Y-%m-%d")
FIELDS: Mapping[str, Any] = {
    "S": "{signature}",
    "V": "v1,{signature}",
    "T": "{timestamp}",
    "N": "{nonce}",
    "K": "{credential.access_key}",
    "P": {"text": "{timestamp};{nonce};{credential.access_key}", "as": ["base64"]},
    "Z": "{setting.zone}",
    "W": "{setting.window}",
    "D": {"from": "body", "as": ["sha256", "base64"]},
    "O": {"from": "one"},
}
MAPS: Mapping[str, tuple[str, ...]] = {
    "credentials": ("pin",),
    "settings": ("zone", "window"),
    "values": ("one", "other"),
}
TEXTS: Mapping[str, tuple[Any, ...]] = {
    "digest": ("hex-lower", "hex-upper", "base64", "base64url"),
    "credential": ("secret_key", "pin", "token"),
    "strip": ("a", "bWF"),
    "join": ("", "\n", ":", "é"),
    "only_without": ("header.x-note", "header.date"),
    "before": ("?", " ", "{é}", "v1,"),
    **dict.fromkeys(("names", "exclude", "required", "only"), NAMES),
    **dict.fromkeys(("from", "parts", "derive", "message", "own", "one", "other"), SOURCES),
    "text": ("{method}:{body}", "{{{path}}}", "é", "", "{query}&{credential.secret_key}"),
    **dict.fromkeys(("clock", "format"), FORMATS),
    "zone": ("+08:00", "-09:30", "+00:00"),
    "past": ("setting.window",),
    "parameters": ("path", "query", "body", "form", "headers", "authorization"),
    "pair": ("{name}={value}", "{name}", "{value}", '{name}:"{value}"', "{value}{name}", "{name}:{value}\n"),
    "separator": ("&", "", ", ", "\n", ";"),
    "values": (*VALUES,),
    "transforms": (*TRANSFORMS,),
    "replace": ("a", "bb"),
    "several": (" ", ","),
    "header": ("Authorization", "X-Auth"),
    "scheme": ("Shelf", "Other"),
    "optional": (*FIELDS,),
    "description": ("What it is.",),
    "default": ("", "south"),
    "parameter": ("timestamp", "nonce"),
    **{name: (text,) for name, text in FIELDS.items() if isinstance(text, str)},
}
SIGNED = ("S", "V")
NEEDED = ("S", "T", "N", "W", "K")
USUAL = ("direction", "credentials", "settings", "key", "values", "timestamp", "nonce", "headers")
UNKNOWN_TO: Mapping[str, tuple[str, ...]] = {"one": ("one", "other"), "other": ("other",)}  # else they go in a circle
AFTER_DIGEST: tuple[list[Any], ...] = ([], ["unpadded"], [{"first": 20}], ["sha1", "hex-lower"], ["upper", "trim"])
KEY_FORMS = (("credential", ("parts", "join", "as")), ("parts", ("credential", "encoding", "strip")))
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one value is drawn with. `without` are sources that it has no clause for; `seen` is what was drawn."""

    random: random.Random
    without: frozenset[str]
    seen: set[str] = field(default_factory=set)

    def flip(self, often: int = 2) -> bool:
        """True once in so many times."""
        return self.random.randrange(often) == 0

    def choose(self, words: Any) -> Any:
        return self.random.choice(words)

    def hide(self, sources: tuple[str, ...]) -> Drawing:
        return replace(self, without=self.without | {*sources})

    def can_have(self, text: Any) -> bool:
        """Whether the scheme has the clauses that the text refers to."""
        return not any(word in str(text) for word in self.without)


def draw_value(seed: int, seen: set[str] | None = None) -> dict[str, Any]:
    """A value, mostly of the long form, and mostly one that loads. What was drawn of the schema goes into `seen`."""
    chance = random.Random(seed)
    name = "signing-short" if chance.randrange(12) == 0 else "signing"
    clauses = ("timestamp", "nonce", "headers") if name == "signing" else ()
    without = {clause for clause in clauses if chance.randrange(5) == 0}
    hidden = frozenset({*without, *(["clock"] if "timestamp" in without else [])})
    drawing = Drawing(chance, hidden, set() if seen is None else seen)
    value: dict[str, Any] = draw_node(drawing, DEFINITIONS[name], name, 0)
    if not drawing.flip(10):
        _mend(drawing, value)
    return value


def _mend(drawing: Drawing, value: dict[str, Any]) -> None:
    """Leave out what no value can have beside the rest of it, and add what it needs."""
    for one in [value["placement"]] if isinstance(value["placement"], dict) else value["placement"]:
        place = one.get("in", one.get("send"))
        if "accept" in one:
            one["accept"] = [*dict.fromkeys([*one["accept"], place])]
        if "optional" in one:
            one["optional"] = [name for name in one["optional"] if name in one["fields"]]
    if isinstance(value["placement"], dict):
        return
    first = value["placement"][0]["fields"]
    first |= {name: FIELDS[name] for name in NEEDED if drawing.can_have(FIELDS[name])}
    if not value["algorithm"].startswith("hmac"):
        value.pop("key", None)
        value["message"] = {"parts": [value["message"], "credential.secret_key"]}
    else:
        value.setdefault("key", {"credential": "secret_key"})


def draw_node(drawing: Drawing, node: Node, name: str, depth: int) -> Any:
    """A value for a node of the schema; `name` is the key that it stands under."""
    if "$ref" in node:
        inner = node["$ref"].rpartition("/")[2]
        if name == "digest":
            return [drawing.choose(TEXTS["digest"]), *drawing.choose(AFTER_DIGEST)]
        return draw_node(drawing, DEFINITIONS[inner], "transforms" if inner == "signing-transforms" else name, depth)
    if "if" in node:
        chosen = "else" if depth > _DEEPEST or drawing.flip() else "then"
        drawing.seen.add(f"{name} {chosen}")
        kind = {} if "$ref" in node[chosen] else {"type": node["if"]["type"] if chosen == "then" else "string"}
        return draw_node(drawing, {**node[chosen], **kind}, name, depth)
    if "enum" in node or "const" in node:
        word = drawing.choose(node.get("enum", [node.get("const")]))
        drawing.seen.add(f"{name} {word}")
        return word
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    return _DRAWN[drawing.choose(kinds)](drawing, node, name, depth)


def _draw_string(drawing: Drawing, node: Node, name: str, _depth: int) -> str:
    texts = [text for text in TEXTS[name] if drawing.can_have(text) and len(text) >= node.get("minLength", 0)]
    return str(drawing.choose(texts or TEXTS[name]))


def _draw_number(drawing: Drawing, node: Node, _name: str, _depth: int) -> int:
    least = node.get("minimum", -70)
    return int(drawing.choose([least, least + 1, 60, 86_400]))


def _draw_list(drawing: Drawing, node: Node, name: str, depth: int) -> list[Any]:
    if "prefixItems" in node:
        return [draw_node(drawing, inner, name, depth) for inner in node["prefixItems"]]
    least = node.get("minItems", 0)
    count = drawing.choose([least, least, least, least + 1, least + 2])
    found = [draw_node(drawing, node["items"], name, depth + 1) for _ in range(count)]
    return [one for at, one in enumerate(found) if one not in found[:at]] if node.get("uniqueItems") else found


def _draw_object(drawing: Drawing, node: Node, name: str, depth: int) -> dict[str, Any]:
    if "properties" not in node:
        return _draw_map(drawing, node["additionalProperties"], name, depth)
    keys = [key for key in _keys_of(drawing, node, name) if key not in drawing.without]
    drawing.seen.update(f"{name} has {key}" for key in keys)
    return {key: draw_node(drawing, node["properties"][key], key, depth + 1) for key in keys}


def _draw_map(drawing: Drawing, node: Node, name: str, depth: int) -> dict[str, Any]:
    if name == "fields":
        return _draw_fields(drawing)
    if name in ("credentials", "settings"):
        return {key: draw_node(drawing, node, "description", depth) for key in MAPS[name]}
    return {key: draw_node(drawing.hide(UNKNOWN_TO.get(key, ())), node, key, depth) for key in MAPS.get(name, ("own",))}


def _draw_fields(drawing: Drawing) -> dict[str, Any]:
    """Fields that can be read back, mostly; the signature is in one or in none of them."""
    signed = drawing.choose((["S"], ["S"], ["V"], []))
    keys = [key for key, value in FIELDS.items() if key not in SIGNED and drawing.flip(3) and drawing.can_have(value)]
    drawing.seen.update("fields then" if isinstance(FIELDS[key], dict) else "fields else" for key in keys)
    return {key: FIELDS[key] for key in [*keys, *signed] or ["S"]}


def _keys_of(drawing: Drawing, node: Node, name: str) -> list[str]:
    """Those that must be there and any of the others; of a part, one form and what belongs to it."""
    needed, properties = node.get("required", []), node["properties"]
    usual = USUAL if name == "signing" else ()
    if set(FORMS) <= properties.keys():
        needed = [drawing.choose([form for form in FORMS if form not in drawing.without])]
        belongs = {key: one["required"][0] for key, one in node["dependentSchemas"].items()}
        properties = [key for key in properties if key not in FORMS and belongs.get(key, needed[0]) == needed[0]]
    elif node.get("maxProperties") == 1:
        return [drawing.choose([*properties])]
    elif {"credential", "parts"} <= properties.keys():  # a key is a credential or parts
        kind, unfit = drawing.choose(KEY_FORMS)
        needed, properties = [kind], [key for key in properties if key not in unfit]
    more = [key for key in properties if key not in needed and (key in usual or drawing.flip(3))]
    return [*needed, *more] or [drawing.choose([*properties])] if node.get("minProperties") else [*needed, *more]


_DRAWN: Mapping[str, Callable[[Drawing, Node, str, int], Any]] = {
    "string": _draw_string,
    "integer": _draw_number,
    "boolean": lambda drawing, _node, _name, _depth: drawing.flip(),
    "array": _draw_list,
    "object": _draw_object,
}


def words_of(node: Node, name: str, within: tuple[str, ...] = ()) -> Iterator[str]:
    """Everything that the schema allows below a node, in the words of `Drawing.seen`."""
    if "$ref" in node:
        inner = node["$ref"].rpartition("/")[2]
        if (inner, name) != ("values", "values") and inner not in within:
            yield from words_of(
                DEFINITIONS[inner], "transforms" if inner == "signing-transforms" else name, (*within, inner)
            )
        return
    for branch in ("then", "else"):
        if branch in node:
            yield f"{name} {branch}"
            yield from words_of(node[branch], name, within)
    yield from (f"{name} {word}" for word in node.get("enum", [node["const"]] if "const" in node else ()))
    for key, inner in node.get("properties", {}).items():
        yield f"{name} has {key}"
        yield from words_of(inner, key, within)
    if isinstance(node.get("items"), Mapping):
        yield from words_of(node["items"], name, within)
    if isinstance(node.get("additionalProperties"), Mapping) and name != "fields":
        below = ("description",) if name in ("credentials", "settings") else MAPS.get(name, ("own",))
        for key in below:
            yield from words_of(node["additionalProperties"], key, within)
