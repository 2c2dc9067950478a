"""What is left out of a body: the default that a creation gives it, and what a replacement makes of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ...api import Json, Operation, Setting, load_document
from ...lifecycles import Lifecycle
from ...results import ADVISORY, SHOULD, Level, Result
from ..check_run import CheckRun
from ..checks.objects import DEFAULT, REPLACED
from ..creation import show
from ..factory import CreatedObject, ObjectFactory
from ..sent_values import differ

_LEFT_OUT = re.compile(
    r"left out|leave[sd]? out|omit|missing|absent|not (?:sent|given|present|provided|included|named)", re.IGNORECASE
)
_GONE = re.compile(r"remov|reset|clear|null|default|empt|gone|lost|delet|unset|drop", re.IGNORECASE)
_KEPT = re.compile(
    r"keep|kept|unchang|\bstays?\b|remain|preserv|untouch|as (?:it|they) (?:is|are|was|were)", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")


def has_left_out(api: str, lifecycle: Lifecycle) -> bool:
    """Whether the description says anything of what is left out."""
    replacing = any(level_of_replacement(api, lifecycle, one) for one in lifecycle.changers if one.kind == "replace")
    return lifecycle.shower is not None and (replacing or any(_list_defaults(lifecycle.creator)))


def check_left_out(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Check a creation without what has a default, and replacements with the required settings alone."""
    factory = ObjectFactory(run)
    yield from _check_defaults(run, factory, lifecycle)
    for changer in lifecycle.changers:
        level = level_of_replacement(run.api.name, lifecycle, changer) if changer.kind == "replace" else None
        if level is not None:
            yield from _check_replacement(run, factory, lifecycle, changer, level)


def level_of_replacement(api: str, lifecycle: Lifecycle, changer: Operation) -> Level | None:
    """How plain it is that a replacement removes what it leaves out; None if the description leaves that open.

    It says so in a sentence; or a PUT asks for settings that the PATCH beside it does not, which is but a hint.
    """
    written = load_document(api)["paths"].get(changer.path, {}).get(changer.method.lower(), {})
    sentences = _SENTENCE.split(f"{written.get('summary', '')}. {written.get('description', '')}")
    about = [one for one in sentences if _LEFT_OUT.search(one)]
    if any(_KEPT.search(one) for one in about):
        return None
    if any(_GONE.search(one) for one in about):
        return SHOULD
    partial = next((one for one in lifecycle.changers if one.method == "PATCH" and one.path == changer.path), None)
    required = {setting.name for setting in changer.settable if setting.required}
    is_whole = partial is not None and required - {setting.name for setting in partial.settable if setting.required}
    return ADVISORY if is_whole else None


def _list_defaults(operation: Operation) -> Iterator[tuple[Setting, Json]]:
    """The settings that may be left out and are shown, with their defaults; ids may be those of others."""
    named = dict(operation.named)
    for setting in operation.settable:
        if setting.default and setting.shown and not setting.required and setting.name not in named:
            yield setting, json.loads(setting.default)


def _check_defaults(run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle) -> Iterator[Result]:
    creator, defaults = lifecycle.creator, list(_list_defaults(lifecycle.creator))
    if not defaults or lifecycle.shower is None:
        return
    factory.create(creator)  # with other names, if it takes these
    _, created = factory.try_create(creator, without={setting.name for setting, _ in defaults})
    if created is None:
        return
    shown = show(factory, lifecycle, created)
    wrong = [s.name for s, value in defaults if s.name in shown.object and _is_other(s, value, shown.object[s.name])]
    expected = f"the default of {', '.join(wrong)}, which {'was' if len(wrong) == 1 else 'were'} left out"
    observed = ", ".join(f"{name} {json.dumps(shown.object[name])}" for name in wrong)
    yield from run.verdict(DEFAULT, shown, not wrong, expected, of=creator, observed=observed)


def _is_other(setting: Setting, default: Json, shown: Json) -> bool:
    """Whether a member shows something else than the default; null says that there is nothing."""
    if default is None or shown is None:
        return default is not shown and not setting.nullable
    return differ(setting.kind, default, shown)


def _check_replacement(
    run: CheckRun, factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation, level: Level
) -> Iterator[Result]:
    """What the object has, and a replacement with the required settings alone leaves out."""
    created = _create_full(factory, lifecycle, changer)
    before = show(factory, lifecycle, created)
    sent = {**factory.body(changer), **{n: v for n, v in before.object.items() if v is not None}}
    body = {
        setting.name: sent[setting.name] for setting in changer.settable if setting.required and setting.name in sent
    }
    exchange = run.ask(changer, factory.ids(changer, created), body)
    if not exchange.succeeded:
        yield from run.skip(REPLACED, changer, f"answered {exchange.status}, so nothing was replaced")
        return
    after = show(factory, lifecycle, created)
    left_out = [one for one in changer.settable if one.shown and one.name not in body and _has_own(one, before.object)]
    kept = [one.name for one in left_out if after.object.get(one.name) == before.object[one.name]]
    if left_out:
        expected, observed = "an object without what was left out", f"the old value in {', '.join(kept)}"
        yield from run.verdict(REPLACED, exchange, not kept, expected, observed=observed, level=level)


def _create_full(factory: ObjectFactory, lifecycle: Lifecycle, changer: Operation) -> CreatedObject:
    """An object with a value in each setting that a replacement could leave out."""
    known = {setting.name for setting in lifecycle.creator.settable} - {*dict(lifecycle.creator.named)}
    free = (one for one in changer.settable if one.name in known and one.shown and not one.required)
    more = {one.name: one.sample for one in free if one.sample not in (None, "", [], {})}
    _, created = factory.try_create(lifecycle.creator, {**more, **factory.body(lifecycle.creator)})
    return created or factory.create(lifecycle.creator)


def _has_own(setting: Setting, shown: Mapping[str, Json]) -> bool:
    """Whether the object has a value that is not the one of an object without it."""
    value = shown.get(setting.name)
    default = json.loads(setting.default) if setting.default else None
    return value not in (None, "", False, 0, [], {}) and (default is None or differ(setting.kind, default, value))
