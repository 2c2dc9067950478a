"""Requests whose signature is spoilt: a server that says the same of them has not looked at it yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from requests import PreparedRequest

from procwise.signing.scheme import Scheme

from ..api import Api
from ..http.signer import SigningSteps, copy_signed, find_signing_record
from ..http.wire import NotApplicable, content
from ..target import Target, words_of
from .outcome import NotTried, Outcome

if TYPE_CHECKING:
    from procwise.signing.language import SigningScheme
    from procwise.signing.messages import Request

_SHORTEST = 8


def is_refused_before_signature(target: Target, outcome: Outcome) -> bool:
    """Whether an error has another reason than the signature: with a spoilt one the request gets the same error.

    Which reason a server names, if there are several, is not described.
    """
    response = outcome.response
    if not 400 <= response.status < 500:
        return False
    spoilt = spoil(outcome.request, target.context.plan.api)
    return spoilt is not None and words_of(target.send(spoilt)) == words_of(response)


def send_behind_spoilt(target: Target, steps: SigningSteps) -> Outcome:
    """A valid request, whose nonce came before in a copy with a wrong signature."""
    request = target.prepare(steps)
    spoilt = spoil(request, target.context.plan.api)
    if spoilt is None:
        raise NotApplicable
    refused = target.send(spoilt)
    if not target.is_signing_error(refused):
        raise NotTried(f"{refused.status} for a request that is wrongly signed")
    return Outcome(request=request, response=target.send(request), before=(spoilt,))


def spoil(request: PreparedRequest, api: Api) -> PreparedRequest | None:
    """A copy in which each text of the signature is reversed; None if it is nowhere."""
    return _reverse(request, _signatures(request, api))


def spoil_whole(request: PreparedRequest, scheme: SigningScheme) -> PreparedRequest | None:
    """The same of a request that is signed as a whole."""
    return _reverse(request, _signatures_of_whole(request, scheme))


def _reverse(request: PreparedRequest, texts: list[str]) -> PreparedRequest | None:
    copy = copy_signed(request)
    for text in texts:
        for written in dict.fromkeys((text, quote(text, safe=""), quote_plus(text), quote(text))):
            _replace(copy, written, written[::-1] if written == text else quote(text[::-1], safe=""))
    changed = (copy.url, dict(copy.headers), content(copy)) != (request.url, dict(request.headers), content(request))
    return copy if changed else None


def _signatures(request: PreparedRequest, api: Api) -> list[str]:
    """What is sent as signature."""
    record = find_signing_record(request)
    if isinstance(api.scheme, Scheme):
        sent = record.sent if record else ""
        return [sent] if isinstance(sent, str) and len(sent) >= _SHORTEST else []
    return _signatures_of_whole(request, api.request_scheme) if api.request_scheme else []


def _signatures_of_whole(request: PreparedRequest, scheme: SigningScheme) -> list[str]:
    from procwise.signing.messages.reading_back import read_claims
    from procwise.signing.messages.request import request_of

    headers = [(name, str(value)) for name, value in request.headers.items()]
    whole = request_of(str(request.method), str(request.url), headers, content(request))
    texts = [text for _, text in texts_with_signature(scheme, whole)]
    alone = read_claims(scheme, whole, lenient=True).signatures
    return [text for text in (alone or texts) if len(text) >= _SHORTEST]


def texts_with_signature(scheme: SigningScheme, request: Request) -> Iterator[tuple[str, str]]:
    """Where the signature stands: names of headers or parameters, with what they hold."""
    for placement in scheme.placements:
        names = [field.name for field in placement.fields if field.signs]
        if placement.place in ("fields", "header"):
            headers = [placement.header] if placement.place == "fields" and names else names
            yield from ((name, text) for name in headers for text in request.header(name))
        else:
            yield from ((name, str(text)) for name in names for text in request.values_named(placement.place, name))


def _replace(request: PreparedRequest, old: str, new: str) -> None:
    request.url = (request.url or "").replace(old, new)
    for name, value in request.headers.items():
        request.headers[name] = str(value).replace(old, new)
    if request.body:
        request.body = content(request).replace(old.encode(), new.encode())
