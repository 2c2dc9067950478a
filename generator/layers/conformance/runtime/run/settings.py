"""The options of a run, as texts and numbers that can be passed to other processes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..api import Api, Credentials
from ..errors import CannotRun
from ..fuzzing.example_database import open_database
from ..plan import Plan
from ..reports.baseline import Comparison, read_baseline
from ..reports.files import read_report, read_results
from ..reports.known import read_known
from ..results import FULL, Profile, Result
from .check_list import checks
from .given_ids import give_ids
from .preflight import check_harmless, credentials

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_DURATION = re.compile(r"(\d+)([smh])")
_RATE = re.compile(r"(\d+(?:\.\d+)?)/([smh])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The options of a run; several patterns in one text are separated by commas.

    `rate` is how many requests may be sent, such as `20/s`; `time` how long the run may take, such as `5m`;
    `until` the moment at which it ends, in seconds since 1970, for processes that start later; `replay` and
    `baseline` are paths of a `report.json`, `known` that of a file of known failures; `ids` are those of objects that
    the suite cannot create.
    """

    url: str = ""
    api: str = ""
    token_env: str = "PROCWISE_TOKEN"  # noqa: S105  # the name of a variable
    secret_env: str = "PROCWISE_SECRET_KEY"  # noqa: S105  # the name of a variable
    second_token_env: str = ""
    second_secret_env: str = ""
    superuser_token_env: str = ""
    superuser_secret_env: str = ""
    profile: Profile = FULL
    seed: int = 1
    max_examples: int = 25
    operations: str | None = None
    include_check: str | None = None
    exclude_check: str | None = None
    units: str = ""
    rate: str = ""
    time: str = ""
    until: float = 0.0
    known: str = ""
    replay: str = ""
    baseline: str = ""
    database: str = ""
    ids: str = ""
    report: str = "procwise-conformance-report"
    i_own_this: bool = False

    def plan(self, apis: Mapping[str, Api], current: str) -> Plan:
        """The plan of the run; raises CannotRun with a sentence if it makes no sense."""
        api = give_ids(find_api(apis, self.api or current), self.ids)
        if self.profile == FULL and not self.i_own_this:
            check_harmless(self.url)
        if self.database:
            open_database(self.database, api.name)
        if self.baseline:
            _check_api(Path(self.baseline), read_report(Path(self.baseline)), api)
        plan = Plan(
            api=api,
            others=tuple(other for other in apis.values() if other.name != api.name),
            url=self.url,
            credentials=credentials(self.token_env, self.secret_env),
            second=other_credentials("second", self.second_token_env, self.second_secret_env),
            superuser=other_credentials("superuser", self.superuser_token_env, self.superuser_secret_env),
            profile=self.profile,
            seed=self.seed,
            max_examples=self.max_examples,
            chosen=read_patterns("operations", self.operations),
            included=read_patterns("include-check", self.include_check),
            excluded=read_patterns("exclude-check", self.exclude_check),
            units=tuple(filter(None, self.units.split(","))),
            rate=_rate(self.rate),
            database=self.database,
            ids=self.ids,
            until=self.until or (time.time() + _duration(self.time) if self.time else 0.0),
        )
        check_patterns(plan, checks(plan.api))
        plan = self._replay_plan(plan) if self.replay else plan
        if not plan.operations:
            raise CannotRun(f"no operation is left to try: the profile {self.profile} calls none of {self.operations}.")
        return plan

    def _replay_plan(self, plan: Plan) -> Plan:
        """The plan of the reported run, limited to its failures."""
        path = Path(self.replay)
        report, failed = read_report(path), tuple(result for result in read_results(path) if result.is_finding)
        _check_api(path, report, plan.api)
        if not failed:
            raise CannotRun(f"{path} names no failure that could be tried again.")
        wanted = tuple(result for result in failed if _is_wanted(plan, result))
        if not wanted:
            raise CannotRun(f"--operations and the checks leave nothing of what failed in {path}.")
        checks = tuple(dict.fromkeys(result.id.partition(" ")[0] for result in wanted))
        numbers = {"seed": report["seed"], "max_examples": report["max_examples"]}
        return replace(plan, replayed=wanted, included=checks, **numbers)

    def comparison(self) -> Comparison:
        """What the report is compared with; raises CannotRun if a file is not of that kind."""
        return Comparison(
            expected=read_known(Path(self.known)) if self.known else (),
            before=read_baseline(Path(self.baseline)) if self.baseline else None,
        )

    def items(self) -> Iterator[tuple[str, str]]:
        """Every option that differs from its default, by its name with dashes."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                yield field.name.replace("_", "-"), str(value)


def find_api(apis: Mapping[str, Api], name: str) -> Api:
    """The version of that name; raises CannotRun if there is none."""
    if name not in apis:
        raise CannotRun(f"there is no version {name!r} of this API: choose one of {', '.join(apis)}.")
    return apis[name]


def _check_api(path: Path, report: Mapping[str, Any], api: Api) -> None:
    if report["api"] != api.name:
        raise CannotRun(f"{path} is of {report['api']}, not of {api.name}: say --api {report['api']}.")


def _is_wanted(plan: Plan, result: Result) -> bool:
    operation = plan.api.by_label(result.operation)
    check, _, _ = result.id.partition(" ")
    return plan.wants(check, result.check) and (operation is None or plan.chooses(operation))


def check_patterns(plan: Plan, checks_of_command: Iterable[tuple[str, str]]) -> None:
    """Raises CannotRun if a pattern of the plan fits no operation, or none of these ids and names of checks."""
    for pattern in plan.chosen:
        if not any(fnmatchcase(text, pattern) for o in plan.api.operations for text in (o.id, o.label)):
            raise CannotRun(
                f"--operations {pattern!r} fits no operation of {plan.api.name}, neither by id nor by path."
            )
    known = list(checks_of_command)
    for option, patterns in (("--include-check", plan.included), ("--exclude-check", plan.excluded)):
        for pattern in patterns:
            if not any(fnmatchcase(text, pattern) for names in known for text in names):
                raise CannotRun(f"{option} {pattern!r} fits no check, neither by id nor by name.")
    if not any(plan.wants(check, name) for check, name in known):
        raise CannotRun("--include-check and --exclude-check leave no check.")


def other_credentials(whose: str, token_env: str, secret_env: str) -> Credentials | None:
    """The credentials of a user who may be left out."""
    if bool(token_env) != bool(secret_env):
        raise CannotRun(f"--{whose}-token-env and --{whose}-secret-env go together: give both or none.")
    return credentials(token_env, secret_env) if token_env else None


def read_patterns(option: str, text: str | None) -> tuple[str, ...]:
    """The patterns of an option. Empty ones, as of an unset shell variable, would mean everything."""
    patterns = tuple(part.strip() for part in (text or "").split(",") if part.strip())
    if text is not None and not patterns:
        raise CannotRun(f"--{option} {text!r} names nothing: leave it out, or name patterns such as 'show*'.")
    return patterns


def _duration(text: str) -> int:
    match = _DURATION.fullmatch(text)
    if not match:
        raise CannotRun(f"--time {text!r} is no duration: write 90s, 5m or 1h.")
    return int(match[1]) * _SECONDS[match[2]]


def _rate(text: str) -> float:
    match = _RATE.fullmatch(text)
    if text and not (match and float(match[1])):
        raise CannotRun(f"--rate {text!r} is no rate: write 20/s or 600/m.")
    return float(match[1]) / _SECONDS[match[2]] if match else 0.0
