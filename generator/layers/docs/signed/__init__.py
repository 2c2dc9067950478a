"""How the example request of an operation is signed, step by step, by a scheme of either form."""

from __future__ import annotations

from dataclasses import dataclass

from generator.ir import Api, Operation
from generator.layers.docs.samples import Sample

from .parameters import SignedExample, sign_example
from .whole_requests import SignedRequest, sign_request_example

__all__ = ["SignedExamples", "sign_examples"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedExamples:
    """The example of a scheme of one set of parameters, or that of one that signs whole requests."""

    parameters: SignedExample | None
    request: SignedRequest | None


def sign_examples(api: Api, operation: Operation, values: Sample) -> SignedExamples | None:
    """The example request, signed; None for an operation that is not signed, or an example that cannot be."""
    parameters = sign_example(api, operation, values)
    request = sign_request_example(api, operation, values)
    return SignedExamples(parameters=parameters, request=request) if parameters or request else None
