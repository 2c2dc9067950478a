"""Generating again whenever a description, a file that it refers to, or an overlay is saved."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from generator.errors import SpecErrors, ToolkitError
from generator.generation.faults import Faults
from generator.generation.memory import Memory
from generator.generation.run import Order, generate
from generator.generation.summary import list_warnings, summarize
from generator.load import digest

_KINDS = (".yaml", ".yml", ".json")
_FIRST_LOOK = 200  # milliseconds until files are compared that changed while the watch began

Fingerprint = dict[Path, str]


def keep_generated(order: Order, say: Callable[[str], None]) -> None:
    """Generate, and again after every change, until KeyboardInterrupt; `say` is given each line for the user.

    Faults are reported when they come, and when they are mended; nothing is written while there are any.
    """
    memory, faults = Memory(), Faults()
    say(f"watching {', '.join(map(str, (*order.specs, *order.overlays)))} (Ctrl-C ends it)")
    while True:
        before = _read_fingerprint(order, memory)
        for line in _run(order, memory, faults):
            say(line)
        gc.collect()  # the program does not look for garbage by itself
        read = {path: memory.files[path] for path in _list_sources(order, memory) & memory.files.keys()}
        before = read | before  # files that were first asked for in this run, as it read them
        _wait_for_change(order, memory, before)


def _run(order: Order, memory: Memory, faults: Faults) -> Iterator[str]:
    start = time.monotonic()
    try:
        outcome = generate(order, lambda _: None, memory=memory)
    except SpecErrors as error:
        yield from faults.update(error.faults)
    except ToolkitError as error:
        yield from faults.update_message(str(error))
    else:
        yield from faults.update(())
        yield f"{summarize(outcome)} ({time.monotonic() - start:.1f} s)"
        yield from faults.update_warnings(list_warnings(order, outcome))


def _wait_for_change(order: Order, memory: Memory, before: Fingerprint) -> None:
    """Return when the files differ from what they were; also if they already do."""
    from watchfiles import watch  # runs without --watch need none of it

    folders = _list_folders(_list_sources(order, memory))
    looked = watch(
        *folders,
        recursive=False,
        watch_filter=None,
        yield_on_timeout=True,
        rust_timeout=_FIRST_LOOK,
        raise_interrupt=True,
    )
    is_first = True
    for changes in looked:
        if (changes or is_first) and _read_fingerprint(order, memory) != before:
            return
        is_first = False


def _read_fingerprint(order: Order, memory: Memory) -> Fingerprint:
    """The digest of each source, empty for folders and for files that are not there."""
    return {path: digest(path) for path in _list_sources(order, memory)}


def _list_sources(order: Order, memory: Memory) -> set[Path]:
    """What is under the folders of the descriptions, and every file that was asked for elsewhere."""
    own = [(order.out / layer.output).resolve() for layer in order.layers]
    found = {path.resolve() for spec in order.specs for path in _walk(spec)}
    found |= {*memory.files, *(path.resolve() for path in order.overlays)}
    return {path for path in found if not any(path.is_relative_to(folder) for folder in own)}


def _walk(spec: Path) -> Iterator[Path]:
    """A description; or a folder of them with its folders and their files, hidden ones left out."""
    yield spec
    for path in _list_content(spec):
        if path.is_dir() or path.suffix in _KINDS:
            yield path


def _list_content(spec: Path) -> Iterable[Path]:
    """The content of the folder and of the folders in it: those that may hold a root, and what lies in them."""
    if not spec.is_dir():
        return ()
    hidden = (".", "node_modules", "__pycache__")
    return (
        path for path in spec.rglob("*") if not any(part.startswith(hidden) for part in path.relative_to(spec).parts)
    )


def _list_folders(sources: Iterable[Path]) -> set[Path]:
    """The nearest folder of each source that is there."""
    return {
        next(one for one in (path, *path.parents) if one.is_dir())
        for source in sources
        for path in (source, source.parent)
    }
