"""Signature, token and security schemes: what a caller shows, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.diff.change import Finding
from generator.diff.notes import description_changes
from generator.diff.signing.flows import flow_changes
from generator.diff.signing.prose import about_signing, says_otherwise, speaks_of_signing
from generator.diff.texts import json_text
from generator.diff.where import Where
from generator.ir import Api, Operation, SecurityScheme, Token, thaw
from generator.signing.language import SigningScheme, inspect_scheme

_OURS = ("x-signing", "x-token")  # compared clause by clause
Clauses = dict[str, str]
Alternatives = set[frozenset[str]]


def compare_schemes(old: Api, new: Api) -> Iterator[Finding]:
    """Every clause of a signing scheme that says something else."""
    before, after = _rules(old), _rules(new)
    if before != after and _read_meanings(old) == _read_meanings(new) is not None:
        sentence = "the scheme is written otherwise and means the same"
        yield Finding(rule="signing-rewritten", path="", sentence=sentence)
        return
    if len(before) == len(after) == 1:  # its name is no part of the rule
        yield from _clause_changes("", *before.values(), *after.values())
        return
    for name in dict.fromkeys((*before, *after)):
        if name in before and name in after:
            yield from _clause_changes(f"{name} ", before[name], after[name])
        else:
            sentence = f"requests are {'signed' if name in after else 'no longer signed'}"
            yield Finding(rule="signing-changed", path=name if len(before) + len(after) > 1 else "", sentence=sentence)


def _clause_changes(prefix: str, old: Clauses, new: Clauses) -> Iterator[Finding]:
    for clause in dict.fromkeys((*old, *new)):
        now, then = new.get(clause, "not given"), old.get(clause, "not given")
        if now != then:
            sentence = f"the clause is {now}, was {then}"
            yield Finding(rule="signing-changed", path=f"{prefix}{clause}", sentence=sentence)


def signs_paths(api: Api) -> bool:
    """Whether the parameters of the path are signed."""
    return any('"path"' in value for clauses in _rules(api).values() for value in clauses.values())


def token_changes(old: Token | None, new: Token | None) -> Iterator[Finding]:
    """How the token is written into its header."""
    if old is None or new is None:
        if old or new:
            sentence = "requests carry a token" if new else "requests carry no token any more"
            yield Finding(rule="token-changed", path="", sentence=sentence)
        return
    for what in ("header", "format"):
        before, after = json_text(getattr(old, what)), json_text(getattr(new, what))
        if before != after:
            yield Finding(rule="token-changed", path=what, sentence=f"the {what} is {after}, was {before}")


def scheme_changes(old: Api, new: Api) -> Iterator[Finding]:
    """Security schemes that ask for credentials elsewhere, or in other words; a new name changes nothing."""
    after = {scheme.name: scheme for scheme in new.security_schemes}
    by_wire = {_wire(scheme): scheme for scheme in new.security_schemes}
    explained = old.signing is not None and new.signing is not None
    for scheme in old.security_schemes:
        other = after.get(scheme.name) or by_wire.get(_wire(scheme))
        if other is None:
            continue
        if _wire(other) != _wire(scheme):
            sentence = f"the credentials are {_wire_text(other)}, were {_wire_text(scheme)}"
            yield Finding(rule="security-scheme-changed", path=scheme.name, sentence=sentence)
        yield from _settings(scheme, other)
        yield from _words(scheme, other, explained)


def _settings(old: SecurityScheme, new: SecurityScheme) -> Iterator[Finding]:
    """Extensions of other people's, and the keywords of OAuth and OpenID."""
    before, after = ({key: value for key, value in one.settings if key not in _OURS} for one in (old, new))
    for key in dict.fromkeys((*before, *after)):
        earlier, later = before.get(key), after.get(key)
        if json_text(earlier) == json_text(later):
            continue
        if key == "flows":
            yield from flow_changes(new.name, earlier, later)
        elif key.startswith("x-") and (speaks_of_signing(key, earlier) or speaks_of_signing(key, later)):
            sentence = f"{key} says otherwise how requests are signed"
            yield Finding(rule="signing-extension-changed", path=new.name, sentence=sentence)
        elif key == "openIdConnectUrl":
            sentence = f"the address is {json_text(later)}, was {json_text(earlier)}"
            yield Finding(rule="security-scheme-changed", path=new.name, sentence=sentence)
        else:
            yield Finding(rule="security-setting-changed", path=new.name, sentence=f"{key} says something else")


def _words(old: SecurityScheme, new: SecurityScheme, explained: bool) -> Iterator[Finding]:
    signs = about_signing(old) or about_signing(new)
    if signs and says_otherwise(old.description, new.description, explained=explained):
        sentence = "the words that say how requests are signed differ"
        yield Finding(rule="signing-described-otherwise", path=new.name, sentence=sentence)
    else:
        yield from description_changes(Where("security", new.name), old.description, new.description)


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
        yield from self._scopes(old, new)

    def _scopes(self, old: Operation, new: Operation) -> Iterator[Finding]:
        before = {frozenset((self._name(scheme), scope) for scheme, scope in one) for one in old.scopes}
        after = {frozenset(one) for one in new.scopes}
        if before != after and before and after:
            enough = all(any(asked <= shown_ for asked in after) for shown_ in before)
            asked, were = (_options({frozenset(scope for _, scope in one) for one in side}) for side in (after, before))
            way = "widened" if enough else "narrowed"
            sentence = f"the scopes are {asked}, were {were}"
            yield Finding(rule=f"operation-scopes-{way}", path="", sentence=sentence)

    def _name(self, old: str) -> str:
        return self._now.get(old, old)

    def _alternatives(self, security: tuple[tuple[str, ...], ...]) -> Alternatives:
        return {frozenset(one) - self._signers for one in security} or {frozenset()}


def _rules(api: Api) -> dict[str, Clauses]:
    """The values of `x-signing` by the names of their schemes."""
    values = ((scheme.name, dict(scheme.settings).get("x-signing")) for scheme in api.security_schemes)
    return {name: dict(_clauses("", value)) for name, value in values if isinstance(value, Mapping)}


def _read_meanings(api: Api) -> dict[str, SigningScheme] | None:
    """What the values of `x-signing` mean, by the names of their schemes, without the words that describe settings.

    The name of the only scheme is no part of the rule. None if a value has a fault, or there is none.
    """
    found = {
        one.scheme: inspect_scheme(thaw(one.value))  # type: ignore[arg-type]  # a mapping stays a mapping
        for one in api.signature_schemes
    }
    if not found or any(problems for _, problems in found.values()):
        return None
    return {name if len(found) > 1 else "": _drop_words(scheme) for name, (scheme, _) in found.items()}


def _drop_words(scheme: SigningScheme) -> SigningScheme:
    credentials, settings = (
        {name: replace(one, description="") for name, one in declared.items()}
        for declared in (scheme.credentials, scheme.settings)
    )
    return replace(scheme, credentials=credentials, settings=settings)


def _clauses(path: str, value: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _clauses(f"{path}{key}.", inner)
        else:
            yield f"{path}{key}", json_text(inner)


def _wire(scheme: SecurityScheme) -> tuple[str, str, str, str]:
    return scheme.type, scheme.location, scheme.parameter, scheme.scheme


def _wire_text(scheme: SecurityScheme) -> str:
    return " ".join(filter(None, _wire(scheme)))


def _options(alternatives: Alternatives) -> str:
    return " or ".join(sorted(" and ".join(sorted(one)) or "nothing" for one in alternatives))
