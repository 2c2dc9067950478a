"""Sample requests of a scheme that signs whole requests, and which changes of them it covers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from procwise.signing.language import SigningScheme
from procwise.signing.language.checks import used_sources
from procwise.signing.messages import Request, SigningError, request_of
from procwise.signing.messages.mutations import NOTE, find_covered

from ..http.wire import is_json
from .outcome import NotTried

_SAMPLE_KEY = "6d6164652d75702d7365637265742121"  # text, hexadecimal and base64 at once
_SAMPLES = (("b=2&a=1&c=3", "Kidnapped"), ("b=2000&a=1000&c=3000", _SAMPLE_KEY))
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_SAMPLE_SETTING = "1000"
Change = Callable[[Request], Request | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a scheme covers, as samples show.

    `kinds` has for each change that can be made the media types of a body with which the scheme covers it.
    `problems` says of each media type without a sample why none could be signed.
    """

    kinds: Mapping[str, frozenset[str]]
    problems: Mapping[str, str]

    @property
    def tried(self) -> frozenset[str]:
        return frozenset((_FORM, _JSON)) - self.problems.keys()

    def limit(self, change: Change) -> Change:
        """The change of requests for which it is known whether the scheme covers it; raises NotTried for others."""

        def change_known(request: Request) -> Request | None:
            problem = self.problems.get(kind_of(request) if self.tried else _JSON)
            if problem:
                raise not_known(problem)
            return change(request)

        return change_known if self.problems else change


def not_known(problem: str) -> NotTried:
    message = f"whether the scheme covers it is not known, since no sample could be signed: {problem}"
    return NotTried(message, expected="a sample request that can be signed")


def find_coverage(scheme: SigningScheme) -> Coverage:
    kinds: dict[str, frozenset[str]] = {}
    problems: dict[str, str] = {}
    for kind in (_FORM, _JSON):
        try:
            found = _cover_sample(scheme, kind)
        except SigningError as error:
            problems[kind] = f"{error}, with a body that is {kind}"
        else:
            for name, is_covered in found.items():
                kinds[name] = kinds.get(name, frozenset()) | ({kind} if is_covered else set())
    return Coverage(kinds=kinds, problems=problems)


def _cover_sample(scheme: SigningScheme, kind: str) -> dict[str, bool]:
    """Which changes the scheme covers, by the first sample that can be signed: some parameters are decoded."""
    named = dict.fromkeys(scheme.credentials, _SAMPLE_KEY)
    settings = {name: one.default or _SAMPLE_SETTING for name, one in scheme.settings.items() if not one.optional}
    *others, last = [_sample_request(scheme, kind, *texts) for texts in _SAMPLES]
    for request in others:
        try:
            return find_covered(scheme, request, named, settings=settings, now_ms=10**12)
        except SigningError:
            continue
    return find_covered(scheme, last, named, settings=settings, now_ms=10**12)


def _sample_request(scheme: SigningScheme, kind: str, query: str, title: str) -> Request:
    """A request with what the scheme asks for by name; after the rest, so that a change is of something else."""
    asked = {place: {s.name for s in used_sources(scheme) if s.kind == place and s.name} for place in ("query", "body")}
    query += "".join(f"&{quote(name, safe='')}={_SAMPLE_KEY}" for name in sorted(asked["query"]))
    plain = {name: _SAMPLE_KEY for name in sorted(asked["body"]) if kind == _FORM or not name.startswith("/")}
    members: dict[str, object] = {"title": title, **plain}
    for pointer in sorted(asked["body"] - plain.keys()):
        _insert_member(members, pointer.split("/")[1:])
    body = urlencode(members) if kind == _FORM else json.dumps(members, separators=(",", ":"))
    return request_of("POST", f"https://api.example/books?{query}", {"Content-Type": kind, NOTE: "n"}, body)


def _insert_member(members: dict[str, object], names: list[str]) -> None:
    """Puts a value under these names of a JSON Pointer; nothing where another one is, or a list would have to be."""
    first, *rest = (name.replace("~1", "/").replace("~0", "~") for name in names)
    inner = members.setdefault(first, {} if rest else _SAMPLE_KEY)
    if rest and isinstance(inner, dict):
        _insert_member(inner, names[1:])


def kind_of(request: Request) -> str:
    """The media type of a body; that of JSON for whatever is JSON."""
    return _JSON if is_json(request.media_type) else request.media_type
