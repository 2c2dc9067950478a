"""One version of the API, as the generated code describes it to the runtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from .._errors.exceptions import APIStatusError

if TYPE_CHECKING:
    from procwise.signing import Scheme
    from procwise.signing.language import SigningScheme

    from .._errors.code import Code


@dataclass(frozen=True, kw_only=True)
class Service:
    """One version of the API: its address, its credentials, its signature and its errors.

    `token_format` contains `{token}`. `load_scheme` is None if requests are not signed by
    one set of parameters, `load_request_scheme` if they are not signed as a whole; `signature` is the name of
    the field that carries the signature, empty without one. `errors` maps statuses to
    exceptions. `load_codes` is None if the description has no error codes; `code_members` are
    the members of an error body that may hold a code. The values of `secrets` and `personal`
    members are masked. `example` is an example of a base URL, `signing` the name of the module
    that explains signatures.
    """

    name: str
    base_path: str
    accept: str
    token_header: str
    token_format: str
    load_scheme: Callable[[], Scheme] | None
    load_request_scheme: Callable[[], SigningScheme] | None
    signature: str
    errors: Mapping[int, type[APIStatusError]]
    load_codes: Callable[[], type[Code]] | None
    code_members: tuple[str, ...]
    secrets: frozenset[str]
    personal: frozenset[str]
    example: str
    signing: str

    @cached_property
    def scheme(self) -> Scheme | None:
        """The signing scheme, loaded when it is first needed; None if requests are not signed."""
        return self.load_scheme() if self.load_scheme is not None else None

    @cached_property
    def request_scheme(self) -> SigningScheme | None:
        """The scheme that signs whole requests, loaded when it is first needed; None if there is none."""
        return self.load_request_scheme() if self.load_request_scheme is not None else None

    @cached_property
    def codes(self) -> type[Code] | None:
        """The enum of error codes, loaded when it is first needed; None if the description has none."""
        return self.load_codes() if self.load_codes is not None else None
