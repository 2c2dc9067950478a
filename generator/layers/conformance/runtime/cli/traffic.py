"""The commands for other people's traffic: `observe` judges a recording, `proxy` signs or judges what passes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import typer

from ..api import Api, Credentials
from ..errors import CannotRun
from ..plan import Plan
from ..reports.baseline import Comparison
from ..reports.summary import print_operations, summary
from ..reports.terminal import Terminal
from ..reports.writing import check_writable, write
from ..results import READ_ONLY, Report, Result
from ..run.preflight import credentials, read_variable
from ..run.settings import Settings, check_patterns, find_api, other_credentials, read_patterns
from .options import (
    Baseline,
    BaseUrl,
    Excluded,
    Folder,
    Included,
    Known,
    Observing,
    Operations,
    Origins,
    Port,
    Recording,
    SecondSecretEnv,
    SecondTokenEnv,
    SecretEnv,
    SuperSecretEnv,
    SuperTokenEnv,
    TokenEnv,
    Url,
    Version,
    exit_on_cannot_run,
    messages,
)

USUAL = Settings()


def add_observe(app: typer.Typer, apis: Mapping[str, Api], current: str) -> None:
    """Add the command that judges a recording."""

    @app.command("observe")
    def observe_command(
        recording: Recording,
        api: Version = current,
        base_url: BaseUrl = "",
        token_env: TokenEnv = USUAL.token_env,
        secret_env: SecretEnv = USUAL.secret_env,
        second_token_env: SecondTokenEnv = "",
        second_secret_env: SecondSecretEnv = "",
        superuser_token_env: SuperTokenEnv = "",
        superuser_secret_env: SuperSecretEnv = "",
        operations: Operations = None,
        include_check: Included = None,
        exclude_check: Excluded = None,
        known: Known = None,
        baseline: Baseline = None,
        report: Folder = Path(USUAL.report),
    ) -> None:
        """Hold recorded traffic to the description; nothing is sent. Exit code 0: it conforms, 1: it does not."""
        given = dict(locals())
        from ..observe.run import observe_file

        with exit_on_cannot_run():
            plan, comparison = _build_plan(apis, base_url, given)
            check_writable(report)
            raise typer.Exit(_write(observe_file(plan, recording), report, comparison))


def add_proxy(app: typer.Typer, apis: Mapping[str, Api], current: str) -> None:
    """Add the command that listens on this machine."""

    @app.command("proxy")
    def proxy_command(
        url: Url,
        api: Version = current,
        token_env: TokenEnv = USUAL.token_env,
        secret_env: SecretEnv = USUAL.secret_env,
        port: Port = 8081,
        allow_origin: Origins = None,
        observe: Observing = False,
        second_token_env: SecondTokenEnv = "",
        second_secret_env: SecondSecretEnv = "",
        superuser_token_env: SuperTokenEnv = "",
        superuser_secret_env: SuperSecretEnv = "",
        operations: Operations = None,
        include_check: Included = None,
        exclude_check: Excluded = None,
        known: Known = None,
        baseline: Baseline = None,
        report: Folder = Path(USUAL.report),
    ) -> None:
        """Listen on this machine, sign every request and forward it; or forward it as it is, and judge what passes."""
        given = dict(locals())
        from .proxy import serve  # brings a server along, which no other command needs

        with exit_on_cannot_run():
            described, allowed = find_api(apis, api), tuple(allow_origin or ())
            if not observe:
                with suppress(KeyboardInterrupt):
                    serve(described, url, credentials(token_env, secret_env), port, _print_line, allowed)
                return
            plan, comparison = _build_plan(apis, url, given)
            check_writable(report)
            raise typer.Exit(_write(_watch(plan, port, allowed), report, comparison))


def _watch(plan: Plan, port: int, allowed: tuple[str, ...]) -> Report:
    """Forward until interrupted; the report on what passed."""
    from ..observe.addresses import use_base
    from ..observe.observer import Observer
    from .observing_proxy import ObservingProxy, Traffic
    from .proxy import listen

    addresses = use_base(plan.api, plan.url)
    traffic = Traffic(Observer(plan, addresses, _print_finding))
    proxy = ObservingProxy(plan.api, plan.url, traffic, allowed)
    with suppress(KeyboardInterrupt):
        listen(proxy.app, addresses.bases[0], port, _print_line, adds_headers=False)
    traffic.finish()
    return traffic.observer.build_report(addresses.bases[0], "what passed")


def _build_plan(apis: Mapping[str, Api], url: str, given: Mapping[str, Any]) -> tuple[Plan, Comparison]:
    """What to look at, and what the report is compared with; raises CannotRun if an option makes no sense."""
    from ..observe import catalogue

    api = find_api(apis, given["api"])
    users = {name: (given[f"{name}_token_env"], given[f"{name}_secret_env"]) for name in ("second", "superuser")}
    plan = Plan(
        api=api,
        others=tuple(other for other in apis.values() if other.name != api.name),
        url=url,
        credentials=_read_user(given["token_env"], given["secret_env"]),
        second=other_credentials("second", *users["second"]),
        superuser=other_credentials("superuser", *users["superuser"]),
        profile=READ_ONLY,
        chosen=read_patterns("operations", given["operations"]),
        included=read_patterns("include-check", given["include_check"]),
        excluded=read_patterns("exclude-check", given["exclude_check"]),
    )
    check_patterns(plan, ((check.id, check.name) for check in catalogue()))
    return plan, Settings(known=str(given["known"] or ""), baseline=str(given["baseline"] or "")).comparison()


def _read_user(token_env: str, secret_env: str) -> Credentials:
    """What the environment has of a user's credentials: without the key no signature is verified."""
    given = [
        read_variable(name) if name != usual or os.environ.get(name) else ""
        for name, usual in ((token_env, USUAL.token_env), (secret_env, USUAL.secret_env))
    ]
    return Credentials(token=given[0], secret_key=given[1])


def _write(report: Report, folder: Path, comparison: Comparison) -> int:
    """Write the report and print its summary; returns the exit code."""
    marked = comparison.mark_report(report)
    write(marked, folder)
    try:
        print_operations(marked, Terminal())
        summary(marked, folder, Terminal())
    except OSError as error:
        raise CannotRun(f"the summary cannot be printed: {error.strerror}.") from None
    return marked.exit_code


def _print_finding(result: Result) -> None:
    """One line on standard error for a finding of a new kind, as it comes up."""
    messages.print(f"{result.level} {result.id}: {' '.join(result.observed.split())}", markup=False)


def _print_line(line: str) -> None:
    print(line, flush=True)
