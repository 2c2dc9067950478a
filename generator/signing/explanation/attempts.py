"""A request as its signer may have seen it, and one attempt after the other to sign it as he did."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..orders import sort_pairs
from ..scheme import Scheme

USUAL_WORK = 16_000_000  # a tenth of a second

Pairs = list[tuple[str, str]]
Cause = str | Callable[[], str]  # called if it is the one: of thousands of sentences one is needed
Attempts = Iterator[tuple[Cause, str]]  # what was done wrong, and the signature that comes of it


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRequest:
    """The request whose signature is explained.

    `path`, `query` and `body` are the names sent in each place, in the order sent; `overridden` are the
    values of names that another place had too, and lost; `names` are the placeholders of other paths.
    `pairs` are the names and texts that are signed, in the right order, and `base_string` is what is signed:
    values become text once, and not for each attempt. `most_work` bounds the search: about the bytes that are signed.
    """

    scheme: Scheme
    params: Mapping[str, object]
    pairs: Pairs
    base_string: str
    secret_key: str
    path: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    overridden: Mapping[str, object] = field(default_factory=dict)
    token: str = ""
    names: tuple[str, ...] = ()
    masked: frozenset[str] = frozenset()
    most_work: int = USUAL_WORK

    def sign_pairs(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The signature over these pairs, in this order."""
        return self.sign_text(self.scheme.joined(pairs))

    def sign_text(self, base_string: str | bytes) -> str:
        """The signature of this base string."""
        return self.scheme.digest_of(base_string, self.secret_key)

    def sign_without(self, names: Collection[str]) -> str:
        """The signature without these parameters."""
        return self.sign_pairs(pair for pair in self.pairs if pair[0] not in names)

    def sign_with(self, changes: Mapping[str, object], *, without: Collection[str] = ()) -> str:
        """The signature with these values changed or added, in the scheme's order."""
        rest = {name: text for name, text in self.pairs if name not in without}
        return self.sign_pairs(sort_pairs([*{**rest, **dict(self.scheme.pairs(changes))}.items()], self.scheme.order))


def list_names(names: Collection[str], most: int = 8) -> str:
    """Names for a sentence: `a`, `b` and 3 more."""
    shown = ", ".join(f"`{name}`" for name in list(names)[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
