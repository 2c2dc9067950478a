"""An operation and an own object to try it on, and what its plain request is answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from requests import PreparedRequest

from .context import Bench
from .description import Json, Operation
from .http.caller import Answer, Caller
from .http.signer import RIGHT, Forgery
from .objects.authorization import AUTHENTICATION, names_only_own

# What differs between two answers that say the same: times, nonces, numbers of requests.
_NUMBERS = re.compile(r"[0-9a-f-]*[0-9][0-9a-f-]*")


_REVERSED = Forgery(spelling=lambda signature: signature[::-1])


def _years_off(years: int) -> Forgery:
    off_ms = years * 31_536_000_000
    return Forgery(stamping=lambda scheme, now_ms, nonce: scheme.stamp({}, now_ms=now_ms + off_ms, nonce=nonce))


_UNKNOWN = Forgery(header=lambda api, _user: api.token_format.replace("{token}", "0" * 40))
_WRONG = (_REVERSED, _years_off(-10), _years_off(10), _UNKNOWN)


class Subject:
    """One operation and an object of its own to try it on, which is replaced where it was deleted."""

    def __init__(self, bench: Bench, operation: Operation) -> None:
        self.bench = bench
        self.operation = operation
        self._ids: dict[str, object] | None = None
        self._right: Answer | None = None
        self._wrong: Answer | None = None

    @property
    def ids(self) -> Mapping[str, object]:
        """The ids of an object that is there."""
        if self._ids is None:
            self._ids = self.bench.objects.ids(self.operation, fresh=self._deletes)
        return self._ids

    @property
    def right(self) -> Answer:
        """What the right request is answered; it is sent where nobody did yet."""
        if self._right is None:
            self._right = self.send(self.prepare())
        return self._right

    @property
    def is_refused_as_wrong(self) -> bool:
        """Whether the right request is refused in the very words in which one with a wrong signature is."""
        if self._wrong is None:
            self._wrong = self.send(self.prepare(_REVERSED))
        return _in_words(self._wrong) == _in_words(self.right)

    def is_refusal(self, answer: Answer) -> bool:
        """Whether an answer refuses what is wrong with the signing, by a status for it or in the words for it."""
        if answer.status in AUTHENTICATION:
            return True
        return _is_of_client(answer) and _in_words(answer) in self._refusals

    @cached_property
    def _refusals(self) -> frozenset[tuple[int, str]]:
        """How the plainest operation, which nothing else can be wrong with, is refused where the signing is wrong."""
        operation = self.bench.caller.first()
        plain = Subject(self.bench, operation) if operation else None
        if plain is None or not plain.right.succeeded:
            return frozenset()
        used = plain.prepare()
        plain.send(used)
        answers = [plain.send(request) for request in (used, *map(plain.prepare, _WRONG))]
        return frozenset(_in_words(answer) for answer in answers if _is_of_client(answer))

    @property
    def is_own(self) -> bool:
        """Whether its requests name no object but own ones: of another one, a missing right may be refused."""
        body = self.bench.objects.body(self.operation)
        told = body if isinstance(body, dict) else {}
        return names_only_own(self.bench.objects, self.operation, self.ids, dict(self.operation.query), told)

    def remember(self, answer: Answer) -> Answer:
        """This is what the right request was answered."""
        self._right = answer
        return answer

    def prepare(
        self,
        forgery: Forgery = RIGHT,
        *,
        ids: Mapping[str, object] | None = None,
        body: Json = None,
        operation: Operation | None = None,
        caller: Caller | None = None,
    ) -> PreparedRequest:
        """A signed request, of this operation on its own object unless told otherwise."""
        target, chosen = operation or self.operation, self.ids if ids is None else ids
        content = self.bench.objects.body(target) if body is None else body
        return (caller or self.bench.caller).prepare(target, chosen, content, forgery)

    def send(self, request: PreparedRequest, *, operation: Operation | None = None) -> Answer:
        """The answer to a request; what it made is journalled."""
        answer = self.bench.objects.send(operation or self.operation, self.ids, request)
        self.note(answer)
        return answer

    def note(self, answer: Answer) -> None:
        """The object is gone where it was deleted."""
        if self._deletes and answer.succeeded:
            self._ids = None

    @property
    def _deletes(self) -> bool:
        return self.operation.method == "DELETE"


def _is_of_client(answer: Answer) -> bool:
    """Whether a status blames the request; one that finds nothing, or that there are too many, blames no signature."""
    return 400 <= answer.status < 500 and answer.status not in (404, 429)


def _in_words(answer: Answer) -> tuple[int, str]:
    return answer.status, _NUMBERS.sub("", answer.text)
