"""Requests to the objects of one resource in any order that Hypothesis finds, beside a model of what must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import integers

from ..description import Json, Operation
from ..objects.cleanup import GONE
from ..resources import Resource, is_marked_deleted
from ..results import FAILED, Result
from .check_context import Exchange, NoAnswer, NotPossible, Trial
from .checks.objects import SEQUENCE
from .creation import show
from .factory import Making, Thing
from .pager import Walk, held
from .updates import changes
from .values import different, is_anothers, told_back

_STEPS = 12
_EXAMPLES_PER_SEQUENCE = 8
_ANY = integers(0, 999)


def in_any_order(trial: Trial, resource: Resource) -> Iterator[Result]:
    """What the model and the server do not agree on; after the first difference nothing more is tried."""
    found: list[Result] = []
    ended: list[Exception] = []
    making = Making(trial)

    def begun() -> Sequence:
        return Sequence(Play(making, resource, found), ended)

    seeded: Any = hypothesis.seed(trial.plan.seed)(begun)
    run_state_machine_as_test(
        seeded,
        settings=hypothesis.settings(
            max_examples=max(1, trial.plan.max_examples // _EXAMPLES_PER_SEQUENCE),
            stateful_step_count=_STEPS,
            phases=(Phase.generate,),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    yield from found
    if ended:
        raise ended[0]


class Play:
    """The model in one sequence: which objects are there, as they were last seen, and which are gone."""

    def __init__(self, making: Making, resource: Resource, found: list[Result]) -> None:
        self._making = making
        self._trial = making.trial
        self.resource = resource
        self._found = found
        self._done: list[str] = []
        self._gone: list[Thing] = []
        self._seen: dict[str, Exchange] = {}
        self.alive: list[Thing] = []

    @property
    def known(self) -> list[Thing]:
        """Every object that is or was there."""
        return self.alive + self._gone

    @property
    def is_over(self) -> bool:
        """Whether the server has gone another way than the model."""
        return any(result.status == FAILED for result in self._found)

    def create(self) -> None:
        """One more object."""
        thing = self._making.thing(self.resource.creator)
        self._note("created", thing)
        self._gone = [one for one in self._gone if one.known != thing.known]  # a server may give out an id again
        self.alive.append(thing)
        self._written(thing, self.resource.creator, thing.sent)

    def change(self, which: int, how: int) -> None:
        """Another value in one object; whether the server takes it is not asked here."""
        thing = self.alive[which % len(self.alive)]
        changer = self.resource.changers[how % len(self.resource.changers)]
        bodies = list(changes(self._making, changer, self._seen[str(thing.identity)]))
        body = bodies[how % len(bodies)]
        if self._trial.ask(changer, self._making.ids(changer, thing), body).succeeded:
            self._note("changed", thing)
            self._written(thing, changer, body)

    def remove(self, which: int) -> None:
        """One object less, if it can be deleted."""
        thing, destroyer = self.alive[which % len(self.alive)], self.resource.destroyer
        if destroyer and self._trial.ask(destroyer, self._making.ids(destroyer, thing)).succeeded:
            self._note("deleted", thing)
            self.alive.remove(thing)
            self._gone.append(thing)
            self._look(thing)

    def look(self, which: int) -> None:
        """Any object is as its own last change left it, or gone."""
        self._look(self.known[which % len(self.known)])

    def _look(self, thing: Thing) -> None:
        shown = show(self._making, self.resource, thing)
        if thing in self._gone:
            marked = is_marked_deleted(self._trial.plan, self.resource, shown.object)
            gone = shown.status in GONE or marked or is_anothers(shown, self._seen[str(thing.identity)])
            self._judge(shown, gone, "404, since it was deleted")
            return
        changed = sorted(self._different(thing, shown)) if shown.succeeded else []
        self._judge(shown, shown.succeeded and not changed, "the object as it was last seen", ", ".join(changed))

    def find(self, which: int) -> None:
        """The list holds an object that is there, and none that is gone."""
        thing = self.known[which % len(self.known)]
        lister = self.resource.listers[0]
        _, page = Walk(making=self._making, lister=lister, thing=thing).holding(thing)
        item = held(page, thing)
        listed = item is not None and not is_marked_deleted(self._trial.plan, self.resource, item)
        if listed and thing in self._gone:
            listed = not is_anothers(show(self._making, self.resource, thing), self._seen[str(thing.identity)])
        expected = "a list without it" if thing in self._gone else "the object in the list"
        self._judge(page, listed is (thing not in self._gone), f"{expected} ({thing.identity})")

    def _written(self, thing: Thing, writer: Operation, sent: Mapping[str, Json]) -> None:
        """What was just written is there; from now on it may not change by itself."""
        shown = show(self._making, self.resource, thing)
        lost = set(told_back(writer, sent, shown.object))
        if writer.method == "PATCH":
            lost |= set(self._different(thing, shown)) - set(sent)
        expected = "the values that were sent, and no other ones changed"
        self._judge(shown, shown.succeeded and not lost, expected, ", ".join(sorted(lost)))
        self._seen[str(thing.identity)] = shown

    def _different(self, thing: Thing, after: Exchange) -> Iterator[str]:
        """The settings that an object tells otherwise than when it was last seen."""
        before = self._seen[str(thing.identity)]
        for setting in self.resource.creator.settings:
            old, new = before.object.get(setting.name), after.object.get(setting.name)
            if setting.shown and different(setting.kind, old, new):
                yield setting.name

    def _note(self, what: str, thing: Thing) -> None:
        self._done.append(f"{what} {thing.identity}")

    def _judge(self, exchange: Exchange, fine: bool, expected: str, changed: str = "") -> None:
        observed = f"after {', '.join(self._done)}" + (f": other values in {changed}" if changed else "")
        self._found += self._trial.verdict(SEQUENCE, exchange, fine, expected, observed=observed)


class Sequence(RuleBasedStateMachine):
    """The rules by which Hypothesis may go on. None raises: that would be taken for a failure to shrink."""

    def __init__(self, play: Play, ended: list[Exception]) -> None:
        super().__init__()
        self.play = play
        self._ended = ended

    @rule()
    def create(self) -> None:
        self._go(self.play.create)

    @precondition(lambda self: self.play.alive and self.play.resource.changers)
    @rule(which=_ANY, how=_ANY)
    def change(self, which: int, how: int) -> None:
        self._go(self.play.change, which, how)

    @precondition(lambda self: self.play.alive)
    @rule(which=_ANY)
    def remove(self, which: int) -> None:
        self._go(self.play.remove, which)

    @precondition(lambda self: self.play.known)
    @rule(which=_ANY)
    def look(self, which: int) -> None:
        self._go(self.play.look, which)

    @precondition(lambda self: self.play.known and self.play.resource.listers)
    @rule(which=_ANY)
    def find(self, which: int) -> None:
        self._go(self.play.find, which)

    def _go(self, act: Callable[..., None], *chosen: int) -> None:
        if self._ended or self.play.is_over:
            return
        try:
            act(*chosen)
        except (NotPossible, NoAnswer) as error:
            self._ended.append(error)
