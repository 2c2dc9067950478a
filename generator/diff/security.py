"""Signature, token and security schemes: what a caller shows, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from generator.diff.change import Finding
from generator.diff.notes import described
from generator.diff.texts import shown
from generator.diff.where import Where
from generator.ir import Api, Operation, SecurityScheme, Signing, Token

_CLAUSES = {
    "key_encoding": "key.encoding",
    "sources": "message.parameters",
    **{name: f"message.{name}" for name in ("exclude", "order", "pair", "separator", "values", "encoding")},
    "send": "placement.send",
    "accept": "placement.accept",
}
_UNSIGNED = ("scheme", "parameter", "description")  # the name of a component; a name on the wire, seen below; words
Alternatives = set[frozenset[str]]


def signing_changes(old: Signing | None, new: Signing | None) -> Iterator[Finding]:
    """Every clause of the signing scheme that says something else."""
    if old is None or new is None:
        if old or new:
            sentence = "requests are signed" if new else "requests are no longer signed"
            yield Finding(rule="signing-changed", path="", sentence=sentence)
        return
    before, after = dict(_clauses(old)), dict(_clauses(new))
    for clause, value in after.items():
        if before[clause] != value:
            yield Finding(rule="signing-changed", path=clause, sentence=f"the clause is {value}, was {before[clause]}")
    yield from described(Where("signing"), old.description, new.description)


def token_changes(old: Token | None, new: Token | None) -> Iterator[Finding]:
    """How the token is written into its header."""
    if old is None or new is None:
        if old or new:
            sentence = "requests carry a token" if new else "requests carry no token any more"
            yield Finding(rule="token-changed", path="", sentence=sentence)
        return
    for what in ("header", "format"):
        before, after = shown(getattr(old, what)), shown(getattr(new, what))
        if before != after:
            yield Finding(rule="token-changed", path=what, sentence=f"the {what} is {after}, was {before}")
    yield from described(Where("token"), old.description, new.description)


def scheme_changes(old: Api, new: Api) -> Iterator[Finding]:
    """Security schemes of the same name that ask for credentials elsewhere."""
    after = {scheme.name: scheme for scheme in new.security_schemes}
    for scheme in old.security_schemes:
        other = after.get(scheme.name)
        if other and _wire(other) != _wire(scheme):
            sentence = f"the credentials are {_said(other)}, were {_said(scheme)}"
            yield Finding(rule="security-scheme-changed", path=scheme.name, sentence=sentence)


class Requirements:
    """What operations ask for; a scheme that is only called otherwise is the same scheme."""

    def __init__(self, old: Api, new: Api) -> None:
        names = {scheme.name for scheme in new.security_schemes}
        by_wire = {_wire(scheme): scheme.name for scheme in new.security_schemes}
        self._now = {
            scheme.name: scheme.name if scheme.name in names else by_wire.get(_wire(scheme), scheme.name)
            for scheme in old.security_schemes
        }
        self._signers = {api.signing.scheme for api in (old, new) if api.signing}

    def changes(self, old: Operation, new: Operation) -> Iterator[Finding]:
        """Whether calls have to be signed, and whether the other credentials are still enough."""
        if old.signed != new.signed:
            word = "signed" if new.signed else "unsigned"
            yield Finding(rule=f"operation-became-{word}", path="", sentence=f"calls are {word} now")
        before = self._alternatives(tuple(tuple(map(self._name, one)) for one in old.security))
        after = self._alternatives(new.security)
        if before != after:
            enough = all(any(asked <= shown_ for asked in after) for shown_ in before)
            way = "widened" if enough else "narrowed"
            sentence = f"it asks for {_options(after)}, was {_options(before)}"
            yield Finding(rule=f"operation-security-{way}", path="", sentence=sentence)

    def _name(self, old: str) -> str:
        return self._now.get(old, old)

    def _alternatives(self, security: tuple[tuple[str, ...], ...]) -> Alternatives:
        return {frozenset(one) - self._signers for one in security} or {frozenset()}


def _clauses(signing: Signing) -> Iterator[tuple[str, str]]:
    for field in fields(signing):
        value = getattr(signing, field.name)
        if is_dataclass(value):
            yield from ((f"{field.name}.{inner.name}", shown(getattr(value, inner.name))) for inner in fields(value))
        elif field.name not in _UNSIGNED:
            yield _CLAUSES.get(field.name, field.name), shown(value)


def _wire(scheme: SecurityScheme) -> tuple[str, str, str, str]:
    return scheme.type, scheme.location, scheme.parameter, scheme.scheme


def _said(scheme: SecurityScheme) -> str:
    return " ".join(filter(None, _wire(scheme)))


def _options(alternatives: Alternatives) -> str:
    return " or ".join(sorted(" and ".join(sorted(one)) or "nothing" for one in alternatives))
