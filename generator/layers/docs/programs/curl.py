"""The example request as a shell script with curl and openssl."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from generator.ir import Api, Frozen, Operation, thaw
from generator.layers.docs.programs.languages import LANGUAGES
from generator.layers.docs.programs.requests import ProgramRequest, program_request
from generator.layers.docs.samples import Sample, files, text_of
from generator.signing import scheme_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CurlRequest:
    """The lines of the base string inside double quotes, the address, and the further arguments of curl."""

    common: ProgramRequest
    base: tuple[str, ...]
    address: str
    arguments: tuple[str, ...]


def curl_request(api: Api, operation: Operation, values: Sample) -> CurlRequest:
    """The request as the script sends it."""
    common = program_request(api, operation, values, LANGUAGES[0])
    query = urlencode({name: text_of(value) for name, value in values.query.items()}, quote_via=quote)
    return CurlRequest(
        common=common,
        base=tuple(_base_lines(api, operation, values, common)),
        address=f"{common.address}?{query}{'&' if query else ''}",
        arguments=tuple(_arguments(operation, values, common)),
    )


def _base_lines(api: Api, operation: Operation, values: Sample, common: ProgramRequest) -> Iterator[str]:
    """Each parameter in the order of the signature, with variables for time and nonce."""
    assert api.signing is not None  # noqa: S101  # `can_sign`
    scheme = scheme_of(api.signing)
    body = values.body if isinstance(values.body, Mapping) else {}
    fields = {name: value for name, value in body.items() if name not in files(operation)}
    stamped = scheme.stamp(scheme.merge(path=values.path, query=values.query, body=fields), now_ms=0, nonce=0)
    shown = {common.timestamp: "$timestamp", common.nonce: "$nonce"}
    lines = [f"{name}={shown.get(name) or _in_double_quotes(value)}" for name, value in scheme.pairs(stamped)]
    yield from (f"{line}{common.separator}" for line in lines[:-1])
    yield lines[-1]


def _arguments(operation: Operation, values: Sample, common: ProgramRequest) -> Iterator[str]:
    yield from (f'-H "{name}: {value}"' for name, value in common.headers)
    body = values.body if isinstance(values.body, Mapping) else {}
    if common.is_json:
        yield "--data-binary " + _in_single_quotes(json.dumps(thaw(body), indent=2, ensure_ascii=False))
    elif common.is_form:
        for name, value in body.items():
            yield from _form_arguments(name, value, is_file=name in files(operation))
    if common.is_download:
        yield "--output result.zip"


def _form_arguments(name: str, value: Frozen, *, is_file: bool) -> Iterator[str]:
    if is_file:
        yield "-F " + _in_single_quotes(f'{name}="{text_of(value)}";filename=upload.txt')
    else:
        yield "--form-string " + _in_single_quotes(f"{name}={text_of(value)}")


def _in_single_quotes(text: str) -> str:
    return shlex.quote(text).replace("'\"'\"'", "'\\''")


def _in_double_quotes(text: str) -> str:
    return "".join(f"\\{char}" if char in '\\"$`' else char for char in text)
