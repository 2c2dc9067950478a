"""One version of the API, as the generated code describes it to the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from procwise.signing import Scheme

from .._errors.code import Code
from .._errors.exceptions import APIStatusError


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One version of the API: its address, its credentials, its signature and its errors.

    `token_format` contains `{token}`. `scheme` is None if requests are not signed.
    `errors` maps statuses to exceptions. `codes` is the enum of error codes, None if the
    description has none; `code_members` are the members of an error body that may hold a code.
    The values of `secrets` and `personal` members are masked. `example` is an example of a base
    URL, `signing` the name of the module that explains signatures.
    """

    name: str
    base_path: str
    accept: str
    token_header: str
    token_format: str
    scheme: Scheme | None
    errors: Mapping[int, type[APIStatusError]]
    codes: type[Code] | None
    code_members: tuple[str, ...]
    secrets: frozenset[str]
    personal: frozenset[str]
    example: str
    signing: str
