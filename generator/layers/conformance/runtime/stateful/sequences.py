"""A Hypothesis state machine: requests to the objects of one resource in any order, compared with a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import integers

from ..api import Json, Operation
from ..lifecycles import Lifecycle, is_marked_deleted
from ..results import FAILED, Result
from .check_run import CheckRun, Exchange, NoResponse, NotPossible
from .checks.objects import SEQUENCE
from .creation import show
from .factory import CreatedObject, ObjectFactory
from .lists.pager import Pager, item_of
from .sent_values import differ, lost_values, shows_another_object
from .updates import changes

_STEPS = 12
_EXAMPLES_PER_SEQUENCE = 8
_ANY = integers(0, 999)


def check_sequences(run: CheckRun, lifecycle: Lifecycle) -> Iterator[Result]:
    """Report where the server differs from the model; after the first difference nothing more is tried."""
    results: list[Result] = []
    errors: list[Exception] = []
    factory = ObjectFactory(run)

    def start() -> Sequence:
        return Sequence(ObjectModel(factory, lifecycle, results), errors)

    seeded: Any = hypothesis.seed(run.plan.seed)(start)
    run_state_machine_as_test(
        seeded,
        settings=hypothesis.settings(
            max_examples=max(1, run.plan.max_examples // _EXAMPLES_PER_SEQUENCE),
            stateful_step_count=_STEPS,
            phases=(Phase.generate,),
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    yield from results
    if errors:
        raise errors[0]


class ObjectModel:
    """The model of one sequence: the objects that exist, as they were last seen, and the deleted ones."""

    def __init__(self, factory: ObjectFactory, lifecycle: Lifecycle, results: list[Result]) -> None:
        self._factory = factory
        self._run = factory.run
        self.lifecycle = lifecycle
        self._results = results
        self._done: list[str] = []
        self._gone: list[CreatedObject] = []
        self._last_seen: dict[str, Exchange] = {}
        self.alive: list[CreatedObject] = []

    @property
    def known(self) -> list[CreatedObject]:
        """Every object that exists or existed."""
        return self.alive + self._gone

    @property
    def is_over(self) -> bool:
        """Whether the server differs from the model."""
        return any(result.status == FAILED for result in self._results)

    def create(self) -> None:
        """Create an object."""
        created = self._factory.create(self.lifecycle.creator)
        self._note("created", created)
        self._gone = [one for one in self._gone if one.known != created.known]  # a server may reuse an id
        self.alive.append(created)
        self._check_write(created, self.lifecycle.creator, created.sent)

    def change(self, which: int, how: int) -> None:
        """Change one object; whether the server accepts it is not checked here."""
        created = self.alive[which % len(self.alive)]
        changer = self.lifecycle.changers[how % len(self.lifecycle.changers)]
        bodies = list(changes(self._factory, changer, self._last_seen[str(created.identity)]))
        body = bodies[how % len(bodies)]
        if self._run.ask(changer, self._factory.ids(changer, created), body).succeeded:
            self._note("changed", created)
            self._check_write(created, changer, body)

    def remove(self, which: int) -> None:
        """Delete an object, if that is possible."""
        created, destroyer = self.alive[which % len(self.alive)], self.lifecycle.destroyer
        if destroyer and self._run.ask(destroyer, self._factory.ids(destroyer, created)).succeeded:
            self._note("deleted", created)
            self.alive.remove(created)
            self._gone.append(created)
            self._look(created)

    def look(self, which: int) -> None:
        """Check that an object is as its own last change left it, or gone."""
        self._look(self.known[which % len(self.known)])

    def _look(self, created: CreatedObject) -> None:
        shown = show(self._factory, self.lifecycle, created)
        if created in self._gone:
            marked = is_marked_deleted(self._run.plan, self.lifecycle, shown.object)
            another = shows_another_object(shown, self._last_seen[str(created.identity)])
            gone = self._factory.is_gone(shown) or marked or another
            self._judge(shown, gone, "404, since it was deleted")
            return
        changed = sorted(self._changed_settings(created, shown)) if shown.succeeded else []
        self._judge(shown, shown.succeeded and not changed, "the object as it was last seen", ", ".join(changed))

    def find(self, which: int) -> None:
        """Check that the list has an object that exists, and none that is gone."""
        created = self.known[which % len(self.known)]
        lister = self.lifecycle.listers[0]
        _, page, is_certain = Pager(factory=self._factory, lister=lister, created=created).find(created)
        if not is_certain and page.succeeded:
            return
        item = item_of(page, created)
        listed = item is not None and not is_marked_deleted(self._run.plan, self.lifecycle, item)
        if listed and created in self._gone:
            listed = not shows_another_object(
                show(self._factory, self.lifecycle, created), self._last_seen[str(created.identity)]
            )
        expected = "a list without it" if created in self._gone else "the object in the list"
        self._judge(page, listed is (created not in self._gone), f"{expected} ({created.identity})")

    def _check_write(self, created: CreatedObject, writer: Operation, sent: Mapping[str, Json]) -> None:
        """Check the values that were just sent; from now on they may not change by themselves."""
        shown = show(self._factory, self.lifecycle, created)
        lost = set(lost_values(writer, sent, shown.object))
        if writer.kind == "update":
            lost |= set(self._changed_settings(created, shown)) - set(sent)
        expected = "the values that were sent, and no other ones changed"
        self._judge(shown, shown.succeeded and not lost, expected, ", ".join(sorted(lost)))
        self._last_seen[str(created.identity)] = shown

    def _changed_settings(self, created: CreatedObject, after: Exchange) -> Iterator[str]:
        """The settings whose values differ from when the object was last seen."""
        before = self._last_seen[str(created.identity)]
        for setting in self.lifecycle.creator.settable:
            old, new = before.object.get(setting.name), after.object.get(setting.name)
            if setting.shown and differ(setting.kind, old, new):
                yield setting.name

    def _note(self, what: str, created: CreatedObject) -> None:
        self._done.append(f"{what} {created.identity}")

    def _judge(self, exchange: Exchange, fine: bool, expected: str, changed: str = "") -> None:
        observed = f"after {', '.join(self._done)}" + (f": other values in {changed}" if changed else "")
        self._results += self._run.verdict(SEQUENCE, exchange, fine, expected, observed=observed)


class Sequence(RuleBasedStateMachine):
    """The rules of the state machine. None raises: Hypothesis would try to shrink that."""

    def __init__(self, model: ObjectModel, errors: list[Exception]) -> None:
        super().__init__()
        self.model = model
        self._errors = errors

    @rule()
    def create(self) -> None:
        self._go(self.model.create)

    @precondition(lambda self: self.model.alive and self.model.lifecycle.changers)
    @rule(which=_ANY, how=_ANY)
    def change(self, which: int, how: int) -> None:
        self._go(self.model.change, which, how)

    @precondition(lambda self: self.model.alive)
    @rule(which=_ANY)
    def remove(self, which: int) -> None:
        self._go(self.model.remove, which)

    @precondition(lambda self: self.model.known)
    @rule(which=_ANY)
    def look(self, which: int) -> None:
        self._go(self.model.look, which)

    @precondition(lambda self: self.model.known and self.model.lifecycle.listers)
    @rule(which=_ANY)
    def find(self, which: int) -> None:
        self._go(self.model.find, which)

    def _go(self, act: Callable[..., None], *chosen: int) -> None:
        if self._errors or self.model.is_over:
            return
        try:
            act(*chosen)
        except (NotPossible, NoResponse) as error:
            self._errors.append(error)
