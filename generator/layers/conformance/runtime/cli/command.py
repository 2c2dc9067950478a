"""The command `procwise-conformance`."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from ..api import Api
from ..errors import CannotRun
from ..http.caller import address
from ..interruption import INTERRUPTION
from ..objects.journal import NAME, has_remaining
from ..plan import Plan
from ..reports.baseline import Comparison
from ..reports.summary import summary
from ..reports.terminal import Terminal
from ..reports.writing import check_writable, write
from ..results import Report
from ..run.clean import check_unused, clean
from ..run.parallel import run_parallel
from ..run.preflight import check_harmless, credentials, read_variable
from ..run.run import Progress as Step, run
from ..run.settings import Settings, find_api, other_credentials
from .options import (
    Allowed,
    AsIs,
    AttackId,
    Baseline,
    Data,
    Database,
    Examples,
    Excluded,
    Folder,
    Head,
    Header,
    Ids,
    Included,
    JournalFile,
    Known,
    Method,
    Operations,
    Owned,
    Profile,
    Rate,
    Replay,
    SecondSecretEnv,
    SecondTokenEnv,
    SecretEnv,
    Seed,
    SuperSecretEnv,
    SuperTokenEnv,
    Time,
    TokenEnv,
    Url,
    Version,
    Webhook,
    Workers,
    exit_on_cannot_run,
    messages,
)
from .progress import show_progress
from .traffic import add_observe, add_proxy

USUAL = Settings()
_RUN = "run"


class RunUnlessNamed(TyperGroup):
    """Reads a first word that is not a command as the URL of a run."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Insert the name of the command that was left out."""
        named = bool(args) and args[0] in {*self.commands, "--help"}
        return super().parse_args(ctx, args if named else [_RUN, *args])

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The commands, and the options of the one that may be left out."""
        super().format_options(ctx, formatter)
        with formatter.section(f"{_RUN} URL, or only URL"):
            self.commands[_RUN].format_options(ctx, formatter)


def main(apis: Mapping[str, Api], current: str) -> NoReturn:
    """Run the command over these versions of the API."""
    with INTERRUPTION.handle_signals():
        program(apis, current)()
    raise SystemExit(0)


def program(apis: Mapping[str, Api], current: str) -> typer.Typer:
    """The command line over these versions of the API."""
    app = typer.Typer(cls=RunUnlessNamed, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

    @app.callback()
    def _root() -> None:
        """Does a server do what the API description says?"""

    _add_run(app, apis, current)
    _add_clean(app, apis)
    add_observe(app, apis, current)
    add_proxy(app, apis, current)
    _add_sign(app, apis, current)
    return app


def _add_run(app: typer.Typer, apis: Mapping[str, Api], current: str) -> None:
    @app.command(_RUN)
    def conformance(
        url: Url,
        api: Version = current,
        token_env: TokenEnv = USUAL.token_env,
        secret_env: SecretEnv = USUAL.secret_env,
        second_token_env: SecondTokenEnv = "",
        second_secret_env: SecondSecretEnv = "",
        superuser_token_env: SuperTokenEnv = "",
        superuser_secret_env: SuperSecretEnv = "",
        profile: Allowed = Profile.FULL,
        operations: Operations = None,
        include_check: Included = None,
        exclude_check: Excluded = None,
        seed: Seed = USUAL.seed,
        max_examples: Examples = USUAL.max_examples,
        rate: Rate = "",
        time: Time = "",
        workers: Workers = 1,
        known: Known = None,
        replay: Replay = None,
        baseline: Baseline = None,
        database: Database = "",
        ids: Ids = "",
        report: Folder = Path(USUAL.report),
        i_own_this: Owned = False,
        webhook: Webhook = "",
    ) -> None:
        """Does a server do what the API description says? Exit code 0: yes, 1: no, 2: could not run."""
        given = dict(locals())
        with exit_on_cannot_run():
            if webhook:
                raise typer.Exit(_attack_receiver(apis, given))
            chosen = {name: value for name, value in given.items() if hasattr(USUAL, name)}
            files = {"known": known, "replay": replay, "baseline": baseline, "report": report}
            texts = {name: str(path or "") for name, path in files.items()}
            settings = Settings(**{**chosen, **texts, "profile": profile.value})
            compared = settings.comparison()
            raise typer.Exit(_run_and_report(settings, settings.plan(apis, current), workers, compared))


def _add_clean(app: typer.Typer, apis: Mapping[str, Api]) -> None:
    @app.command("clean")
    def clean_command(
        journal: JournalFile,
        token_env: TokenEnv = USUAL.token_env,
        secret_env: SecretEnv = USUAL.secret_env,
        second_token_env: SecondTokenEnv = "",
        second_secret_env: SecondSecretEnv = "",
        superuser_token_env: SuperTokenEnv = "",
        superuser_secret_env: SuperSecretEnv = "",
    ) -> None:
        """Remove what a run that was killed left on the server. Exit code 1: something could not be removed."""
        with exit_on_cannot_run():
            second = other_credentials("second", second_token_env, second_secret_env)
            superuser = other_credentials("superuser", superuser_token_env, superuser_secret_env)
            user = credentials(token_env, secret_env)
            stayed = list(clean(journal, apis, user, second=second, superuser=superuser))
            for sentence in stayed:
                messages.print(f"not removed: {sentence}", markup=False)
            if not stayed:
                messages.print(f"all that {journal} names is removed", markup=False)
            raise typer.Exit(1 if stayed else 0)


def _add_sign(app: typer.Typer, apis: Mapping[str, Api], current: str) -> None:
    @app.command("sign")
    def sign_command(
        url: Url,
        api: Version = current,
        token_env: TokenEnv = USUAL.token_env,
        secret_env: SecretEnv = USUAL.secret_env,
        method: Method = "GET",
        header: Header = None,
        data: Data = "",
        head: Head = False,
        path_as_is: AsIs = False,  # noqa: ARG001  # for words that are written for curl
        attack: AttackId = "",
    ) -> None:
        """Sign a request that is written as for curl, and print it as a configuration: `… | curl -g -K -`."""
        from .signed_request import prepare_request, sign_anew, write_curl_config

        with exit_on_cannot_run():
            described, user = find_api(apis, api), credentials(token_env, secret_env)
            request = prepare_request("HEAD" if head else method, url, header or (), data)
            sys.stdout.buffer.write(write_curl_config(sign_anew(request, described, user, attack)))


def _attack_receiver(apis: Mapping[str, Api], given: Mapping[str, Any]) -> int:
    from ..deliveries.receiver import Receiver, find_delivery, signer_of
    from ..deliveries.run import attack_receiver

    url, name, folder = given["url"], given["api"], given["report"]
    api = find_api(apis, name)
    check_writable(folder)
    if given["i_own_this"]:
        address(url.partition("?")[0])
    else:
        check_harmless(url.partition("?")[0])
    delivery = find_delivery(api, given["webhook"])
    user = signer_of(delivery, read_variable(given["secret_env"]), given["token_env"])
    report = attack_receiver(api, Receiver(url, delivery, user), user)
    write(report, folder)
    summary(report, folder, Terminal())
    return report.exit_code


def _run_and_report(settings: Settings, plan: Plan, workers: int, comparison: Comparison) -> int:
    folder = Path(settings.report)
    check_writable(folder)
    with show_progress() as step, _what_stays(folder):
        report = comparison.mark_report(_run(settings, plan, workers, step))
    write(report, folder)
    try:
        summary(report, folder, Terminal())
    except OSError as error:
        raise CannotRun(f"the summary cannot be printed: {error.strerror}.") from None
    return report.exit_code


@contextmanager
def _what_stays(folder: Path) -> Iterator[None]:
    """Say what a run without a verdict leaves behind."""
    check_unused(folder)
    try:
        yield
    except (CannotRun, KeyboardInterrupt) as error:
        for note in getattr(error, "__notes__", ()):
            messages.print(note, markup=False)
        if has_remaining(folder / NAME):
            journal = shlex.quote(str(folder / NAME))
            messages.print(f"Objects of this run are still there; `procwise-conformance clean {journal}` removes them.")
        raise


def _run(settings: Settings, plan: Plan, workers: int, step: Step) -> Report:
    return run(plan, Path(settings.report), step) if workers == 1 else run_parallel(settings, plan, workers, step)
