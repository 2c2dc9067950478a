"""Faults of signature checks: wrong signatures that pass, and valid ones that are rejected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import permutations
from typing import Any

from procwise.signing import Scheme
from procwise.signing.messages.variants import VARIANTS

from ..errors import forbidden
from ..http.accounts import credentials
from .fault import Fault
from .lenient_requests import WholeAttempt
from .lenient_verification import Attempt, Leniency

_WRONG = ("signature_invalid",)
_PREFIX = 8
_OTHER_SPELLINGS = ("percent-encoded", "form-encoded", "plain")
_MERGED = "x-signing.message.parameters"
_VALUES = "x-signing.message.values"


def _wrong(
    when: Callable[[Attempt], bool],
    clause: str,
    meaning: str,
    whole: Callable[[WholeAttempt], bool] | None = None,
) -> Fault:
    """A fault that passes some wrong signatures; `whole` says which of requests that are signed as a whole."""
    return Fault(clause=clause, meaning=meaning, leniency=Leniency(codes=_WRONG, when=when, whole=whole))


def _otherwise_signed(when: Callable[[Attempt], bool], variant: str, clause: str, meaning: str) -> Fault:
    """A fault that passes signatures by another scheme."""
    change = VARIANTS[variant]
    leniency = Leniency(
        codes=_WRONG,
        when=when,
        whole=lambda attempt: attempt.has_signature(str.__eq__, scheme=change(attempt.scheme)),
        breaks=lambda scheme: change(scheme) != scheme,
    )
    return Fault(clause=clause, meaning=meaning, leniency=leniency)


def _on(method: str) -> Callable[[Attempt | WholeAttempt], bool]:
    return lambda attempt: attempt.method == method


def _match_all(_attempt: Attempt | WholeAttempt) -> bool:
    return True


def _whole_begins_right(attempt: WholeAttempt) -> bool:
    return attempt.has_signature(lambda sent, expected: sent[:_PREFIX] == expected[:_PREFIX])


def _whole_right_but_for_case(attempt: WholeAttempt) -> bool:
    return attempt.has_signature(lambda sent, expected: sent.lower() == expected.lower())


def _whole_by_another_key(attempt: WholeAttempt) -> bool:
    return any(attempt.has_signature(str.__eq__, user.secret_key) for user in credentials(attempt.connection).values())


def _whole_by_empty_key(attempt: WholeAttempt) -> bool:
    return attempt.has_signature(str.__eq__, "")


def _whole_without_signature(attempt: WholeAttempt) -> bool:
    return not attempt.claims.signatures


def _whole_with_file(attempt: WholeAttempt) -> bool:
    return attempt.request.media_type == "multipart/form-data"


def _with_file(attempt: Attempt) -> bool:
    return bool(attempt.parameters.files)


def _begins_right(attempt: Attempt) -> bool:
    signature = attempt.sent_parameter(attempt.scheme.signature_parameter)
    return str(signature)[:_PREFIX] == attempt.correct_signature()[:_PREFIX]


def _right_but_for_case(attempt: Attempt) -> bool:
    signature = attempt.sent_parameter(attempt.scheme.signature_parameter)
    return str(signature).lower() == attempt.correct_signature().lower()


def _without_path(attempt: Attempt) -> bool:
    return attempt.signs(attempt.merge(path={}))


def _without_query(attempt: Attempt) -> bool:
    return attempt.signs(attempt.merge(query=_stamp_of(attempt, attempt.parameters.query)))


def _without_body(attempt: Attempt) -> bool:
    return attempt.signs(attempt.merge(body=_stamp_of(attempt, attempt.parameters.body)))


def _stamp_of(attempt: Attempt, part: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in part.items() if name in attempt.scheme.parameters}


def _without_values(dropped: Callable[[object], bool]) -> Callable[[Attempt], bool]:
    def when(attempt: Attempt) -> bool:
        return attempt.signs({name: value for name, value in attempt.params.items() if not dropped(value)})

    return when


def _without_parameter(choose: Callable[[Scheme], str]) -> Callable[[Attempt], bool]:
    def when(attempt: Attempt) -> bool:
        left_out = choose(attempt.scheme)
        return attempt.signs({name: value for name, value in attempt.params.items() if name != left_out})

    return when


def _is_empty(value: object) -> bool:
    return value in (None, "", [], {})


def _is_nested(value: object) -> bool:
    return isinstance(value, list | dict)


def _is_unsorted(attempt: Attempt) -> bool:
    parameters = attempt.parameters
    orders = permutations((parameters.path, parameters.query, parameters.body))
    unsorted = _otherwise(attempt, order="as-sent")
    return any(attempt.signs({**first, **then, **last}, scheme=unsorted) for first, then, last in orders)


def _by_schemes(choices: Iterable[Mapping[str, str]]) -> Callable[[Attempt], bool]:
    def when(attempt: Attempt) -> bool:
        params = attempt.params
        return any(attempt.signs(params, scheme=_otherwise(attempt, **clauses)) for clauses in choices)

    return when


def _otherwise(attempt: Attempt, **clauses: Any) -> Scheme:
    return replace(attempt.scheme, **clauses)


def _by_another_key(attempt: Attempt) -> bool:
    return any(attempt.signs(attempt.params, secret_key=key) for key in _known_keys(attempt))


def _known_keys(attempt: Attempt) -> Iterator[str]:
    yield from (user.secret_key for user in credentials(attempt.connection).values())


def _by_empty_key(attempt: Attempt) -> bool:
    return attempt.signs(attempt.params, secret_key="")


def _refuse_beyond_ascii(attempt: Attempt) -> Attempt:
    if not all(f"{name}{value}".isascii() for name, value in attempt.params.items()):
        raise _wrong_signature()
    return attempt


def _sign_lists_as_json(attempt: Attempt) -> Attempt:
    if not any(isinstance(value, list) for value in attempt.params.values()):
        return attempt
    if not attempt.signs(attempt.params, scheme=_otherwise(attempt, values="plain")):
        raise _wrong_signature()
    return attempt.with_correct("signature")


def _sign_trimmed(attempt: Attempt) -> Attempt:
    trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in attempt.params.items()}
    if not attempt.signs(trimmed):
        raise _wrong_signature()
    return attempt.with_correct("signature")


def _wrong_signature() -> Exception:
    return forbidden("signature_invalid", "The signature is wrong.")


FAULTS: Mapping[str, Fault] = {
    "signature-ignored": _wrong(_match_all, "x-signing", "no signature is compared", _match_all),
    "signature-ignored-on-delete": _wrong(
        _on("DELETE"), "x-signing", "the signature of a DELETE is not compared", _on("DELETE")
    ),
    "signature-ignored-on-get": _wrong(_on("GET"), "x-signing", "the signature of a GET is not compared", _on("GET")),
    "signature-ignored-with-file": _wrong(
        _with_file, "x-signing.files", "a request with a file needs no signature", _whole_with_file
    ),
    "missing-signature-accepted": Fault(
        clause="x-signing",
        meaning="a request without a signature passes",
        leniency=Leniency(codes=("signature_missing",), whole=_whole_without_signature),
    ),
    "signature-prefix-compared": _wrong(
        _begins_right,
        "x-signing.digest",
        f"only the first {_PREFIX} characters of a signature are compared",
        _whole_begins_right,
    ),
    "signature-case-ignored": _wrong(
        _right_but_for_case,
        "x-signing.digest",
        "a signature may be in upper or lower case",
        _whole_right_but_for_case,
    ),
    "path-ids-not-signed": _otherwise_signed(
        _without_path, "path", _MERGED, "a signature that leaves the path out passes"
    ),
    "query-not-signed": _otherwise_signed(
        _without_query, "query", _MERGED, "a signature that leaves the query out passes"
    ),
    "body-not-signed": _otherwise_signed(_without_body, "body", _MERGED, "a signature that leaves the body out passes"),
    "empty-values-not-signed": _otherwise_signed(
        _without_values(_is_empty), "empty values", _MERGED, "a signature that leaves empty parameters out passes"
    ),
    "nested-values-not-signed": _wrong(
        _without_values(_is_nested), _MERGED, "a signature that leaves lists and objects out passes"
    ),
    "timestamp-not-signed": _otherwise_signed(
        _without_parameter(lambda scheme: scheme.timestamp_parameter),
        "timestamp",
        "x-signing.message.exclude",
        "a signature that leaves the timestamp out passes, so it can be renewed",
    ),
    "nonce-not-signed": _otherwise_signed(
        _without_parameter(lambda scheme: scheme.nonce_parameter),
        "nonce",
        "x-signing.message.exclude",
        "a signature that leaves the nonce out passes, so it can be replaced",
    ),
    "signed-as-sent": _otherwise_signed(
        _is_unsorted, "order", "x-signing.message.order", "a signature over unsorted parameters passes"
    ),
    "encoded-values-accepted": _wrong(
        _by_schemes([{"values": values} for values in _OTHER_SPELLINGS]),
        _VALUES,
        "a signature over values that were percent-encoded, form-encoded or made JSON passes",
    ),
    "weak-hash-accepted": _otherwise_signed(
        _by_schemes([{"algorithm": "hmac-sha1"}]), "hash", "x-signing.algorithm", "a signature made with SHA-1 passes"
    ),
    "another-key-accepted": _wrong(
        _by_another_key,
        "x-signing.key",
        "a signature with the secret key of another demo user passes",
        _whole_by_another_key,
    ),
    "empty-key-accepted": _wrong(
        _by_empty_key, "x-signing.key", "a signature with an empty secret key passes", _whole_by_empty_key
    ),
    "non-ascii-refused": Fault(
        clause="x-signing.message.encoding",
        meaning="a request with other than ASCII characters is refused",
        leniency=Leniency(before=_refuse_beyond_ascii),
    ),
    "lists-signed-as-json": Fault(
        clause=_VALUES,
        meaning="lists are signed as JSON, and in no other way",
        leniency=Leniency(before=_sign_lists_as_json),
    ),
    "values-signed-trimmed": Fault(
        clause=_VALUES,
        meaning="values are signed without the spaces around them, and in no other way",
        leniency=Leniency(before=_sign_trimmed),
    ),
}
