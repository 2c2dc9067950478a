"""What the templates of the programs need of an example request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from generator.ir import Api, Frozen, Operation, Signing
from generator.layers.docs.programs.languages import Language
from generator.layers.docs.prose import comment_text
from generator.layers.docs.samples import MULTIPART, Sample, files, is_file, text_of

_SIGNABLE = {
    "algorithm": "hmac-sha256",
    "digest": "hex-lower",
    "key_encoding": "utf-8",
    "sources": ("path", "query", "body"),
    "order": "name-bytes",
    "pair": "{name}={value}",
    "values": "ruby-text",
    "encoding": "utf-8",
    "files": "excluded",
    "send": "query",
}
_LARGEST = 2**53 - 1  # which JavaScript still tells from its neighbours
_NAME = re.compile(r"\w+", re.ASCII)
_PLAIN = re.compile(r"[\w =?&:,.;/+{}-]*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRequest:
    """The request, its values as literals of a language; `headers` are names and values without the token."""

    method: str
    address: str
    role: str
    path: str
    query: str
    body: str
    file: tuple[str, str] | None
    is_form: bool
    is_json: bool
    is_download: bool
    has_lists: bool
    headers: tuple[tuple[str, str], ...]
    token_header: str
    token_prefix: str
    timestamp: str
    nonce: str
    signature: str
    separator: str


def can_sign(api: Api, operation: Operation, values: Sample) -> bool:
    """Whether the programs make the signature of these values: a plain HMAC over flat parameters."""
    signing = api.signing
    if signing is None or not operation.signed or api.token is None:
        return False
    same = all(getattr(signing, clause) == wanted for clause, wanted in _SIGNABLE.items())
    words = (signing.separator, api.accept or "", api.token.header, api.token.format, api.base_path + operation.path)
    return same and _is_timed(signing) and all(map(_PLAIN.fullmatch, words)) and _are_flat(values)


def _is_timed(signing: Signing) -> bool:
    """Whether time and nonce have plain names, the time in milliseconds, and nothing but the signature is left out."""
    names = (signing.timestamp.parameter, signing.nonce.parameter, signing.parameter)
    is_alone = signing.exclude == (signing.parameter,)
    return signing.timestamp.unit == "ms" and is_alone and all(map(_NAME.fullmatch, names))


def _are_flat(values: Sample) -> bool:
    whole = values.body is None or isinstance(values.body, Mapping)
    return whole and all(_NAME.fullmatch(name) and _is_flat(value) for name, value in _parameters(values))


def _parameters(values: Sample) -> list[tuple[str, Frozen]]:
    members = values.body if isinstance(values.body, Mapping) else {}
    return [*values.path.items(), *values.query.items(), *members.items()]


def _is_flat(value: Frozen) -> bool:
    """A text, a boolean, a whole number, or a list of those without quotes, which every language writes alike."""
    if isinstance(value, tuple | list):
        return all(_is_flat(item) and not {*"'\"\\#[]"} & {*text_of(item)} for item in value)
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    return isinstance(value, str) and value.isprintable()


def program_request(api: Api, operation: Operation, values: Sample, language: Language) -> ProgramRequest:
    """The request with its values in the words of that language."""
    body = values.body if isinstance(values.body, Mapping) else {}
    uploads = [(name, language.text(text_of(body[name]))) for name in body if name in files(operation)]
    fields = {name: value for name, value in body.items() if name not in files(operation)}
    form = operation.body is not None and operation.body.media_types[0].startswith(MULTIPART)
    signing, token = api.signing, api.token
    assert signing is not None and token is not None  # noqa: S101  # `can_sign`
    return ProgramRequest(
        method=operation.method,
        address=address(api, operation, values),
        role=comment_text(operation.role or ""),
        path=language.map(values.path),
        query=language.map(values.query),
        body=language.map(fields),
        file=uploads[0] if uploads else None,
        is_form=form,
        is_json=bool(body) and not form,
        is_download=is_file(api, operation),
        has_lists=any(isinstance(value, tuple | list) for _, value in _parameters(values)),
        headers=tuple(_headers(api, with_json=bool(body) and not form)),
        token_header=token.header,
        token_prefix=token.format.removesuffix("{token}"),
        timestamp=signing.timestamp.parameter,
        nonce=signing.nonce.parameter,
        signature=signing.parameter,
        separator=signing.separator,
    )


def address(api: Api, operation: Operation, values: Sample) -> str:
    """The path of the address, filled in."""
    path = operation.path
    for name, value in values.path.items():
        path = path.replace(f"{{{name}}}", quote(text_of(value), safe=""))
    return api.base_path + path


def _headers(api: Api, *, with_json: bool) -> Iterator[tuple[str, str]]:
    yield "Accept", api.accept or "application/json"
    if with_json:
        yield "Content-Type", "application/json"
