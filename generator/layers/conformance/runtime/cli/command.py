"""The command `procwise-conformance`."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from typer.core import TyperGroup

from ..errors import CannotRun
from ..http.caller import address
from ..interruption import INTERRUPTION
from ..model import Api
from ..objects.journal import NAME, has_remaining
from ..plan import FULL, READ_ONLY, Plan
from ..reports.baseline import Comparison
from ..reports.summary import summary
from ..reports.terminal import Terminal
from ..reports.writing import write
from ..results import Report
from ..run.clean import check_unused, clean
from ..run.parallel import run_parallel
from ..run.preflight import check_harmless, credentials, read_variable
from ..run.run import Progress as Step, run
from ..run.settings import Settings, find_api, other_credentials

messages = Terminal(stderr=True)
USUAL = Settings()
_RUN = "run"
_QUIET_SECONDS = 30.0


class Profile(StrEnum):
    """What a run may do to the server."""

    READ_ONLY = READ_ONLY
    FULL = FULL


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


def _option(text: str, *names: str, **rules: Any) -> Any:
    return typer.Option(*names, help=text, **rules)


Url = Annotated[str, typer.Argument(metavar="URL", help="The server, such as http://127.0.0.1:8080.")]
Version = Annotated[str, _option("The version of the API; the current one if left out.", "--api")]
TokenEnv = Annotated[str, _option("The environment variable that holds the token.")]
SecretEnv = Annotated[str, _option("The environment variable that holds the secret key.")]
SecondTokenEnv = Annotated[str, _option("The variable of the token of a user of another institute.")]
SecondSecretEnv = Annotated[str, _option("The variable of that user's secret key.")]
SuperTokenEnv = Annotated[str, _option("The variable of the token of a superuser.", "--superuser-token-env")]
SuperSecretEnv = Annotated[str, _option("The variable of that superuser's secret key.", "--superuser-secret-env")]
Allowed = Annotated[Profile, _option("read-only sends nothing but GET; full creates, changes and deletes.")]
Seed = Annotated[int, _option("The same seed generates the same requests.", min=0)]
Examples = Annotated[int, _option("How many requests to generate per operation, at the most.", min=1)]
Operations = Annotated[str | None, _option("Only these operations, by id: 'showExam,*Session'.", metavar="PATTERNS")]
Included = Annotated[str | None, _option("Only these checks, by id or name: 'SIG-*,replayed'.", metavar="PATTERNS")]
Excluded = Annotated[str | None, _option("Not these checks, by id or name.", metavar="PATTERNS")]
Rate = Annotated[str, _option("No more requests than that: 20/s, 600/m.", metavar="NUMBER/UNIT")]
Time = Annotated[str, _option("End after 90s, 5m or 1h; what was not begun is listed.", metavar="DURATION")]
Workers = Annotated[int, _option("How many processes share the work.", min=1, max=64)]
Known = Annotated[Path | None, _option("A file of ids that may fail; one that passes fails the run.", metavar="FILE")]
Replay = Annotated[Path | None, _option("Only what failed in this report.json, signed afresh.", metavar="REPORT")]
Baseline = Annotated[Path | None, _option("Count only what did not fail in this report.json.", metavar="REPORT")]
Database = Annotated[str, _option("Share failing examples there: a folder, or redis://HOST/0.", metavar="PLACE")]
JournalFile = Annotated[Path, typer.Argument(metavar="JOURNAL", help="The journal.jsonl of a run.")]
Port = Annotated[int, _option("The port to listen on; 0 is any free one.", min=0, max=65535)]
Origins = Annotated[list[str] | None, _option("A web page's origin that may use the proxy.", metavar="ORIGIN")]
Folder = Annotated[Path, _option("The folder for the reports.")]
Webhook = Annotated[str, _option("Attack URL as a receiver of this webhook or callback.", metavar="NAME")]
Owned = Annotated[bool, _option("Let the full profile write to another machine.", "--i-own-this")]


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
    _add_proxy(app, apis, current)
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
        report: Folder = Path(USUAL.report),
        i_own_this: Owned = False,
        webhook: Webhook = "",
    ) -> None:
        """Does a server do what the API description says? Exit code 0: yes, 1: no, 2: could not run."""
        given = dict(locals())
        with _exit_on_cannot_run():
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
        with _exit_on_cannot_run():
            second = other_credentials("second", second_token_env, second_secret_env)
            superuser = other_credentials("superuser", superuser_token_env, superuser_secret_env)
            user = credentials(token_env, secret_env)
            stayed = list(clean(journal, apis, user, second=second, superuser=superuser))
            for sentence in stayed:
                messages.print(f"not removed: {sentence}", markup=False)
            if not stayed:
                messages.print(f"all that {journal} names is removed", markup=False)
            raise typer.Exit(1 if stayed else 0)


def _add_proxy(app: typer.Typer, apis: Mapping[str, Api], current: str) -> None:
    @app.command("proxy")
    def proxy_command(
        url: Url,
        api: Version = current,
        token_env: TokenEnv = USUAL.token_env,
        secret_env: SecretEnv = USUAL.secret_env,
        port: Port = 8081,
        allow_origin: Origins = None,
    ) -> None:
        """Listen on this machine, sign every request, and forward it to a server."""
        from .proxy import serve  # brings a server along, which no other command needs

        with _exit_on_cannot_run(), suppress(KeyboardInterrupt):
            described = find_api(apis, api)
            user, allowed = credentials(token_env, secret_env), tuple(allow_origin or ())
            serve(described, url, user, port, lambda line: print(line, flush=True), allowed)


@contextmanager
def _exit_on_cannot_run() -> Iterator[None]:
    """Print one sentence and exit with code 2 if there is no verdict."""
    try:
        yield
    except CannotRun as error:
        messages.print(f"procwise-conformance: {error}", style="red", markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        messages.print("procwise-conformance: interrupted, so there is no verdict.", style="red")
        raise typer.Exit(2) from None


def _attack_receiver(apis: Mapping[str, Api], given: Mapping[str, Any]) -> int:
    from ..deliveries.receiver import Receiver, find_delivery, signer_of
    from ..deliveries.run import attack_receiver

    url, name, folder = given["url"], given["api"], given["report"]
    api = find_api(apis, name)
    _check_writable(folder)
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
    _check_writable(folder)
    with _progress() as step, _what_stays(folder):
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


def _check_writable(folder: Path) -> None:
    """Before the run, and not after it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"the reports cannot be written to {folder}: {error.strerror}.") from None


@contextmanager
def _progress() -> Iterator[Step]:
    """A progress bar on a terminal, elsewhere a line every half minute."""
    if not messages.is_terminal:
        yield _lines()
        return
    words = TextColumn("{task.description}")
    columns = (words, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=messages, transient=True) as bars:
        task = bars.add_task("")

        def step(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total)

        yield step


def _lines() -> Step:
    """A log should show that a run of minutes goes on."""
    last = time.monotonic()

    def step(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _QUIET_SECONDS and what:
            last = time.monotonic()
            messages.print(f"{done} of {total} pieces of work are done; now: {what}", markup=False)

    return step
