"""One version of the API, as the generated code describes it to the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from procwise.signing import Scheme

from .._errors.code import Code
from .._errors.exceptions import APIStatusError


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One version of the API: where it lives and how its requests look.

    `token_format` holds `{token}`; `scheme` is None where requests are not signed;
    `errors` maps statuses to exceptions; `codes` are the words for the reasons of refusals,
    None where there is no list of them, and `code_members` the members of an answer that may
    hold one; `secrets` and `personal` are names whose values
    are not shown; `example` is what a base URL looks like; `signing` is the module that
    explains signatures.
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
