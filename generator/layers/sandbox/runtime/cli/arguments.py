"""The options of the command and their help texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..faults import table
from ..seeds.data_sets import SEEDS
from ..settings.defaults import LEAST, MOST

_SEEDS = "; ".join(f"{name}: {meaning}" for name, meaning in SEEDS.items())
_ORIGINS = "Pages of this origin may call from a browser. May be repeated; those of this machine may, if left out"


def _list_faults(asked: bool) -> None:
    if not asked:
        return
    rows = [(name, level, clause, meaning) for name, meaning, clause, level in table()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for *cells, meaning in rows:
        print(*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), meaning, sep="  ")
    raise typer.Exit


Database = Annotated[
    str,
    typer.Option(
        help="sqlite:///state.db keeps the state, and files beside it; postgresql://… shares it.", metavar="URL"
    ),
]
Files = Annotated[
    Path | None,
    typer.Option(
        help="Where files are kept. Where omitted: state.db-files beside state.db, a folder that is removed at the end"
        " for a state in memory; PostgreSQL asks for one.",
        metavar="DIR",
    ),
]
Fault = Annotated[
    list[str], typer.Option(help="Deviate on purpose. May be repeated; --faults lists the names.", metavar="NAME")
]
Faults = Annotated[
    bool, typer.Option("--faults", help="List the faults, and leave.", is_eager=True, callback=_list_faults)
]
Examples = Annotated[
    bool,
    typer.Option("--examples", help="List the operations that have no behaviour and send their example, and leave."),
]
Network = Annotated[
    list[str],
    typer.Option(
        help="Trouble a share of requests: drop=0.1, lose=0.1, truncate=0.1, 429=0.1, or the first two: 503=2x."
        " Slow all: latency=200ms. Also retry-after=2s, seed=7 (which each worker counts by itself). May be repeated.",
        metavar="TROUBLE",
    ),
]
Clock = Annotated[str, typer.Option(help="How far the clock is fast or slow: +2h, -90s, +1d12h.", metavar="OFFSET")]

Page = Annotated[bool, typer.Option("--page/--no-page", help="A page at / with credentials, requests and outbox.")]
Log = Annotated[str, typer.Option(help="Lines of text or of json on stderr.", metavar="STYLE")]


Port = Annotated[int, typer.Option(min=int(LEAST["port"]), max=MOST["port"], help="0 picks a free one.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]
Strict = Annotated[
    bool, typer.Option("--strict/--explain", help="Say as little as a real server, or why a signature is refused.")
]
BodyLimit = Annotated[int, typer.Option(min=int(LEAST["body_limit"]), help="The largest request body, in bytes.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No line per request on stderr.")]
Workers = Annotated[
    int,
    typer.Option(
        min=int(LEAST["workers"]), max=MOST["workers"], help="How many processes serve; they share the --database."
    ),
]
MaxConnections = Annotated[
    int, typer.Option(min=int(LEAST["max_connections"]), help="Open connections of one process; more are answered 503.")
]
ReadTimeout = Annotated[
    float,
    typer.Option(
        min=LEAST["read_timeout"],
        help="Seconds that headers may take to arrive, and a body again; then 408. Responses may go unread as long.",
    ),
]
KeepAlive = Annotated[
    float, typer.Option(min=LEAST["keep_alive"], help="Seconds that a connection stays open between two requests.")
]
Seed = Annotated[str, typer.Option(help=f"What a fresh state is filled with. {_SEEDS}", metavar="NAME")]
Admin = Annotated[
    bool, typer.Option("--admin", help="Routes to take snapshots, restore and reset; the first line has their key.")
]
SelfCheck = Annotated[
    bool, typer.Option("--self-check", help="Answer 500 wherever a response deviates from the description.")
]
Reload = Annotated[
    bool, typer.Option("--reload", help="Start anew when the package changes, as `generate --watch` makes it do.")
]
Listener = Annotated[int, typer.Option(hidden=True, help="Of --reload: the socket that is handed over.")]
States = Annotated[Path | None, typer.Option(hidden=True, help="Of --reload: the folder of states in memory.")]
Cors = Annotated[
    list[str], typer.Option(help=f"{_ORIGINS}. none: no page at all; null: pages opened from files.", metavar="ORIGIN")
]
