"""Before the run: is every user who was named known to the server?"""

from __future__ import annotations

from .bench import Bench
from .preflight import check_server


def check_users(bench: Bench) -> None:
    """One right request as each user; raises CannotRun with a sentence where a run makes no sense.

    A user whom the server does not know would be refused everywhere, and that is what most checks of other users ask
    for.
    """
    check_server(bench.caller)
    if bench.second is not None:
        check_server(bench.second, "second")
    if bench.plan.superuser is not None:
        check_server(bench.calling(bench.plan.superuser), "superuser")
