"""How an example request is signed as a whole: each part of the message, the message, the key, the HMAC, the fields."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.ir import Api, Operation
from generator.layers.docs.prose import literal, literal_text
from generator.layers.docs.samples import Block, Sample, example_request
from generator.layers.docs.signed.message_text import describe_placements, describe_step
from generator.layers.docs.signed.parameters import MOMENT, NONCE
from generator.layers.docs.signers import request_scheme, scheme_of_value
from generator.signing.language import SigningScheme, used_names
from generator.signing.language.model import Declared
from generator.signing.messages import Request, SigningError
from generator.signing.messages.sign import prepare_context
from generator.signing.messages.steps import SigningSteps, Step, trace_signature

_NONCES = {"hex": f"{NONCE:032x}", "uuid": "7f2a51c0-3b7e-4d0a-9c55-2f8f0e6d1b43", "base64": "bm9uY2Utbm9uY2Utbm9uYw=="}
_FORMS: Mapping[str, Callable[[bytes], str]] = {
    "": lambda name: name.decode(),
    "from-base64": lambda name: base64.b64encode(name).decode(),
    "from-hex": lambda name: name.hex(),
}
_PUBLIC = ("access_key", "token")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPart:
    """One part: its number, such as `2.1`, what it is, and its text in the example."""

    number: str
    meaning: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInput:
    """A made-up credential or setting."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """The example request, signed with the made-up inputs that are shown.

    `shape` says what the message is; `message` has a mark at the end of each of its lines; `sent` is the request
    with its signature.
    """

    inputs: tuple[SignedInput, ...]
    shape: str
    parts: tuple[SignedPart, ...]
    message: Block
    keys: tuple[SignedPart, ...]
    algorithm: str
    mac: str
    signature: str
    places: str
    sent: Block


def sign_request_example(api: Api, operation: Operation, values: Sample) -> SignedRequest | None:
    """The steps of the example; None for an operation or an example that is not signed so."""
    signer = request_scheme(api)
    if signer is None or api.signing is not None or not operation.signed:
        return None
    scheme = scheme_of_value(signer)
    request = example_request(api, operation, values)
    try:
        inputs, steps = trace_example(scheme, request)
    except SigningError:  # such as fields of a body that holds none
        return None
    return SignedRequest(
        inputs=tuple(SignedInput(name=literal(name), value=literal(text)) for name, text in inputs.items()),
        shape=describe_step(steps.message),
        parts=tuple(_number_parts(steps.message.inner or (steps.message,))),
        message=Block("text", mark_lines(show_bytes(steps.message.value))),
        keys=tuple(_number_parts(steps.keys, "key")),
        algorithm=f"HMAC-{scheme.hash.upper()}" if scheme.keyed else scheme.hash.upper(),
        mac=literal(steps.mac.hex()),
        signature=literal(steps.signature),
        places=describe_placements(scheme),
        sent=Block("http", _write_request(steps.request)),
    )


def trace_example(scheme: SigningScheme, request: Request) -> tuple[Mapping[str, str], SigningSteps]:
    """The made-up credentials and settings by name, and the steps of the request that is signed with them."""
    settings = {name: _make_setting(scheme, name) for name in used_names(scheme, "setting")}
    settings = {name: text for name, text in settings.items() if text}
    decoded = {step.name for step in scheme.key.part.transforms if step is not None} if scheme.key else set()
    first = next((name for name in _FORMS if name in decoded), "")
    error = SigningError()
    for form in (first, *(name for name in _FORMS if name != first)):
        credentials = _make_credentials(scheme, _FORMS[form])
        try:
            return {**credentials, **settings}, trace_request(scheme, request, credentials, settings)
        except SigningError as failed:  # the secret is read in another form
            error = failed
    raise error


def trace_request(
    scheme: SigningScheme, request: Request, credentials: Mapping[str, str], settings: Mapping[str, str]
) -> SigningSteps:
    """The steps of the request at the moment and with the nonce of all examples."""
    nonce = _NONCES.get(scheme.nonce.type, str(NONCE)) if scheme.nonce is not None else ""
    return trace_signature(prepare_context(scheme, request, credentials, settings=settings, now_ms=MOMENT, nonce=nonce))


def _make_credentials(scheme: SigningScheme, write: Callable[[bytes], str]) -> dict[str, str]:
    """Those that are needed, secrets in this form."""
    needed = [name for name in used_names(scheme, "credential") if _is_needed(scheme.credentials[name])]
    texts = {name: f"YOUR_{name.upper()}" for name in needed}
    return {name: text if name in _PUBLIC else write(text.encode()) for name, text in texts.items()}


def _is_needed(declared: Declared) -> bool:
    return not declared.optional and not declared.default


def _make_setting(scheme: SigningScheme, name: str) -> str:
    declared = scheme.settings[name]
    if declared.default or declared.optional:
        return declared.default
    is_seconds = scheme.timestamp is not None and scheme.timestamp.past == name
    return "300" if is_seconds else f"YOUR_{name.upper()}"


def _number_parts(steps: tuple[Step, ...], before: str = "") -> Iterator[SignedPart]:
    """The steps, each behind its number, and those that it is made of behind numbers below that."""
    for index, step in enumerate(steps, 1):
        number = f"{before}.{index}".lstrip(".")
        yield SignedPart(number=number, meaning=describe_step(step), value=literal_text(show_bytes(step.value)))
        yield from _number_parts((step.named or step).inner, number)


def show_bytes(value: str | bytes) -> str:
    """Text as it is, and bytes that are no text as hexadecimal digits."""
    if isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"hex:{value.hex()}"


def mark_lines(text: str) -> str:
    """The text with a mark where a line ends in what is signed; the last line has none unless it ends with a break."""
    return text.replace("\r", "␍").replace("\n", "↵\n")


def _write_request(request: Request) -> str:
    lines = [f"{request.method} {request.target} HTTP/1.1", f"Host: {request.site}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    return "\n".join([*lines, *(["", show_bytes(request.body)] if request.body else [])])
