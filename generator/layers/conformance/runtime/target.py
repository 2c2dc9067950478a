"""The target of an attack: an operation, an own object to try it on, and the response to its plain request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from requests import PreparedRequest

from .api import Json, Operation
from .context import RunContext
from .http.caller import Caller, Response
from .http.signer import CORRECT, SigningSteps
from .objects.authorization import AUTHENTICATION, names_only_own

# What differs between two equal error messages: times, nonces, request ids.
_NUMBERS = re.compile(r"[0-9a-f-]*[0-9][0-9a-f-]*")


_REVERSED_SIGNATURE = SigningSteps(encode_signature=lambda signature: signature[::-1])


def _years_off(years: int) -> SigningSteps:
    off_ms = years * 31_536_000_000
    return SigningSteps(
        timestamp_and_nonce=lambda scheme, now_ms, nonce: scheme.stamp({}, now_ms=now_ms + off_ms, nonce=nonce)
    )


_UNKNOWN_TOKEN = SigningSteps(token_header=lambda api, _user: api.token_format.replace("{token}", "0" * 40))
_WRONG_STEPS = (_REVERSED_SIGNATURE, _years_off(-10), _years_off(10), _UNKNOWN_TOKEN)


class Target:
    """One operation and an object of its own to try it on, which is replaced if it was deleted."""

    def __init__(self, context: RunContext, operation: Operation) -> None:
        self.context = context
        self.operation = operation
        self._ids: dict[str, object] | None = None
        self._valid_response: Response | None = None
        self._wrong_response: Response | None = None

    @property
    def ids(self) -> Mapping[str, object]:
        """The ids of an object that exists."""
        if self._ids is None:
            self._ids = self.context.objects.ids(self.operation, fresh=self.operation.removes)
        return self._ids

    @property
    def valid_response(self) -> Response:
        """The response to the valid request, which is sent if it was not yet."""
        if self._valid_response is None:
            self._valid_response = self.send(self.prepare())
        return self._valid_response

    @property
    def is_refused_like_wrong_signature(self) -> bool:
        """Whether the valid request gets the same error as one with a wrong signature."""
        if self._wrong_response is None:
            self._wrong_response = self.send(self.prepare(_REVERSED_SIGNATURE))
        return words_of(self._wrong_response) == words_of(self.valid_response)

    def is_signing_error(self, response: Response) -> bool:
        """Whether a response is an error about the signing, by its status or its words."""
        if response.status in AUTHENTICATION:
            return True
        return _blames_request(response) and words_of(response) in self._signing_errors

    @cached_property
    def _signing_errors(self) -> frozenset[tuple[int, str]]:
        """The errors of the simplest operation for wrong signatures, which can have no other reason."""
        operation = self.context.caller.first_public_list()
        plain = Target(self.context, operation) if operation else None
        if plain is None or not plain.valid_response.succeeded:
            return frozenset()
        used = plain.prepare()
        plain.send(used)
        responses = [plain.send(request) for request in (used, *map(plain.prepare, _WRONG_STEPS))]
        return frozenset(words_of(response) for response in responses if _blames_request(response))

    @property
    def names_only_own_objects(self) -> bool:
        """Whether its requests name only own objects; for others a permission may be missing."""
        body = self.context.objects.body(self.operation)
        members = body if isinstance(body, dict) else {}
        return names_only_own(
            self.context.objects, self.operation, self.ids, dict(self.operation.required_query), members
        )

    def remember_valid(self, response: Response) -> Response:
        """Keep the response to the valid request."""
        self._valid_response = response
        return response

    def prepare(
        self,
        steps: SigningSteps = CORRECT,
        *,
        ids: Mapping[str, object] | None = None,
        body: Json = None,
        operation: Operation | None = None,
        caller: Caller | None = None,
    ) -> PreparedRequest:
        """A signed request of this operation on its own object, unless others are given."""
        called, chosen = operation or self.operation, self.ids if ids is None else ids
        content = self.context.objects.body(called) if body is None else body
        return (caller or self.context.caller).prepare(called, chosen, content, steps)

    def send(self, request: PreparedRequest, *, operation: Operation | None = None) -> Response:
        """Send a request and journal what it created."""
        response = self.context.objects.send(operation or self.operation, self.ids, request)
        self.note(response)
        return response

    def note(self, response: Response) -> None:
        """Replace the object if it was deleted."""
        if self.operation.removes and response.succeeded:
            self._ids = None


def _blames_request(response: Response) -> bool:
    """Whether the status is a client error that may be about the signature, unlike 404 and 429."""
    return 400 <= response.status < 500 and response.status not in (404, 429)


def words_of(response: Response) -> tuple[int, str]:
    """The status and text of an error, without what differs between two equal ones."""
    return response.status, _NUMBERS.sub("", response.text)
