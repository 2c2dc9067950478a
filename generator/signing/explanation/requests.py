"""Why the signature of a whole request was refused, for schemes of any kind: each mistake is tried on the scheme."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

from ..language.model import Clock, Group, Key, Parameters, Part, SigningScheme, Source, Text
from ..messages.evaluation import Context, SigningError, compute_signature, message_of
from ..messages.reading_back import read_claims
from ..messages.request import Request
from ..messages.verify import rebuild_context
from ..orders import ORDERS
from ..transforms import DIGEST_FORMS, TRANSFORMS
from .attempts import USUAL_WORK
from .catalogue import SEPARATORS, other_hashes, other_keys
from .writings import describe_part, wrong_writings

_MASK = "***"
_JOINERS = ("", "\n", "&", ":", ".", "|", ",")
_FORMS_OF_KEYS = ("", "hex-lower", "hex-upper", "base64")
_SHORTEST_SECRET = 8
_BYTES_OF_AN_ATTEMPT = 1500  # that are signed in the time that all the rest of an attempt takes
_BYTES_OF_A_PART = 200
_BYTES_OF_A_PAIR = 250
_FEW = 4  # fields of a header, or values of the path
_FEWEST = 200  # attempts with the usual work, however large the request is
Attempts = Iterator[tuple[str, Context]]  # what was done wrong, and what the signer then signed


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExplanation:
    """What is signed, secrets as `***`, and the mistake that makes the signature that was sent, or nothing."""

    message: str
    cause: str


def explain_request(
    scheme: SigningScheme,
    request: Request,
    credentials: Mapping[str, str],
    *,
    settings: Mapping[str, str] | None = None,
    most_work: int = USUAL_WORK,
) -> RequestExplanation:
    """Explain the refused signature of a request that can be read; raises SignatureRefused if it cannot.

    Credentials that are not given are taken from the request, such as the key id. `most_work` bounds the search,
    in signed bytes; with none, what is signed is said and no cause is looked for.
    """
    claims = read_claims(scheme, request)
    given = {**claims.credentials, **{name: text for name, text in credentials.items() if text}}
    context = rebuild_context(scheme, request, given, claims, settings=settings)
    secrets = [text for text in credentials.values() if len(text) >= _SHORTEST_SECRET]
    text = message_of(context).decode("utf-8", "backslashreplace")
    cause = next(find_causes(context, claims.signatures, most_work), "")
    for secret in secrets:
        text, cause = text.replace(secret, _MASK), cause.replace(secret, _MASK)
    return RequestExplanation(message=text, cause=cause)


def find_causes(context: Context, signatures: tuple[str, ...], most_work: int = USUAL_WORK) -> Iterator[str]:
    """Each mistake that makes one of these signatures; none if one is right: then it was refused for something else."""
    most = max(_FEWEST if most_work >= USUAL_WORK else 0, most_work // measure_attempt(context))
    attempts = chain([("", context)], single_mistakes(context), two_mistakes(context))
    for cause, attempt in islice(attempts, most):
        if _makes(attempt, signatures):
            if not cause:
                return
            yield cause


def measure_attempt(context: Context) -> int:
    """The work of signing the request once, in signed bytes: of its texts, of the scheme's parts and their pairs."""
    request, scheme = context.request, context.scheme
    derived = scheme.key.derive if scheme.key else ()
    forms = [form for part in (scheme.message, *scheme.values.values(), *derived) for form in _list_forms(part)]
    pairs = sum(_count_pairs(form, request) for form in forms if isinstance(form, Parameters))
    size = len(request.body) + len(request.target) + sum(len(name) + len(value) for name, value in request.headers)
    return size + _BYTES_OF_AN_ATTEMPT + _BYTES_OF_A_PART * len(forms) + _BYTES_OF_A_PAIR * pairs


def _list_forms(part: Part) -> Iterator[Source | Text | Clock | Parameters | Group]:
    yield part.form
    for inner in part.form.parts if isinstance(part.form, Group) else ():
        yield from _list_forms(inner)


def _count_pairs(form: Parameters, request: Request) -> int:
    body = 1 + request.body.count(b",") + request.body.count(b"&")
    known = {"headers": len(request.headers), "query": 1 + request.query.count("&"), "body": body, "form": body}
    return sum(known.get(place, _FEW) if isinstance(place, str) else len(place) for place in form.sources)


def _makes(context: Context, signatures: tuple[str, ...]) -> bool:
    try:
        made = compute_signature(context).encode("utf-8", "surrogatepass")
    except SigningError:
        return False
    return any(hmac.compare_digest(made, one.encode("utf-8", "surrogatepass")) for one in signatures)


def single_mistakes(context: Context) -> Attempts:
    """The request, the scheme or the credentials with one mistake."""
    return chain.from_iterable(kind(context) for kind in (*_KINDS, wrong_writings, _other_key_parts))


def two_mistakes(context: Context) -> Attempts:
    """Two mistakes of different kinds; then two in the message."""
    for at, kind in enumerate(_KINDS):
        for cause, changed in kind(context):
            for other in _KINDS[at + 1 :]:
                yield from ((f"{cause}; and {more}", both) for more, both in other(changed))
    for cause, changed in _other_messages(context):
        yield from ((f"{cause}; and {more}", both) for more, both in _other_messages(changed))


def _other_inputs(context: Context) -> Attempts:
    """The request as a careless signer sees it."""
    request = context.request
    yield "the method was signed in small letters", _with(context, replace(request, method=request.method.lower()))
    yield "the method was signed in capital letters", _with(context, replace(request, method=request.method.upper()))
    yield "the body was not signed", _with(context, replace(request, body=b""))
    yield "the query was not signed", _with(context, replace(request, query=""))
    yield "the path was signed with a slash at its end", _with(context, replace(request, path=f"{request.path}/"))
    yield "the path was signed without the slash at its end", _with(context, replace(request, path=request.path[:-1]))
    yield (
        "the body was signed with a line break at its end",
        _with(context, replace(request, body=request.body + b"\n")),
    )
    trimmed = replace(request, body=request.body.rstrip(b"\n"))
    yield "the body was signed without the line break at its end", _with(context, trimmed)
    other = "http" if request.scheme == "https" else "https"
    yield f"the address was signed with {other}", _with(context, replace(request, scheme=other))
    items = sorted(request.query.split("&"))
    yield "the query was sorted before signing", _with(context, replace(request, query="&".join(items)))
    for index, _ in enumerate(items):
        left = "&".join([*items[:index], *items[index + 1 :]])
        name = items[index].partition("=")[0]
        yield f"the parameter {name!r} was not signed", _with(context, replace(request, query=left))


def _with(context: Context, request: Request) -> Context:
    return context.with_request(request)


def _other_results(context: Context) -> Attempts:
    """Another hash, or another form of the result."""
    scheme = context.scheme
    for cause, other in other_hashes(scheme.hash, keyed=scheme.keyed):
        yield cause, _under(context, replace(scheme, hash=other))
    for form in DIGEST_FORMS:
        if scheme.digest != (TRANSFORMS[form],):
            yield f"the digest was written as {form}", _under(context, replace(scheme, digest=(TRANSFORMS[form],)))


def _under(context: Context, scheme: SigningScheme) -> Context:
    return replace(context, scheme=scheme)


def _other_keys(context: Context) -> Attempts:
    scheme, key = context.scheme, context.scheme.key
    if key is None:
        return
    if isinstance(key.part.form, Source) and key.part.transforms:
        plain = replace(scheme, key=replace(key, part=Part(form=key.part.form)))
        yield "the key was taken as it is written, without decoding it", _under(context, plain)
        for name in ("from-base64", "from-hex"):
            other = Key(part=Part(form=key.part.form, transforms=(TRANSFORMS[name],)), derive=key.derive, form=key.form)
            yield f"the key was decoded ({name})", _under(context, replace(scheme, key=other))
    if key.derive:
        yield "the key was not derived", _under(context, replace(scheme, key=replace(key, derive=())))
    given = context.credentials
    for cause, secret in other_keys(given.get("secret_key", ""), given.get("token", "") or given.get("access_key", "")):
        yield cause, replace(context, credentials={**given, "secret_key": secret})


def _other_key_parts(context: Context) -> Attempts:
    """Derived keys in other forms, and a key of several parts that was joined otherwise or signed itself."""
    scheme, key = context.scheme, context.scheme.key
    if key is None:
        return
    for name in _FORMS_OF_KEYS if key.derive else ():
        form = (TRANSFORMS[name],) if name else ()
        if form != key.form:
            cause = f"each derived key was written as {name}" if name else "each derived key was taken as its bytes"
            yield cause, _under(context, replace(scheme, key=replace(key, form=form)))
    if not isinstance(key.part.form, Group):
        return
    for joiner in _JOINERS:
        if joiner != key.part.form.joiner:
            cause = f"the parts of the key were joined by {joiner!r} instead of {key.part.form.joiner!r}"
            part = replace(key.part, form=replace(key.part.form, joiner=joiner))
            yield cause, _under(context, replace(scheme, key=replace(key, part=part)))
    alone = Key(part=Part(form=Source("credential", "secret_key")))
    cause = "what is the key was signed, and the secret key alone was the key"
    yield cause, _under(context, replace(scheme, key=alone, message=key.part))


def _other_messages(context: Context) -> Attempts:
    """The message with one part changed."""
    scheme = context.scheme
    for cause, message in _variants(scheme.message, "the message"):
        yield cause, _under(context, replace(scheme, message=message))
    for name, value in scheme.values.items():
        for cause, part in _variants(value, f"`value.{name}`"):
            yield cause, _under(context, replace(scheme, values={**scheme.values, name: part}))


def _variants(part: Part, name: str) -> Iterator[tuple[str, Part]]:
    if part.transforms:
        yield f"{name} was not transformed", replace(part, transforms=())
    if len(part.transforms) > 1:
        yield f"{name} lacks its last transform", replace(part, transforms=part.transforms[:-1])
    if part.before:
        yield f"{name} was signed without {part.before!r} before it", replace(part, before="")
        always = Group((Part(form=Text((part.before,))), Part(form=part.form)), "")
        yield (
            f"{name} was signed with {part.before!r} before it, though it is empty",
            replace(part, form=always, before=""),
        )
    if isinstance(part.form, Parameters):
        yield from _variants_of_set(part, part.form)
    if isinstance(part.form, Group):
        yield from _variants_of_group(part, part.form, name)


def _variants_of_set(part: Part, form: Parameters) -> Iterator[tuple[str, Part]]:
    for order in ORDERS:
        if order != form.order:
            yield (
                f"the parameters were signed {order} instead of {form.order}",
                replace(part, form=replace(form, order=order)),
            )
    if form.empty == "name":
        cause = "parameters without a value were signed like those that have one"
        yield cause, replace(part, form=replace(form, empty="keep"))
    if form.only:
        yield "all parameters were signed, not only those that count", replace(part, form=replace(form, only=()))
    if form.values:
        yield "the values of the parameters were signed raw", replace(part, form=replace(form, values=()))
    for step in ("percent-encode", "form-encode"):
        encoded = replace(form, values=(TRANSFORMS[step],))
        yield f"the values of the parameters were signed with {step}", replace(part, form=encoded)
    for separator in SEPARATORS:
        if separator != form.separator:
            cause = f"the parameters were joined by {separator!r} instead of {form.separator!r}"
            yield cause, replace(part, form=replace(form, separator=separator))


def _variants_of_group(part: Part, form: Group, name: str) -> Iterator[tuple[str, Part]]:
    for joiner in _JOINERS:
        if joiner != form.joiner:
            cause = f"the parts of {name} were joined by {joiner!r} instead of {form.joiner!r}"
            yield cause, replace(part, form=replace(form, joiner=joiner))
    for index, inner in enumerate(form.parts):
        shown = describe_part(inner, index)
        rest = (*form.parts[:index], *form.parts[index + 1 :])
        yield f"{shown} was not signed", replace(part, form=replace(form, parts=rest))
        for cause, changed in _variants(inner, shown):
            parts = (*form.parts[:index], changed, *form.parts[index + 1 :])
            yield cause, replace(part, form=replace(form, parts=parts))
    for index in range(len(form.parts) - 1):
        first, second = form.parts[index], form.parts[index + 1]
        swapped = (*form.parts[:index], second, first, *form.parts[index + 2 :])
        cause = f"{describe_part(second, index + 1)} was signed before {describe_part(first, index)}"
        yield cause, replace(part, form=replace(form, parts=swapped))


_KINDS = (_other_inputs, _other_results, _other_keys, _other_messages)
