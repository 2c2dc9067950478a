"""`python -m tests.fuzz`: tries inputs on each target for some seconds, and ends with 1 if something was found."""

from __future__ import annotations

import argparse
import gc
import importlib.util
import logging
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.fuzz.engines import search_at_random, search_with_atheris
from tests.fuzz.search import Search
from tests.fuzz.targets import NAMES, load_target

ENGINES = ("atheris", "random")
_ADDRESS_SPACE = 8 << 30  # one input must not take all memory of the machine


def main() -> int:
    options = _parse_arguments()
    names = options.targets or list(NAMES)
    if len(names) > 1:
        return _search_all(names, options)
    if options.input:
        search = Search(load_target(names[0]), 0)
        search.try_input(options.input.read_bytes())
        return _finish(search)
    return _search(names[0], options)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *NAMES], metavar=f"{{{','.join(NAMES)}}}")
    parser.add_argument("--seconds", type=float, default=60, help="for each target (default: 60)")
    parser.add_argument("--jobs", type=int, default=1, help="targets at once (default: 1)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed tries the same inputs")
    parser.add_argument("--engine", choices=ENGINES, default=_choose_engine())
    parser.add_argument("--planted", action="store_true", help="with the bug of the target, which is to be found")
    parser.add_argument("--input", type=Path, help="try this file alone")
    return parser.parse_args()


def _choose_engine() -> str:
    return ENGINES[0] if importlib.util.find_spec("atheris") else ENGINES[1]


def _search_all(names: list[str], options: argparse.Namespace) -> int:
    """Each target in a process of its own, so that none is blamed for the memory of another."""
    print(f"seed {options.seed}, engine {options.engine}, {options.seconds:g} s for each target", flush=True)
    call = [sys.executable, "-m", "tests.fuzz", "--seconds", str(options.seconds), "--seed", str(options.seed)]
    call += ["--engine", options.engine, *(["--planted"] if options.planted else [])]
    with ThreadPoolExecutor(options.jobs) as pool:
        codes = list(pool.map(lambda name: subprocess.run([*call, name], check=False).returncode, names))
    return max(map(abs, codes))


def _search(name: str, options: argparse.Namespace) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    logging.disable(logging.WARNING)
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # each body that is broken
    with ExitStack() as stack:

        def load_search() -> Search:
            target = load_target(name)
            for path in target.corpus:  # what is loaded or started once is not the cost of an input
                with suppress(*target.declared):
                    target.run(path.read_bytes())
            if options.planted:
                stack.enter_context(target.plant_bug())
            gc.collect()
            gc.freeze()
            return Search(target, options.seconds)

        if options.engine == ENGINES[0]:
            search_with_atheris(load_search, _finish, options.seed)
        search = load_search()
        search_at_random(search, options.seed)
        return _finish(search)


def _finish(search: Search) -> int:
    print(search, flush=True)
    if search.finding is None:
        return 0
    folder = Path(tempfile.gettempdir())
    kept = folder / f"fuzz-{search.target.name}-{time.time_ns()}"
    kept.write_bytes(search.finding.data)
    print(f"try it again: {sys.executable} -m tests.fuzz {search.target.name} --input {kept}", flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
