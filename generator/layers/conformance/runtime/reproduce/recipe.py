"""Shell lines that reproduce a finding: they create the objects that it needs, and sign each request again."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from requests import PreparedRequest

from procwise.signing import Scheme

from ..api import Api, Credentials, Json, Operation
from ..http.masking import Masker
from ..http.signer import CORRECT, SigningRecord, correct_signature, find_signing_record
from ..http.wire import Parts, content, parse_request
from ..objects.pool import ObjectPool
from ..objects.recovery import MARKER
from ..plan import Plan
from . import openssl
from .curl import SIGNATURE, Curl
from .openssl import Moment
from .shell import variable

if TYPE_CHECKING:
    from procwise.signing.language import SigningScheme

_ONCE = "$(date +%s%N)"
_ONCE_HEX = "$(openssl rand -hex 16)"
_ONCE_UUID = "$(openssl rand -hex 16 | sed -E 's/(.{8})(.{4})(.{4})(.{4})/\\1-\\2-\\3-\\4-/')"
_HEX = re.compile("[0-9a-f]{32}")
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FIRST_MARK = 7_310_000_000_000_000_000  # digits only, so that a mark can replace a number
_NEW_WORD = "conformance-$(date +%s%N | cut -c4-)"
_SHORTEST_STAMP = 10
_READ_ID = """python3 -c 'import json, sys; print(json.load(sys.stdin){})'"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A request of a recipe, sent `times` times at once."""

    request: PreparedRequest
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """Writes recipes. A mutation that no shell line can reproduce gets a comment."""

    plan: Plan
    objects: ObjectPool
    masker: Masker

    def write(
        self,
        steps: Sequence[Step | PreparedRequest],
        *,
        hidden: Collection[str] = (),
        remark: str = "",
        attack: str = "",
    ) -> str:
        """The lines, headed by the variables to set; the values of `hidden` names are masked.

        `attack` is the id of the attack, `remark` what it does.
        """
        lines = Lines(self, hidden, remark, attack)
        todo = [step if isinstance(step, Step) else Step(request=step) for step in steps]
        for step in todo:
            lines.prepare(step.request)
        for step in todo:
            lines.add(step)
        return self.masker.text(lines.text())

    @property
    def users(self) -> Mapping[str, Credentials]:
        """The users by the prefix of their variables."""
        known = {"": self.plan.credentials, "SECOND_": self.plan.second, "SUPERUSER_": self.plan.superuser}
        return {prefix: user for prefix, user in known.items() if user}


class Lines:
    """One recipe while it is written; variables are kept by the values that they stand for."""

    def __init__(self, recipes: Recipes, hidden: Collection[str], remark: str, attack: str) -> None:
        self._recipes = recipes
        self._api: Api = recipes.plan.api
        self._hidden = {*hidden}
        self._remark = remark
        self._attack = attack
        self._lines: list[str] = []
        tokens = {user.token: f"{prefix}TOKEN" for prefix, user in recipes.users.items()}
        self._variables: dict[str, str] = tokens if self._whole is not None else {}
        self._signature: object = None
        self._literal = ""
        self._exported: list[str] = []
        self._marks: dict[tuple[str, str], int] = {}

    @property
    def _whole(self) -> SigningScheme | None:
        """The scheme, if requests are signed as a whole."""
        return self._api.request_scheme if self._api.scheme is None else None

    def text(self) -> str:
        lines = "\n".join(self._lines)
        names = [f"{prefix}{name}" for prefix in self._recipes.users for name in ("TOKEN", "SECRET_KEY")]
        asked = [name for name in names if re.search(rf"\$\{{?{name}\b", lines)]
        head = [f"# {word} {', '.join(found)}" for word, found in (("set", asked), ("export", self._exported)) if found]
        return "\n".join([*head, lines])

    def prepare(self, request: PreparedRequest) -> None:
        """The lines for what a request needs: new names, and the objects that it names."""
        words = dict.fromkeys(MARKER.findall(f"{request.url} {content(request).decode('utf-8', 'replace')}"))
        for word in words:
            if word not in self._variables:
                self._assign(self._unused_name("WORD"), _NEW_WORD, word)
        origins = self._recipes.objects.origins
        for key, origin in list(origins.items()) if request.method == "GET" else ():
            if any(word.encode() in content(origin) for word in words):
                self._mark_id(*key)
        if note := find_signing_record(request):
            self._mark_parts(note.parts)
        self._mark_parts(parse_request(request, self._api))

    def add(self, step: Step) -> None:
        """The lines of a step."""
        self._sign(step.request)
        sent = self._curl(step.request, r"curl -gsS -i -w '\n'")
        self._lines.append(sent if step.times == 1 else f"for i in $(seq {step.times}); do {sent} & done; wait")

    def _mark_id(self, creator_id: str, value: object) -> object:
        """A mark in place of an own object's id, with lines that create the object; other values are returned."""
        key = creator_id, str(value)
        origin, creator = self._recipes.objects.origins.get(key), self._api.find(creator_id)
        if origin is None or creator is None:
            return value
        if key not in self._marks:
            self._marks[key] = _FIRST_MARK + len(self._marks)
            self.prepare(origin)
            self._add_creation(creator, origin, str(self._marks[key]))
        return self._marks[key] if isinstance(value, int) else str(self._marks[key])

    def _add_creation(self, creator: Operation, origin: PreparedRequest, mark: str) -> None:
        self._sign(origin)
        place = "".join(f'["{name}"]' for name in (creator.wrapper, creator.identity) if name)
        name = self._unused_name(f"{variable(creator.wrapper or creator.resource or creator.id)}_ID")
        self._assign(name, f"$({self._curl(origin, 'curl -gsS')} | {_READ_ID.format(place)})", mark)

    def _unused_name(self, name: str) -> str:
        taken = {*self._variables.values()}
        return next(n for n in (name, *(f"{name}_{number}" for number in range(2, 1000))) if n not in taken)

    def _assign(self, name: str, value: str, literal: str) -> None:
        """Set a variable, which from now on stands for this value only."""
        self._variables = {text: other for text, other in self._variables.items() if other != name}
        self._variables[literal] = name
        self._lines.append(f"{name}={value}")

    def _sign(self, request: PreparedRequest) -> None:
        """Set the signing parameters, except those of an earlier request."""
        if self._whole is not None:
            self._sign_whole(request, self._whole)
            return
        scheme, note = self._api.scheme, find_signing_record(request) or self._recover_record(request)
        if scheme is None or note is None:
            return
        if note.sent == () or note.sent != self._signature:
            now = str(scheme.stamp({}, now_ms=note.now_ms, nonce=0)[scheme.timestamp_parameter])
            self._stamp(scheme, request, note.parts, Moment(scheme, now, note.now_ms))
            self._signature = note.sent
            self._add_signature(scheme, note)
        name = variable(scheme.timestamp_parameter)
        before = next((text for text, other in self._variables.items() if other == name), "")
        self._stamp(
            scheme, request, parse_request(request, self._api), Moment(scheme, before, note.now_ms, start=f"${name}")
        )

    def _sign_whole(self, request: PreparedRequest, scheme: SigningScheme) -> None:
        """Set the signed request, unless it is the one before."""
        from . import whole_requests  # loads what evaluates such schemes

        users = self._recipes.users
        note = find_signing_record(request) or whole_requests.recover_whole_record(request, scheme, self._api, users)
        if note is None or note.unsigned is None:
            self._signature = None
        elif note is not self._signature:
            self._signature, self._exported = note, whole_requests.exported_names(scheme)
            command = whole_requests.sign_command(note, self._api, users, self._attack)
            self._lines.append(f"SIGNED=$({self._write_curl(note.unsigned, command)})")

    def _stamp(self, scheme: Scheme, request: PreparedRequest, parts: Parts, moment: Moment) -> None:
        """Set timestamp and nonce as in these parts, or in the header."""
        stamp, once = (_value(request, parts, n) for n in (scheme.timestamp_parameter, scheme.nonce_parameter))
        if len(stamp) >= _SHORTEST_STAMP and stamp not in self._variables:
            self._assign(variable(scheme.timestamp_parameter), moment.shell_word(stamp), stamp)
        name = variable(scheme.nonce_parameter)
        known = next((text for text, other in self._variables.items() if other == name), None)
        if len(once) >= _SHORTEST_STAMP and (known is None or known not in once):
            self._assign(name, _fresh_nonce(once), once)

    def _add_signature(self, scheme: Scheme, note: SigningRecord) -> None:
        """Set the signature, if it is computed from a digest."""
        computed = note.steps.compute_signature(scheme, note.parts, note.steps.key(note.user))
        if computed not in str(note.sent) and not (isinstance(note.sent, str) and note.sent):
            return
        keys = {u.token: f'"${prefix}TOKEN"' for prefix, u in self._recipes.users.items()}
        keys |= {u.secret_key: f'"${prefix}SECRET_KEY"' for prefix, u in self._recipes.users.items()}
        marked = self._mark_parts(note.parts)
        pipe = openssl.command(scheme, note, marked, keys, self._variables)
        in_query = scheme.signature_parameter in note.parts.query or (note.steps.place or scheme.send) == "query"
        tail = openssl.shell_encoding(computed, note.sent, in_query=in_query, scheme=scheme)
        if not pipe or tail is None:
            self._lines.append(f"# the signature is spoilt as described{': ' if self._remark else ''}{self._remark}")
            right = replace(note, steps=CORRECT)
            pipe, tail = openssl.command(scheme, right, marked, keys, self._variables), ""
        self._literal = computed if computed in str(note.sent) else str(note.sent)
        self._assign(variable(scheme.signature_parameter), f"$({pipe}{tail})", SIGNATURE)

    def _recover_record(self, request: PreparedRequest) -> SigningRecord | None:
        """The signing record of a request that is only known as text."""
        scheme, parts = self._api.scheme, parse_request(request, self._api)
        if scheme is None:
            return None
        sent = _value(request, parts, scheme.signature_parameter)
        timestamp = _value(request, parts, scheme.timestamp_parameter)
        users = list(self._recipes.users.values())
        user = next((u for u in users if correct_signature(scheme, parts, u.secret_key) == sent), users[0])
        now_ms = scheme.milliseconds(int(timestamp)) if timestamp.isdecimal() else time.time_ns() // 1_000_000
        return SigningRecord(parts=parts, steps=CORRECT, user=user, now_ms=now_ms, sent=sent or ())

    def _mark_parts(self, parts: Parts) -> Parts:
        """The parts with marks for own ids, and with masked values."""
        operation = parts.operation
        above = {p.name: p.creator for p in operation.placeholders} if operation else {}
        path = {name: self._mark_id(above.get(name, ""), value) for name, value in parts.path.items()}
        query, body = (self._members(operation, members) for members in (parts.query, parts.body))
        return replace(parts, path=path, query=query, body=body)

    def _members(self, operation: Operation | None, members: Mapping[str, object]) -> dict[str, Json]:
        named = dict(operation.named) if operation else {}
        example = operation.example if operation and isinstance(operation.example, dict) else {}
        wrapper = operation.body.envelope if operation and operation.body else ""
        marked: dict[str, Json] = {}
        for name, value in members.items():
            if name == wrapper and isinstance(value, dict):
                marked[name] = self._members(operation, value)
            elif name in named:
                marked[name] = self._mark_id(named[name], value)
            elif name in example and example[name] == value:
                marked[name] = value
            else:
                marked |= self._recipes.masker.members({name: value}, self._hidden)
        return marked

    def _curl(self, request: PreparedRequest, command: str) -> str:
        """The request as a command, with the variables as they are set by now."""
        if self._whole is not None and self._signature is not None:
            return f'printf %s "$SIGNED" | {command} -K -'
        return self._write_curl(request, command)

    def _write_curl(self, request: PreparedRequest, command: str) -> str:
        """The words of curl that say the request."""
        curl = Curl(
            api=self._api,
            users=self._recipes.users,
            variables=self._variables,
            marked=self._mark_parts,
            literal=self._literal if SIGNATURE in self._variables else "",
        )
        return curl.write(request, command)


def _value(request: PreparedRequest, parts: Parts, name: str) -> str:
    """A signing parameter, from the query, the body or a header."""
    value = parts.query.get(name, parts.body.get(name, request.headers.get(name)))
    return "" if value is None else str(value)


def _fresh_nonce(nonce: str) -> str:
    """Shell for a new nonce of the same form."""
    if _UUID.fullmatch(nonce):
        return _ONCE_UUID
    return _ONCE_HEX if _HEX.fullmatch(nonce) and not nonce.isdecimal() else _ONCE
