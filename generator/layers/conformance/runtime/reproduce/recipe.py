"""Shell lines that show a finding again: what its requests need is made first, and each is signed anew."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from requests import PreparedRequest

from procwise.signing import Scheme

from ..description import Api, Credentials, Json, Operation
from ..http.masking import Masker
from ..http.signer import RIGHT, Signed, rightly, signed
from ..http.wire import Parts, content, read
from ..objects.pool import Objects
from ..objects.recovery import MARKER
from ..plan import Plan
from . import openssl
from .curl import SIGNATURE, Curl
from .openssl import Moment
from .shell import variable

_ONCE = "$(date +%s%N)"
_FIRST_MARK = 7_310_000_000_000_000_000  # digits alone, so that a mark is a number wherever an id is one
_NEW_WORD = "conformance-$(date +%s%N | cut -c4-)"
_SHORTEST_STAMP = 10
_TAKEN = """python3 -c 'import json, sys; print(json.load(sys.stdin){})'"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A request of a recipe, sent so many times at once."""

    request: PreparedRequest
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """Writes recipes. A request that was spoilt in a way that no shell line has gets a comment."""

    plan: Plan
    objects: Objects
    masker: Masker

    def told(self, steps: Sequence[Step | PreparedRequest], *, hidden: Collection[str] = (), remark: str = "") -> str:
        """The lines, headed by the variables that are to be set; the values of `hidden` names are masked."""
        lines = Lines(self, hidden, remark)
        todo = [step if isinstance(step, Step) else Step(request=step) for step in steps]
        for step in todo:
            lines.prepare(step.request)
        for step in todo:
            lines.add(step)
        return self.masker.text(lines.text())

    @property
    def users(self) -> Mapping[str, Credentials]:
        """The users by what stands before the names of their variables."""
        known = {"": self.plan.credentials, "SECOND_": self.plan.second, "SUPERUSER_": self.plan.superuser}
        return {prefix: user for prefix, user in known.items() if user}


class Lines:
    """One recipe while it is written; `variables` are the shell's, by the values that they stand for."""

    def __init__(self, recipes: Recipes, hidden: Collection[str], remark: str) -> None:
        self._recipes = recipes
        self._api: Api = recipes.plan.api
        self._hidden = {*hidden}
        self._remark = remark
        self._lines: list[str] = []
        self._variables: dict[str, str] = {}
        self._signature: object = None
        self._literal = ""
        self._marks: dict[tuple[str, str], int] = {}

    def text(self) -> str:
        told = "\n".join(self._lines)
        names = [f"{prefix}{name}" for prefix in self._recipes.users for name in ("TOKEN", "SECRET_KEY")]
        asked = [name for name in names if re.search(rf"\$\{{?{name}\b", told)]
        return f"# set {', '.join(asked)}\n{told}" if asked else told

    def prepare(self, request: PreparedRequest) -> None:
        """The lines that make what a request needs: names that nobody had, and the objects that it names."""
        words = dict.fromkeys(MARKER.findall(f"{request.url} {content(request).decode('utf-8', 'replace')}"))
        for word in words:
            if word not in self._variables:
                self._assign(self._free("WORD"), _NEW_WORD, word)
        origins = self._recipes.objects.origins
        for key, made in list(origins.items()) if request.method == "GET" else ():
            if any(word.encode() in content(made) for word in words):
                self._owned(*key)
        if note := signed(request):
            self._marked(note.parts)
        self._marked(read(request, self._api))

    def need(self, creator_id: str, value: object) -> None:
        """The lines that make an own object, though no request names it."""
        self._owned(creator_id, value)

    def add(self, step: Step) -> None:
        """The lines of a step."""
        self._sign(step.request)
        sent = self._curl(step.request, r"curl -gsS -i -w '\n'")
        self._lines.append(sent if step.times == 1 else f"for i in $(seq {step.times}); do {sent} & done; wait")

    def _owned(self, creator_id: str, value: object) -> object:
        """A mark in the place of an own object's id, for which the object is made; other values as they are."""
        key = creator_id, str(value)
        origin, creator = self._recipes.objects.origins.get(key), self._api.operation(creator_id)
        if origin is None or creator is None:
            return value
        if key not in self._marks:
            self._marks[key] = _FIRST_MARK + len(self._marks)
            self.prepare(origin)
            self._make(creator, origin, str(self._marks[key]))
        return self._marks[key] if isinstance(value, int) else str(self._marks[key])

    def _make(self, creator: Operation, origin: PreparedRequest, mark: str) -> None:
        self._sign(origin)
        place = "".join(f'["{name}"]' for name in (creator.envelope, creator.identity) if name)
        name = self._free(f"{variable(creator.envelope or creator.resource or creator.id)}_ID")
        self._assign(name, f"$({self._curl(origin, 'curl -gsS')} | {_TAKEN.format(place)})", mark)

    def _free(self, name: str) -> str:
        taken = {*self._variables.values()}
        return next(n for n in (name, *(f"{name}_{number}" for number in range(2, 1000))) if n not in taken)

    def _assign(self, name: str, value: str, literal: str) -> None:
        """A line that sets a variable, which from now on stands for this value and no other."""
        self._variables = {text: other for text, other in self._variables.items() if other != name}
        self._variables[literal] = name
        self._lines.append(f"{name}={value}")

    def _sign(self, request: PreparedRequest) -> None:
        """Set the signing parameters, but for those that an earlier request had."""
        scheme, note = self._api.scheme, signed(request) or self._recorded(request)
        if scheme is None or note is None:
            return
        if note.sent == () or note.sent != self._signature:
            now = str(scheme.stamp({}, now_ms=note.now_ms, nonce=0)[scheme.timestamp_parameter])
            self._stamp(scheme, request, note.parts, Moment(scheme, now, note.now_ms))
            self._signature = note.sent
            self._mac(scheme, note)
        name = variable(scheme.timestamp_parameter)
        before = next((text for text, other in self._variables.items() if other == name), "")
        self._stamp(scheme, request, read(request, self._api), Moment(scheme, before, note.now_ms, start=f"${name}"))

    def _stamp(self, scheme: Scheme, request: PreparedRequest, parts: Parts, moment: Moment) -> None:
        """Set timestamp and nonce to what stands in these parts, or in the header."""
        stamp, once = (_value(request, parts, n) for n in (scheme.timestamp_parameter, scheme.nonce_parameter))
        if len(stamp) >= _SHORTEST_STAMP and stamp not in self._variables:
            self._assign(variable(scheme.timestamp_parameter), moment.told(stamp), stamp)
        name = variable(scheme.nonce_parameter)
        known = next((text for text, other in self._variables.items() if other == name), None)
        if len(once) >= _SHORTEST_STAMP and (known is None or known not in once):
            self._assign(name, _ONCE, once)

    def _mac(self, scheme: Scheme, note: Signed) -> None:
        """Set the signature, where there is one that comes from a digest."""
        made = note.forgery.signing(scheme, note.parts, note.forgery.key(note.user))
        if made not in str(note.sent) and not (isinstance(note.sent, str) and note.sent):
            return
        keys = {u.token: f'"${prefix}TOKEN"' for prefix, u in self._recipes.users.items()}
        keys |= {u.secret_key: f'"${prefix}SECRET_KEY"' for prefix, u in self._recipes.users.items()}
        marked = self._marked(note.parts)
        pipe = openssl.command(scheme, note, marked, keys, self._variables)
        in_query = scheme.signature_parameter in note.parts.query or (note.forgery.place or scheme.send) == "query"
        tail = openssl.spelling(made, note.sent, in_query=in_query, scheme=scheme)
        if not pipe or tail is None:
            self._lines.append(f"# the signature is spoilt as described{': ' if self._remark else ''}{self._remark}")
            right = replace(note, forgery=RIGHT)
            pipe, tail = openssl.command(scheme, right, marked, keys, self._variables), ""
        self._literal = made if made in str(note.sent) else str(note.sent)
        self._assign(variable(scheme.signature_parameter), f"$({pipe}{tail})", SIGNATURE)

    def _recorded(self, request: PreparedRequest) -> Signed | None:
        """How a request was signed of which only the text is known."""
        scheme, parts = self._api.scheme, read(request, self._api)
        if scheme is None:
            return None
        sent = _value(request, parts, scheme.signature_parameter)
        told = _value(request, parts, scheme.timestamp_parameter)
        users = list(self._recipes.users.values())
        user = next((u for u in users if rightly(scheme, parts, u.secret_key) == sent), users[0])
        now_ms = scheme.milliseconds(int(told)) if told.isdecimal() else time.time_ns() // 1_000_000
        return Signed(parts=parts, forgery=RIGHT, user=user, now_ms=now_ms, sent=sent or ())

    def _marked(self, parts: Parts) -> Parts:
        """The parts with marks for own ids, and masked."""
        operation = parts.operation
        above = {p.name: p.creator for p in operation.placeholders} if operation else {}
        path = {name: self._owned(above.get(name, ""), value) for name, value in parts.path.items()}
        query, body = (self._members(operation, members) for members in (parts.query, parts.body))
        return replace(parts, path=path, query=query, body=body)

    def _members(self, operation: Operation | None, members: Mapping[str, object]) -> dict[str, Json]:
        named = dict(operation.references) if operation else {}
        example = operation.body if operation and isinstance(operation.body, dict) else {}
        told: dict[str, Json] = {}
        for name, value in members.items():
            if name in named:
                told[name] = self._owned(named[name], value)
            elif name in example and example[name] == value:
                told[name] = value
            else:
                told |= self._recipes.masker.members({name: value}, self._hidden)
        return told

    def _curl(self, request: PreparedRequest, command: str) -> str:
        """The request as a command, with the variables as they are set by now."""
        curl = Curl(
            api=self._api,
            users=self._recipes.users,
            variables=self._variables,
            marked=self._marked,
            literal=self._literal if SIGNATURE in self._variables else "",
        )
        return curl.told(request, command)


def _value(request: PreparedRequest, parts: Parts, name: str) -> str:
    """A signing parameter, wherever it stands."""
    found = parts.query.get(name, parts.body.get(name, request.headers.get(name)))
    return "" if found is None else str(found)
