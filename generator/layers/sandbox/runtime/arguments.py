"""The options of the command that say how it is operated: what each takes, and what `--help` tells of it."""

from __future__ import annotations

from typing import Annotated

import typer

from .seeds import SEEDS

_SEEDS = "; ".join(f"{name}: {meaning}" for name, meaning in SEEDS.items())
_ORIGINS = "Pages of this origin may call from a browser. May be repeated; those of this machine may, if left out"

Workers = Annotated[int, typer.Option(min=1, max=64, help="How many processes serve; they share the --database.")]
MaxConnections = Annotated[int, typer.Option(min=1, help="Open connections of one process; more are answered 503.")]
ReadTimeout = Annotated[
    float, typer.Option(min=0.1, help="Seconds that headers may take to arrive, and a body again; then 408.")
]
KeepAlive = Annotated[float, typer.Option(min=0, help="Seconds that a connection stays open between two requests.")]
Seed = Annotated[str, typer.Option(help=f"What a fresh state is filled with. {_SEEDS}", metavar="NAME")]
Admin = Annotated[
    bool, typer.Option("--admin", help="Routes to take snapshots, restore and reset; the first line has their key.")
]
SelfCheck = Annotated[
    bool, typer.Option("--self-check", help="Answer 500 wherever an answer deviates from the description.")
]
Cors = Annotated[list[str], typer.Option(help=f"{_ORIGINS}. none: no page at all.", metavar="ORIGIN")]
