"""The parts of a message, from their value in `x-signing`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..text import VALUES
from ..transforms import TRANSFORMS, Transform, cut, replace_text, strip_prefix
from .clock import FIELDS, FORMATS, unknown_fields
from .members import BROKEN_POINTER
from .model import Clock, Group, Parameters, Part, Source, SourceKind, Text
from .problems import Problem, Where, suggest

_PLAIN: tuple[SourceKind, ...] = (
    *("method", "scheme", "host", "port", "authority", "path", "query", "target", "url", "uri", "body"),
    *("timestamp", "nonce", "signature"),
)
_NAMED: tuple[SourceKind, ...] = ("header", "query", "body", "path", "credential", "setting")
SOURCES: Mapping[str, SourceKind] = {kind: kind for kind in _PLAIN}
NAMED_SOURCES: Mapping[str, SourceKind] = {kind: kind for kind in _NAMED}
PLACES = ("path", "query", "body", "form", "headers", "authorization")
_TOKENS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_DEEPEST = 24  # steps of a pointer: about ten groups inside each other
_FORMS = ("from", "text", "clock", "parameters", "parts")


class PartReader:
    """Reads parts, and collects what is wrong with them.

    `clauses` are the clauses of the whole scheme, which say what a part may refer to.
    """

    def __init__(self, clauses: Mapping[str, Any], declared: Mapping[str, Mapping[str, Any]]) -> None:
        self.problems: list[Problem] = []
        self._clauses = clauses
        self._declared = declared
        self._values = frozenset(clauses.get("values", {}))

    def report(self, where: Where, message: str, hint: str) -> None:
        """Note one mistake; one that is made at several places is reported at the first."""
        if all(problem.message != message for problem in self.problems):
            self.problems.append(Problem(where, message, hint))

    def part(self, value: Any, where: Where, *, signature: bool = False) -> Part:
        """A part: the name of a source, or an object of one of the five forms."""
        if isinstance(value, str):
            return Part(form=self.source(value, where, signature=signature))
        if len(where) > _DEEPEST:
            self.report(where[:_DEEPEST], "parts are nested too deeply", "write fewer groups inside groups")
            return Part(form=Source("method"))
        forms = [key for key in _FORMS if key in value]
        if len(forms) != 1:
            said = f"it has {' and '.join(forms)}" if forms else "it has none of them"
            self.report(where, f"a part is one of {', '.join(_FORMS)}; {said}", "keep one, or write a group of `parts`")
            return Part(form=Source("method"))
        read: dict[str, Callable[[], Source | Text | Clock | Parameters | Group]] = {
            "from": lambda: self.source(value["from"], (*where, "from"), signature=signature),
            "text": lambda: self.text(value["text"], (*where, "text"), signature=signature),
            "clock": lambda: self._clock(value, (*where, "clock")),
            "parameters": lambda: self._parameters(value, where),
            "parts": lambda: self._group(value, where, signature=signature),
        }
        return Part(
            form=read[forms[0]](),
            transforms=tuple(self._transforms(value.get("as", ()), (*where, "as"))),
            only_with_body=value.get("only_with") == "body",
            before=value.get("before", ""),
            only_without=value.get("only_without", "").removeprefix("header."),
        )

    def text(self, text: str, where: Where, *, signature: bool = False) -> Text:
        """Text with `{source}` in it; `{{` and `}}` are braces."""
        pieces: list[str | Source] = []
        for found in _TOKENS.finditer(text):
            if found[1] is not None:
                pieces.append(self.source(found[1], where, signature=signature))
            elif found[0] in "{}":
                self.report(where, f"a brace stands alone in {text!r}", "write `{{` or `}}` for a brace itself")
            else:
                pieces.append(_literal(found))
        return Text(tuple(_merge(pieces)))

    def pair(self, text: str, where: Where) -> tuple[str | Source, ...]:
        """How a name and a value are written beside each other."""
        pieces = tuple(_pair_piece(found) for found in _TOKENS.finditer(text))
        fields = [found[1] for found in _TOKENS.finditer(text) if found[1] is not None]
        if not set(fields) <= {"name", "value"} or len(set(fields)) < len(fields) or not fields:
            self.report(where, f"{text!r} is no pair", "use {name} and {value}, each once or not at all")
        return pieces

    def source(self, name: str, where: Where, *, signature: bool = False) -> Source:
        """The source of that name."""
        kind, dot, inner = name.partition(".")
        if name in self._values:
            return Source("value", name)
        if not dot and kind in SOURCES:
            self._check_clause(kind, where, signature=signature)
            return Source(SOURCES[kind])
        if dot and inner and kind in NAMED_SOURCES:
            self._check_declared(kind, inner, where)
            if kind == "body" and BROKEN_POINTER.match(inner):
                hint = "write `~0` for a `~` of a name, and `~1` for a `/`"
                self.report(where, f"{inner!r} leads to no member of JSON: a `~` stands alone in it", hint)
            return Source(NAMED_SOURCES[kind], inner)
        known = (*SOURCES, *(f"{one}.NAME" for one in NAMED_SOURCES), *sorted(self._values))
        hint = suggest(name, known, f"sources are {', '.join(known)}")
        self.report(where, f"there is no source {name!r}", hint)
        return Source("method")

    def transforms(self, values: Any, where: Where) -> tuple[Transform, ...]:
        """Transforms of names or values, among which `sign` has no place."""
        found = []
        for one in self._transforms(values, where):
            if one is None:
                self.report(where, "`sign` cannot be applied to single names or values", "apply it to a part")
            else:
                found.append(one)
        return tuple(found)

    def _check_clause(self, kind: str, where: Where, *, signature: bool) -> None:
        if kind in ("timestamp", "nonce") and kind not in self._clauses:
            self.report(where, f"the scheme has no {kind}", f"add a `{kind}` clause, or leave it out here")
        if kind == "signature" and not signature:
            self.report(where, "the signature cannot be a part of itself", "use it in the fields of `placement` alone")

    def _check_declared(self, kind: str, name: str, where: Where) -> None:
        known = self._declared.get(f"{kind}s")
        if known is not None and name not in known:
            hint = suggest(name, known, f"add it under `{kind}s`, or use one of {', '.join(known) or 'none yet'}")
            self.report(where, f"nothing declares the {kind} {name!r}", hint)

    def _group(self, value: Mapping[str, Any], where: Where, *, signature: bool) -> Group:
        inner = ((one, (*where, "parts", index)) for index, one in enumerate(value["parts"]))
        return Group(tuple(self.part(one, at, signature=signature) for one, at in inner), value.get("join", ""))

    def _clock(self, value: Mapping[str, Any], where: Where) -> Clock:
        self.format(value["clock"], where)
        self._check_clause("timestamp", where, signature=False)
        return Clock(value["clock"], value.get("offset_seconds", 0))

    def format(self, format_: str, where: Where) -> None:
        """Check the format of a moment."""
        if "%" not in format_ and format_ not in FORMATS:
            hint = suggest(format_, FORMATS, f"write {', '.join(FORMATS)} or a pattern such as %Y-%m-%dT%H:%M:%SZ")
            self.report(where, f"there is no format {format_!r}", hint)
        for field in unknown_fields(format_):
            known = " ".join(f"%{name}" for name in FIELDS)
            self.report(where, f"%{field} stands twice or is no field of a moment", f"fields are {known}")

    def _parameters(self, value: Mapping[str, Any], where: Where) -> Parameters:
        repeated = value.get("repeated", "each")
        word, steps = _split_word(value.get("values", "plain"))
        if word not in VALUES:
            self.report(
                (*where, "values"), f"there is no way {word!r} to write values", f"known are {', '.join(VALUES)}"
            )
        return Parameters(
            sources=tuple(self._place(one, (*where, "parameters", i)) for i, one in enumerate(value["parameters"])),
            pair=self.pair(value.get("pair", "{name}={value}"), (*where, "pair")),
            separator=value.get("separator", "&"),
            order=value.get("order", "as-sent"),
            repeated="join" if isinstance(repeated, Mapping) else repeated,
            joiner=repeated["join"] if isinstance(repeated, Mapping) else "",
            only=tuple(value.get("only", ())),
            exclude=tuple(value.get("exclude", ())),
            empty=value.get("empty", "keep"),
            names=self.transforms(value.get("names", ()), (*where, "names")),
            values=self.transforms(steps, (*where, "values")),
            value_text=word,
        )

    def _place(self, value: Any, where: Where) -> SourceKind | tuple[tuple[str, Part], ...]:
        if isinstance(value, Mapping):
            return tuple((name, self.part(one, (*where, name))) for name, one in value.items())
        if value not in PLACES:
            self.report(
                where,
                f"there are no parameters in {value!r}",
                suggest(value, PLACES, f"places are {', '.join(PLACES)}"),
            )
        if value == "headers" and "headers" not in self._clauses:
            self.report(where, "the scheme does not say which headers are signed", "add a `headers` clause")
        placements = self._clauses.get("placement", ())
        if value == "authorization" and not any(one.get("in") == "authorization" for one in placements):
            self.report(where, "no placement writes a header of fields", "add a placement with `in: authorization`")
        place: SourceKind = value
        return place

    def _transforms(self, values: Any, where: Where) -> Iterator[Transform | None]:
        for index, value in enumerate(values):
            if value == "sign":
                yield None
            elif isinstance(value, str) and value not in TRANSFORMS:
                known = ("sign", *TRANSFORMS, "first", "strip", "replace")
                hint = suggest(value, known, f"transforms are {', '.join(known)}")
                self.report((*where, index), f"there is no transform {value!r}", hint)
            else:
                yield TRANSFORMS[value] if isinstance(value, str) else _with_argument(value)


def _with_argument(value: Mapping[str, Any]) -> Transform:
    if "first" in value:
        return cut(value["first"])
    return strip_prefix(value["strip"]) if "strip" in value else replace_text(*value["replace"])


def _split_word(values: Any) -> tuple[Any, Sequence[Any]]:
    """The way to write values, alone or at the beginning of a list, and the transforms after it."""
    if not isinstance(values, list):
        return values, ()
    word = values[0] if values and isinstance(values[0], str) and values[0] in VALUES else ""
    return (word, values[1:]) if word else ("plain", values)


def _literal(found: re.Match[str]) -> str:
    return found[0][:1] if found[0] in ("{{", "}}") else found[0]


def _pair_piece(found: re.Match[str]) -> str | Source:
    if found[1] is None:
        return _literal(found)
    return Source("value" if found[1] == "value" else "name")


def _merge(pieces: list[str | Source]) -> Iterator[str | Source]:
    """The pieces with neighbouring texts as one."""
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
        else:
            if text:
                yield text
            yield piece
            text = ""
    if text:
        yield text
