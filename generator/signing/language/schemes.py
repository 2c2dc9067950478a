"""A whole scheme, from the value of `x-signing`; today's short form is read as the long form that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..text import VALUES
from ..transforms import TRANSFORMS, Transform, encode_as, strip_prefix
from .checks import check_scheme, direct_sources
from .clock import read_zone
from .model import Declared, Field, HeaderChoice, Key, Nonce, Part, Placement, SigningScheme, Source, Text, Timestamp
from .parts import PartReader
from .problems import Problem, SchemeError, Where

_CREDENTIALS: Mapping[str, Any] = {"access_key": {}, "secret_key": {}, "token": {"optional": True}}
_KEY_ENCODINGS = {"base64": "from-base64", "base64url": "from-base64", "hex": "from-hex"}
_SHORT_CLAUSES = {"algorithm", "digest", "key", "message", "timestamp", "nonce", "files", "placement"}
_SIGNING = ("{timestamp}", "{nonce}", "{signature}")
_PLACES: Mapping[str, Any] = {"query": "query", "header": "header", "body": "body", "authorization": "fields"}


def read_scheme(value: Mapping[str, Any], *, parameter: str = "") -> SigningScheme:
    """The scheme that a value describes; raises SchemeError with everything that is wrong.

    The value has the shape that extensions.schema.json asks. `parameter` is the name of the
    signature, which the short form takes from the security scheme around it.
    """
    scheme, problems = inspect_scheme(value, parameter=parameter)
    if problems:
        raise SchemeError(problems)
    return scheme


def inspect_scheme(value: Mapping[str, Any], *, parameter: str = "") -> tuple[SigningScheme, tuple[Problem, ...]]:
    """The scheme as far as it can be read, and everything that is wrong with it."""
    clauses = lengthen(value, parameter) if is_short(value) else value
    reader = _SchemeReader(clauses)
    scheme = reader.read()
    problems = reader.parts.problems or list(check_scheme(scheme))
    return scheme, tuple(problems)


def is_short(value: Mapping[str, Any]) -> bool:
    """Whether the value is written in the short form: one set of parameters, three fields.

    A mapping that is a single placement of the long form is a list that was forgotten.
    """
    placement = value.get("placement")
    if not isinstance(placement, Mapping):
        return False
    return not {"in", "fields"} & placement.keys() and bool({"send", "accept"} & placement.keys())


def lengthen(value: Mapping[str, Any], parameter: str) -> dict[str, Any]:
    """The long form of a short value."""
    message, timestamp, nonce, placement = (value[key] for key in ("message", "timestamp", "nonce", "placement"))
    fields = {timestamp["parameter"]: "{timestamp}", nonce["parameter"]: "{nonce}", parameter: "{signature}"}
    return {
        "algorithm": value["algorithm"],
        "digest": value["digest"],
        "key": value["key"],
        "message": {
            "repeated": "first-source",
            **{key: clause for key, clause in message.items() if key != "encoding"},
        },
        "timestamp": {"format": f"unix-{timestamp['unit']}", "window_seconds": timestamp["window_seconds"]},
        "nonce": {"type": nonce["type"], "unique_for_seconds": nonce["unique_for_seconds"]},
        "files": value["files"],
        "placement": [{"in": placement["send"], "accept": list(placement["accept"]), "fields": fields}],
    }


def shorten(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """The short form of a long value, if it signs one set of parameters and sends three fields; else None."""
    message, timestamp, nonce, placement = (
        value.get(key, {}) for key in ("message", "timestamp", "nonce", "placement")
    )
    fields = placement[0]["fields"] if len(placement) == 1 else {}
    names = {text: name for name, text in fields.items() if isinstance(text, str)}
    if not _is_one_set(value) or len(fields) != len(_SIGNING) or set(names) != set(_SIGNING):
        return None
    moment, once, parameter = (names[text] for text in _SIGNING)
    kept = {key: clause for key, clause in message.items() if key != "repeated"}
    return {
        "algorithm": value["algorithm"],
        "digest": value["digest"],
        "key": {"encoding": "utf-8", **value["key"]},
        "message": {
            "pair": "{name}={value}",
            "separator": "&",
            "order": "as-sent",
            "values": "plain",
            "encoding": "utf-8",
            **kept,
            "exclude": list(dict.fromkeys([*kept.get("exclude", ()), parameter])),
        },
        "timestamp": {
            "parameter": moment,
            "unit": timestamp["format"].removeprefix("unix-"),
            "window_seconds": timestamp["window_seconds"],
        },
        "nonce": {"parameter": once, "type": nonce["type"], "unique_for_seconds": nonce["unique_for_seconds"]},
        "files": "excluded",
        "placement": {"send": placement[0]["in"], "accept": placement[0].get("accept", [placement[0]["in"]])},
        "signature": parameter,
    }


def _is_one_set(value: Mapping[str, Any]) -> bool:
    key, message, timestamp, nonce = (value.get(clause, {}) for clause in ("key", "message", "timestamp", "nonce"))
    placement = value["placement"][0]
    return (
        isinstance(message, Mapping)
        and value.keys() <= _SHORT_CLAUSES
        and value["algorithm"].startswith("hmac-")
        and value["digest"] in ("hex-lower", "hex-upper", "base64", "base64url")
        and key.keys() <= {"credential", "encoding"}
        and key.get("encoding", "utf-8") not in _KEY_ENCODINGS
        and key.get("credential") == "secret_key"
        and _is_plain_set(message)
        and timestamp.keys() == {"format", "window_seconds"}
        and timestamp["format"] in ("unix-ms", "unix-s")
        and isinstance(timestamp["window_seconds"], int)
        and nonce.get("type") in ("integer", "string")
        and nonce.get("unique_for_seconds", 0) > 0
        and placement["in"] in ("query", "body")
        and placement.keys() <= {"in", "accept", "fields"}
    )


def _is_plain_set(message: Mapping[str, Any]) -> bool:
    """Whether it is parameters of the request alone, with no more than the short form can say."""
    values = message.get("values", "plain")
    return (
        message.keys() <= {"parameters", "exclude", "order", "pair", "separator", "values", "repeated"}
        and message.get("repeated") == "first-source"
        and all(place in ("path", "query", "body") for place in message.get("parameters", ["other"]))
        and not any("*" in name for name in message.get("exclude", ()))
        and isinstance(values, str)
        and values in VALUES
        and message.get("order", "as-sent") in ("name-bytes", "name-codepoints", "as-sent")
    )


class _SchemeReader:
    def __init__(self, clauses: Mapping[str, Any]) -> None:
        self.clauses = clauses
        self.credentials = {**_CREDENTIALS, **clauses.get("credentials", {})}
        self.settings = clauses.get("settings", {})
        self.parts = PartReader(clauses, {"credentials": self.credentials, "settings": self.settings})

    def read(self) -> SigningScheme:
        clauses = self.clauses
        algorithm = clauses["algorithm"]
        return SigningScheme(
            direction=clauses.get("direction", "request"),
            hash=algorithm.removeprefix("hmac-"),
            keyed=algorithm.startswith("hmac-"),
            digest=self._digest(),
            key=self._key(clauses["key"]) if "key" in clauses else None,
            message=self.parts.part(clauses["message"], ("message",)),
            headers=_headers(clauses["headers"]) if "headers" in clauses else None,
            values={name: self._value(name, value) for name, value in clauses.get("values", {}).items()},
            timestamp=self._timestamp(clauses["timestamp"]) if "timestamp" in clauses else None,
            nonce=_nonce(clauses["nonce"]) if "nonce" in clauses else None,
            placements=tuple(self._placement(one, ("placement", i)) for i, one in enumerate(clauses["placement"])),
            credentials={name: _read_declaration(value) for name, value in self.credentials.items()},
            settings={name: _read_declaration(value) for name, value in self.settings.items()},
        )

    def _digest(self) -> tuple[Transform, ...]:
        digest = self.clauses["digest"]
        return self.parts.transforms([digest] if isinstance(digest, str) else digest, ("digest",))

    def _value(self, name: str, value: Any) -> Part:
        where = ("values", name)
        if "." in name or name in ("method", "timestamp", "nonce", "signature", "path", "query", "body"):
            self.parts.report(where, f"{name!r} is the name of a source", "give the value a name of its own")
        return self.parts.part(value, where)

    def _key(self, value: Mapping[str, Any]) -> Key:
        steps = [strip_prefix(value["strip"])] if "strip" in value else []
        encoding = value.get("encoding", "utf-8")
        steps.append(TRANSFORMS[_KEY_ENCODINGS[encoding]] if encoding in _KEY_ENCODINGS else encode_as(encoding))
        if "credential" in value:
            source = self.parts.source(f"credential.{value['credential']}", ("key", "credential"))
            part = Part(form=source, transforms=tuple(steps))
        elif "parts" in value:
            part = self.parts.part(value, ("key",))
        else:
            self.parts.report(("key",), "the key is made of nothing", "name a `credential`, or write `parts`")
            part = Part(form=Text(()))
        if "credential" in value and "parts" in value:
            self.parts.report(("key",), "the key is both a credential and parts", "keep one of them")
        derive = (self.parts.part(one, ("key", "derive", i)) for i, one in enumerate(value.get("derive", ())))
        form = value.get("form")
        return Key(part=part, derive=tuple(derive), form=(TRANSFORMS[form],) if form else ())

    def _timestamp(self, value: Mapping[str, Any]) -> Timestamp:
        self.parts.format(value["format"], ("timestamp", "format"))
        window = value.get("window_seconds", {})
        past, future = (window.get("past"), window.get("future")) if isinstance(window, Mapping) else (window, window)
        if isinstance(past, str):
            self.parts.source(past, ("timestamp", "window_seconds", "past"))
            past = past.removeprefix("setting.")
        offset, zone = value.get("offset_seconds", 0), read_zone(value.get("zone", "+00:00"))
        return Timestamp(format=value["format"], past=past, future=future, offset_seconds=offset, zone_seconds=zone)

    def _placement(self, value: Mapping[str, Any], where: Where) -> Placement:
        optional = value.get("optional", ())
        fields = tuple(
            self._field(name, one, (*where, "fields", name), optional=name in optional)
            for name, one in value["fields"].items()
        )
        for name in set(optional) - set(value["fields"]):
            self.parts.report((*where, "optional"), f"there is no field {name!r}", "name fields of this placement")
        place = _PLACES[value["in"]]
        if place in ("query", "body") and place not in value.get("accept", [place]):
            message = f"a verifier does not look in {place}, where the fields are sent"
            self.parts.report((*where, "accept"), message, f"add {place}, or leave `accept` out")
        values = value.get("values", [])
        return Placement(
            place=place,
            fields=fields,
            several=value.get("several", ""),
            header=value.get("header", "Authorization"),
            word=value.get("scheme", ""),
            pair=self.parts.pair(value.get("pair", '{name}="{value}"'), (*where, "pair")),
            separator=value.get("separator", ", "),
            values=self.parts.transforms(
                ["percent-encode"] if values == "percent-encoded" else values, (*where, "values")
            ),
            accept=tuple(value.get("accept", [place])),
        )

    def _field(self, name: str, value: Any, where: Where, *, optional: bool) -> Field:
        if isinstance(value, str):
            part = Part(form=self.parts.text(value, where, signature=True))
        else:
            part = self.parts.part(value, where, signature=True)
        signs = Source("signature") in direct_sources(part)
        return Field(name=name, part=part, signs=signs, optional=optional)


def _headers(value: Mapping[str, Any]) -> HeaderChoice:
    names = tuple(name.lower() for name in value["names"])
    required = value.get("required", [name for name in names if name != "*"])
    return HeaderChoice(
        names=names,
        exclude=tuple(name.lower() for name in value.get("exclude", ())),
        required=tuple(name.lower() for name in required),
        order=value.get("order", "as-listed"),
        joiner=value.get("join", ", "),
    )


def _nonce(value: Mapping[str, Any]) -> Nonce:
    return Nonce(type=value.get("type", "string"), unique_for_seconds=value.get("unique_for_seconds", 0))


def _read_declaration(value: Mapping[str, Any] | str) -> Declared:
    if isinstance(value, str):
        return Declared(description=value)
    return Declared(
        description=value.get("description", ""),
        optional=value.get("optional", False),
        default=str(value.get("default", "")),
    )
