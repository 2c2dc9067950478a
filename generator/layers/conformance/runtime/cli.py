"""The command `procwise-conformance`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from .caller import CannotRun
from .description import Api, Credentials
from .interruption import INTERRUPTION
from .plan import FULL, READ_ONLY, Plan
from .preflight import check_harmless, credentials
from .reports.writing import verdict, write
from .results import MUST, Report
from .run import Progress as Step, run

_MOST_SHOWN = 20
messages = Console(stderr=True, highlight=False, soft_wrap=True)


class Profile(StrEnum):
    """What a run may do to the server."""

    READ_ONLY = READ_ONLY
    FULL = FULL


Url = Annotated[str, typer.Argument(metavar="URL", help="The server, such as http://127.0.0.1:8080.")]
Version = Annotated[str, typer.Option("--api", help="The version of the API; the current one if left out.")]
TokenEnv = Annotated[str, typer.Option(help="The environment variable that holds the token.")]
SecretEnv = Annotated[str, typer.Option(help="The environment variable that holds the secret key.")]
SecondTokenEnv = Annotated[str, typer.Option(help="The variable of the token of a user of another institute.")]
SecondSecretEnv = Annotated[str, typer.Option(help="The variable of that user's secret key.")]
SuperTokenEnv = Annotated[str, typer.Option(help="The variable of the token of a superuser.")]
SuperSecretEnv = Annotated[str, typer.Option(help="The variable of that superuser's secret key.")]
Allowed = Annotated[Profile, typer.Option(help="read-only sends nothing but GET; full creates, changes and deletes.")]
Seed = Annotated[int, typer.Option(help="The same seed generates the same requests.", min=0)]
Examples = Annotated[int, typer.Option(help="How many requests to generate per operation, at the most.", min=1)]
Folder = Annotated[Path, typer.Option(help="The folder for report.json, report.html and junit.xml.")]
Owned = Annotated[bool, typer.Option("--i-own-this", help="Let the full profile write to another machine.")]


def main(apis: Mapping[str, Api], current: str) -> NoReturn:
    """Run the command over these versions of the API."""
    INTERRUPTION.listen()
    program(apis, current)()
    raise SystemExit(0)


def program(apis: Mapping[str, Api], current: str) -> typer.Typer:
    """The command line over these versions of the API."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

    @app.command()
    def conformance(
        url: Url,
        api: Version = current,
        token_env: TokenEnv = "PROCWISE_TOKEN",  # noqa: S107  # the name of a variable
        secret_env: SecretEnv = "PROCWISE_SECRET_KEY",  # noqa: S107  # the name of a variable
        second_token_env: SecondTokenEnv = "",
        second_secret_env: SecondSecretEnv = "",
        superuser_token_env: SuperTokenEnv = "",
        superuser_secret_env: SuperSecretEnv = "",
        profile: Allowed = Profile.FULL,
        seed: Seed = 1,
        max_examples: Examples = 25,
        report: Folder = Path("procwise-conformance-report"),
        i_own_this: Owned = False,
    ) -> None:
        """Does a server do what the API description says? Exit code 0: yes, 1: no, 2: could not run."""
        with _explained():
            plan = Plan(
                api=_chosen(apis, api),
                url=url,
                credentials=credentials(token_env, secret_env),
                second=_other("second", second_token_env, second_secret_env),
                superuser=_other("superuser", superuser_token_env, superuser_secret_env),
                profile=profile.value,
                seed=seed,
                max_examples=max_examples,
                others=tuple(other for name, other in apis.items() if name != api),
            )
            if profile == Profile.FULL and not i_own_this:
                check_harmless(url)
            raise typer.Exit(_reported(plan, report))

    return app


@contextmanager
def _explained() -> Iterator[None]:
    """One sentence and exit code 2 where there can be no verdict."""
    try:
        yield
    except CannotRun as error:
        messages.print(f"procwise-conformance: {error}", style="red", markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        messages.print("procwise-conformance: interrupted, so there is no verdict.", style="red")
        raise typer.Exit(2) from None


def _chosen(apis: Mapping[str, Api], name: str) -> Api:
    if name not in apis:
        raise CannotRun(f"there is no version {name!r} of this API: choose one of {', '.join(apis)}.")
    return apis[name]


def _other(whose: str, token_env: str, secret_env: str) -> Credentials | None:
    if bool(token_env) != bool(secret_env):
        raise CannotRun(f"--{whose}-token-env and --{whose}-secret-env go together: give both or none.")
    return credentials(token_env, secret_env) if token_env else None


def _reported(plan: Plan, folder: Path) -> int:
    _check_writable(folder)
    with _progress() as step:
        report = run(plan, folder, step)
    try:
        write(report, folder)
    except OSError as error:
        raise CannotRun(f"the reports cannot be written to {folder}: {error.strerror}.") from None
    _summary(report, folder, Console(highlight=False, soft_wrap=True))
    return report.exit_code


def _check_writable(folder: Path) -> None:
    """Sooner than after the run."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRun(f"the reports cannot be written to {folder}: {error.strerror}.") from None


def _summary(report: Report, folder: Path, console: Console) -> None:
    told = (*report.findings, *report.errors)
    for result in told[:_MOST_SHOWN]:
        style = "red" if result.level == MUST else "yellow"
        console.print(f"{result.level} {result.id}", style=style, markup=False)
        console.print(f"  {result.check}: expected {result.expected}", markup=False)
        console.print(f"  {result.observed}", markup=False)
    if len(told) > _MOST_SHOWN:
        console.print(f"… and {len(told) - _MOST_SHOWN} more in the report")
    for note in report.notes:
        console.print(f"note: {note}", markup=False)
    table = Table.grid(padding=(0, 2))
    for layer in dict.fromkeys(result.layer for result in report.results):
        results = [result for result in report.results if result.layer == layer]
        findings = sum(result.is_finding for result in results)
        table.add_row(layer, f"{len(results)} checks", f"{findings} findings")
    console.print(table)
    console.print(f"{verdict(report)} ({report.seconds:.0f} s, seed {report.seed})", markup=False)
    console.print(f"Report: {folder / 'report.html'}", markup=False)


@contextmanager
def _progress() -> Iterator[Step]:
    """A bar on a terminal, silence elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=messages, transient=True, disable=not messages.is_terminal) as bars:
        task = bars.add_task("")

        def step(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total)

        yield step
