"""`explain`: what was pasted beside what is right, and the mistake that leads from one to the other."""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from procwise.signing import Request, Scheme, SignatureRefused
from procwise.signing.explanation import Explanation, explain
from procwise.signing.explanation.requests import explain_request
from procwise.signing.messages import verify_request

from .connection import find_credentials
from .declarations import Program, Version
from .pasted import find_form_of_json, find_logged, is_request, read_request
from .streams import CannotRun, print_message, write_data

_SEPARATORS = ("&", ",", ";", "|", "\n", " ")
_DIGEST = re.compile(r"[0-9A-Za-z+/=_-]{16,}")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_ANY_KEY = "any key: the base string alone is compared"


def explain_text(
    program: Program, version: Version, profile: str, text: str, params: Mapping[str, object] | None
) -> bool:
    """Print the explanation; whether what was pasted is right."""
    if not text:
        raise CannotRun(
            "there is nothing to explain: paste a curl line, an address, a request, a base string or a signature"
        )
    text = find_logged(text)
    known = _find_known(program, profile)
    if is_request(text):
        request = read_request(text, version)
        if fault := find_form_of_json(text, request):
            write_data(f"likely cause: {fault}\n")
            return False
        return _explain_request(version, request, known)
    scheme = version.service.scheme
    if scheme is None:
        raise CannotRun(f"{version.name} signs requests as a whole: paste a curl line with its headers")
    text = _find_bare_signature(scheme, text)
    if "=" in text.rstrip("=") or not _DIGEST.fullmatch(text):
        return _explain_base_string(version, scheme, text, params, known)
    if params is None:
        raise CannotRun("a signature alone says nothing: name a file with the parameters by --params")
    _warn_without_key(known, program)
    return _print_report(version, scheme, dict(params), known, signature=text)


def _find_bare_signature(scheme: Scheme, text: str) -> str:
    """The signature within quotation marks or behind its name, if that is all there is, or the text as it is."""
    bare = text.strip("\"' ").removeprefix(scheme.signature_parameter).lstrip("\"' ").lstrip(":=").strip("\"' ")
    return bare if _DIGEST.fullmatch(bare) else text


def _find_known(program: Program, profile: str) -> dict[str, str]:
    """Token, secret key and other credentials, as far as there are any."""
    found = find_credentials(program, profile)
    return {name: value for name in found.values if (value := found.find(name))}


def _warn_without_key(known: Mapping[str, str], program: Program) -> None:
    if "secret_key" not in known:
        print_message(f"no secret key, so no cause can be looked for ({program.name} configure keeps one)")


def _explain_request(version: Version, request: Request, known: Mapping[str, str]) -> bool:
    if version.service.scheme is not None:
        return _explain_parameters(version, version.service.scheme, request, known)
    scheme = version.service.request_scheme
    if scheme is None:
        raise CannotRun(f"requests of {version.name} are not signed")
    if not known:
        raise CannotRun("no credentials: a signature of a whole request cannot be explained without them")
    credentials = {"access_key": known.get("token", ""), **known}
    try:
        found = explain_request(scheme, request, credentials, settings=known)
    except SignatureRefused as error:
        raise CannotRun(f"the request has no signature that can be read: {error}") from None
    write_data(f"signed message: {found.message}\n")
    try:
        verify_request(scheme, request, credentials, settings=known, now_ms=time.time_ns() // 1_000_000)
    except SignatureRefused as error:
        write_data(f"refused: {error}\nlikely cause: {found.cause or 'none of the usual mistakes'}\n")
        return False
    write_data("the signature is right\n")
    return True


def _explain_parameters(version: Version, scheme: Scheme, request: Request, known: Mapping[str, str]) -> bool:
    places = {place: _gather_values(request.pairs(place)) for place in ("path", "query", "body")}
    params = scheme.merge(**places)
    signature = str(places["query"].get(scheme.signature_parameter, ""))
    signature = signature or str(places["body"].get(scheme.signature_parameter, ""))
    missing = [name for name in scheme.parameters if name not in params]
    for name in missing:
        write_data(f"missing: the parameter {name}\n")
    shown = request.header(version.service.token_header)
    if shown and "token" in known and known["token"] not in shown[0]:
        write_data("the token of the request is not the one that belongs to the secret key here\n")
    overridden = {n: p[n] for p in (places["body"], places["query"]) for n in p if n in params and p[n] != params[n]}
    names = {place: tuple(values) for place, values in places.items()}
    return (
        _print_report(version, scheme, params, known, signature=signature, overridden=overridden, **names)
        and not missing
    )


def _explain_base_string(
    version: Version, scheme: Scheme, text: str, params: Mapping[str, object] | None, known: Mapping[str, str]
) -> bool:
    """The base string beside that of the parameters, which are read out of it if they are not known."""
    chosen = dict(params) if params is not None else _read_pairs(scheme, text)
    key = known.get("secret_key") or _ANY_KEY
    return _print_report(
        version, scheme, chosen, {**known, "secret_key": key}, theirs=text, signature=scheme.digest_of(text, key)
    )


def _read_pairs(scheme: Scheme, text: str) -> dict[str, object]:
    """The parameters of a base string, joined by the right separator or by another one."""
    timestamp, nonce, _ = scheme.parameters
    between = scheme.pair.partition("{name}")[2].partition("{value}")[0]
    for separator in filter(None, (scheme.separator, *_SEPARATORS)):
        cut = f"{re.escape(separator)}(?=[\\w.\\[\\]-]+{re.escape(between)})"
        pairs = [pair.partition(between) for pair in re.split(cut, text)]
        names = [name for name, found, _ in pairs if found]
        if len(names) == len(pairs) > 1 and (timestamp in names or nonce in names):
            return {name: _read_text(value) for name, _, value in pairs}
    raise CannotRun("the parameters cannot be read out of this base string: name a file with them by --params")


def _read_text(text: str) -> object:
    """The value behind a text that is usually a mistake: Python's booleans, and percent-encoding."""
    return {"True": True, "False": False}.get(text, unquote(text) if _ENCODED.search(text) else text)


def _print_report(
    version: Version, scheme: Scheme, params: Mapping[str, object], known: Mapping[str, str], **given: Any
) -> bool:
    """Print the explanation of these parameters; whether their signature is right and fresh."""
    service = version.service
    secret_key = known.get("secret_key", "")
    masked = tuple(name for name in params if name in service.secrets and name != scheme.signature_parameter)
    found = explain(scheme, params, secret_key, token=known.get("token", ""), masked=masked, **given)
    right = scheme.sign(params, secret_key) if secret_key else ""
    is_right = bool(right) and hmac.compare_digest(right.encode(), str(given.get("signature", "")).encode())
    lines = list(_write_lines(found, is_right=is_right, is_whole="theirs" not in given))
    stale = _describe_age(scheme, params.get(scheme.timestamp_parameter)) if "theirs" not in given else ""
    write_data("".join(f"{line}\n" for line in (*lines, *filter(None, [stale]))))
    return is_right and not stale


def _write_lines(found: Explanation, *, is_right: bool, is_whole: bool) -> Iterator[str]:
    yield f"right base string: {found.base_string}"
    if is_right:
        yield f"the {'signature' if is_whole else 'base string'} is right"
        return
    if is_whole and found.signature:
        yield f"valid signature:   {found.signature}"
    yield from [found.parts] if found.parts else []
    yield from [f"likely cause: {found.cause}"] if found.cause else [f"usual cause: {one}" for one in found.causes]


def _describe_age(scheme: Scheme, timestamp: object) -> str:
    """What is wrong with the moment of signing, if anything is."""
    text = str(timestamp)
    if not (text.isascii() and text.isdecimal()) or len(text) > 20:
        return f"the {scheme.timestamp_parameter} is no whole number"
    age = time.time() - scheme.milliseconds(int(text)) / 1000
    if abs(age) <= scheme.window_seconds:
        return ""
    where = "old" if age > 0 else "ahead"
    allowed = f"{scheme.window_seconds} are allowed"
    return f"no server takes it now: the {scheme.timestamp_parameter} is {abs(age):.0f} seconds {where}; {allowed}"


def _gather_values(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The values by name; `name[]` is a list."""
    values: dict[str, object] = {}
    for name, value in pairs:
        if name.endswith("[]"):
            known = values.setdefault(name[:-2], [])
            if isinstance(known, list):
                known.append(value)
        else:
            values[name] = value
    return values
