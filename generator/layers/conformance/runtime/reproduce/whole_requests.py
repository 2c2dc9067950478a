"""Lines that sign a request as a whole: by a command of the suite, as no shell can sign by every scheme."""

from __future__ import annotations

from collections.abc import Mapping

from requests import PreparedRequest

from procwise.signing.language import SigningScheme, used_names
from procwise.signing.messages import Request, SignatureRefused, read_claims, request_of
from procwise.signing.messages.placement import remove_signature

from ..api import Api, Credentials
from ..http.signer import CORRECT, SigningRecord
from ..http.whole_signer import write_request
from ..http.wire import content, parse_request
from .curl import plain

_SIGN = "procwise-conformance sign"
_OWN = ("access_key", "token", "secret_key")


def sign_command(record: SigningRecord, api: Api, users: Mapping[str, Credentials], attack: str) -> str:
    """The command that signs as it was signed, up to the words of the request."""
    prefix = next((prefix for prefix, user in users.items() if user == record.user), "")
    given = f'PROCWISE_TOKEN="${prefix}TOKEN" PROCWISE_SECRET_KEY="${prefix}SECRET_KEY"'
    forged = f" --attack {attack}" if attack and record.steps != CORRECT else ""
    return f"{given} {_SIGN} --api {api.name}{forged}"


def exported_names(scheme: SigningScheme) -> list[str]:
    """The environment variables that the command reads beside those of a user."""
    credentials = [name for name in used_names(scheme, "credential") if name not in _OWN]
    needed = [name for name in credentials if not scheme.credentials[name].optional]
    needed += [name for name in used_names(scheme, "setting") if not scheme.settings[name].optional]
    return [f"PROCWISE_{name.upper()}" for name in needed]


def recover_whole_record(
    request: PreparedRequest, scheme: SigningScheme, api: Api, users: Mapping[str, Credentials]
) -> SigningRecord | None:
    """How a request was signed that is only known as text; None if it was not signed."""
    parts = parse_request(request, api)
    if parts.operation is not None and not parts.operation.signed:
        return None
    headers = [(name, plain(value)) for name, value in request.headers.items()]
    signed = request_of(str(request.method), str(request.url), headers, content(request))
    try:
        key = read_claims(scheme, signed).credentials.get("access_key", "")
    except SignatureRefused:
        key = ""
    texts = (key, *(value for _, value in headers))
    user = next((user for user in users.values() if any(user.token in text for text in texts)), None)
    known, unsigned = user or next(iter(users.values())), write_request(request, _remove_fields(signed, scheme))
    return SigningRecord(parts=parts, steps=CORRECT, user=known, now_ms=0, sent="", unsigned=unsigned)


def _remove_fields(signed: Request, scheme: SigningScheme) -> Request:
    """The request without what the scheme sends; fields of a body are written anew where they stand."""
    unsigned = remove_signature(scheme, signed)
    for placement in scheme.placements:
        for field in placement.fields:
            if placement.place == "header":
                unsigned = unsigned.without_header(field.name)
            elif placement.place == "query":
                unsigned = unsigned.without_field("query", field.name)
    return unsigned
