"""The options of all commands, and how a command ends that could not run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import CannotRun
from ..reports.terminal import Terminal
from ..results import FULL, READ_ONLY

messages = Terminal(stderr=True)


class Profile(StrEnum):
    """What a run may do to the server."""

    READ_ONLY = READ_ONLY
    FULL = FULL


def _option(text: str, *names: str, **rules: Any) -> Any:
    return typer.Option(*names, help=text, **rules)


Url = Annotated[str, typer.Argument(metavar="URL", help="The server, such as http://127.0.0.1:8080.")]
Version = Annotated[str, _option("The version of the API; the current one if left out.", "--api")]
TokenEnv = Annotated[str, _option("The environment variable that holds the token.")]
SecretEnv = Annotated[str, _option("The environment variable that holds the secret key.")]
SecondTokenEnv = Annotated[str, _option("The variable of the token of a user with objects of their own.")]
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
Ids = Annotated[
    str,
    _option("Ids of what the suite does not create: proctor_id=4,exam=12.", metavar="NAME=VALUE,…"),
]
JournalFile = Annotated[Path, typer.Argument(metavar="JOURNAL", help="The journal.jsonl of a run.")]
Recording = Annotated[Path, typer.Argument(metavar="FILE.har", help="A recording as browsers and proxies save it.")]
BaseUrl = Annotated[str, _option("Only requests to this address; else those that fit the description.", metavar="URL")]
Observing = Annotated[bool, _option("Sign nothing: judge what passes, and report at the end.", "--observe")]
Port = Annotated[int, _option("The port to listen on; 0 is any free one.", min=0, max=65535)]
Origins = Annotated[list[str] | None, _option("A web page's origin that may use the proxy.", metavar="ORIGIN")]
Folder = Annotated[Path, _option("The folder for the reports.")]
Webhook = Annotated[
    str, _option("Attack URL as a receiver of this webhook or callback, signed by SCHEME.", metavar="NAME[:SCHEME]")
]
Owned = Annotated[bool, _option("Let the full profile write to another machine.", "--i-own-this")]
Method = Annotated[str, _option("The method.", "-X")]
Header = Annotated[list[str] | None, _option("A header.", "-H", metavar="'NAME: VALUE'")]
Data = Annotated[str, _option("The body; @- is standard input.", "--data-binary")]
Head = Annotated[bool, _option("The method HEAD.", "--head")]
AsIs = Annotated[bool, _option("As curl has it; paths always stay as they are.", "--path-as-is")]
AttackId = Annotated[str, _option("Sign as wrongly as this attack does.", "--attack", metavar="ID")]


@contextmanager
def exit_on_cannot_run() -> Iterator[None]:
    """Print one sentence and exit with code 2 if there is no verdict."""
    try:
        yield
    except CannotRun as error:
        messages.print(f"procwise-conformance: {error}", style="red", markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        messages.print("procwise-conformance: interrupted, so there is no verdict.", style="red")
        raise typer.Exit(2) from None
