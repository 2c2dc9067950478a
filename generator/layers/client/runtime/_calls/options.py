"""What users can set for a client, and for one call: timeout, deadline, retries, headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypedDict

from .._errors.argument_checks import is_async_function, show_value
from .._errors.exceptions import InvalidArgument
from .attempt import Attempt

_RESERVED = frozenset(
    ("accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "transfer-encoding")
)
_MOST_SECONDS = 1e9  # 31 years; sockets take no more than 292
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)  # a token of RFC 9110


def _check_seconds(name: str, value: object, *, zero: bool) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not (0 <= value < float("inf")):
        raise InvalidArgument(f"{name}={show_value(value)} is no number of seconds")
    if value > _MOST_SECONDS:
        raise InvalidArgument(f"{name}= is longer than any machine waits{'' if zero else ' (pass None for no limit)'}")
    if value == 0 and not zero:
        raise InvalidArgument(f"{name}=0 leaves no time (pass None for no limit)")


def _check_count(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidArgument(f"{name}={show_value(value)} is no count (pass 0 or a larger whole number)")


def _check_headers(headers: object) -> None:
    if not isinstance(headers, Mapping):
        raise InvalidArgument("extra_headers= must be a mapping of names to texts")
    for name, value in headers.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise InvalidArgument("extra_headers= must be a mapping of names to texts")
        if name.lower() in _RESERVED:
            raise InvalidArgument(f"extra_headers= must not hold {name}: the client writes it itself")
        if not _NAME.fullmatch(name):
            raise InvalidArgument("a name in extra_headers= is no name of a header")
        if not (value.isascii() and value.replace("\t", "").isprintable()) or value != value.strip():
            hint = "ASCII on one line, without blanks around it"
            raise InvalidArgument(f"the value of {name} in extra_headers= cannot be sent ({hint})")
    if len({name.lower() for name in headers}) < len(headers):
        raise InvalidArgument("extra_headers= must not hold a name in two spellings")


def _check_policy(policy: object) -> None:
    if not isinstance(policy, RetryPolicy):
        raise InvalidArgument(f"retry={show_value(policy)} is no policy (pass a RetryPolicy)")


def _check_hooks(hooks: object) -> None:
    if not isinstance(hooks, Hooks):
        raise InvalidArgument(f"hooks={show_value(hooks)} are none (pass Hooks(request=..., response=..., retry=...))")


Hook: TypeAlias = Callable[[Attempt], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Functions that are called for every attempt: before it is sent, after it, and before it is repeated.

    They are called by sync and async clients alike, so they should return at once.
    """

    request: Hook | None = None
    response: Hook | None = None
    retry: Hook | None = None

    def __post_init__(self) -> None:
        for name in ("request", "response", "retry"):
            hook = getattr(self, name)
            if hook is not None and not callable(hook):
                raise InvalidArgument(f"{name}={show_value(hook)} in hooks= is no function")
            if hook is not None and is_async_function(hook):
                raise InvalidArgument(f"{name}= in hooks= must be a plain function: an `async def` would never run")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How a failed call is repeated; times are in seconds.

    `max_retries` is how many attempts follow the first one. The waits between them are random,
    between `first_wait` and `longest_wait`, and grow; a server that asks for a wait with
    `Retry-After` gets it, up to `longest_retry_after`. `look_first` is about operations that create
    an object: their lists are read before the first attempt, so that after a lost response the new
    object is distinguished from older ones; without it such a call is not repeated. `return_found` says that
    an object which was found after a lost response, and which is new and equal, is returned; without
    it `OutcomeUnknown` names it, which is for programs beside which others create equal objects.
    """

    max_retries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 8.0
    longest_retry_after: float = 60.0
    look_first: bool = True
    return_found: bool = True

    def __post_init__(self) -> None:
        _check_count("max_retries", self.max_retries)
        for name in ("first_wait", "longest_wait", "longest_retry_after"):
            _check_seconds(name, getattr(self, name), zero=True)


def join_options(options: Mapping[str, object], later: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a call with others, which count where both have one."""
    return {**options, **later}


class CallOptions(TypedDict, total=False):
    """The options of one call, see `Settings`; `max_retries` stands for that of `retry`."""

    timeout: float | None
    deadline: float | None
    max_retries: int
    retry: RetryPolicy
    extra_headers: Mapping[str, str]
    hooks: Hooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How calls are made; can be pickled, and holds no secret.

    `timeout` is how many seconds one attempt may take from its first byte to its last, `deadline`
    how many the whole call with its retries and waits; None is without limit. `extra_headers` are
    sent with every request.
    """

    timeout: float | None = 30.0
    deadline: float | None = None
    retry: RetryPolicy = RetryPolicy()
    extra_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    hooks: Hooks = field(default=Hooks(), repr=False)

    def __post_init__(self) -> None:
        for name in ("timeout", "deadline"):
            if getattr(self, name) is not None:
                _check_seconds(name, getattr(self, name), zero=False)
        _check_policy(self.retry)
        _check_headers(self.extra_headers)
        _check_hooks(self.hooks)

    def override(self, options: Mapping[str, Any]) -> Settings:
        """The settings with these options; their headers are added to those of the client."""
        changed = dict(options)
        if unknown := changed.keys() - _OPTIONS:
            raise InvalidArgument(
                f"{sorted(unknown)[0]}= is neither an argument nor an option (there are {', '.join(sorted(_OPTIONS))})"
            )
        if "max_retries" in changed:
            policy = changed.get("retry", self.retry)
            _check_policy(policy)
            changed["retry"] = replace(policy, max_retries=changed.pop("max_retries"))
        if "extra_headers" in changed:
            _check_headers(changed["extra_headers"])
            changed["extra_headers"] = _merge_headers(self.extra_headers, changed["extra_headers"])
        return replace(self, **changed)


def _merge_headers(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """All headers; a new one replaces an old one in any spelling."""
    replaced = {name.lower() for name in new}
    return {**{name: value for name, value in old.items() if name.lower() not in replaced}, **new}


_OPTIONS = frozenset(CallOptions.__annotations__)
