"""One search: inputs are tried until the time is over or something is found."""

from __future__ import annotations

import resource
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.fuzz.target import Target

MOST_CPU = 1.0  # seconds of one input
MOST_MEMORY = 200.0  # MB that the process grows, with all inputs together
_ABORTED = 20.0  # CPU seconds after which an input is given up


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and the input that shows it."""

    message: str
    data: bytes


class _Aborted(BaseException):
    """Not an Exception, so that no handler of the product keeps it."""


class Search:
    """The inputs of one target that were tried, and what they cost."""

    def __init__(self, target: Target, seconds: float) -> None:
        self.target = target
        self.tried = 0
        self.worst_cpu = 0.0
        self.finding: Finding | None = None
        self._end = time.monotonic() + seconds
        self._memory = peak_memory()
        self._cpu = time.process_time()

    @property
    def is_over(self) -> bool:
        return self.finding is not None or time.monotonic() >= self._end

    @property
    def memory(self) -> float:
        """MB that the process has grown."""
        return peak_memory() - self._memory

    def __str__(self) -> str:
        cpu = f"{time.process_time() - self._cpu:.0f} s of CPU, at most {self.worst_cpu:.2f} s for one"
        found = f"; FOUND: {self.finding.message}" if self.finding else ""
        return f"{self.target.name}: {self.tried:,} inputs, {cpu}, {self.memory:.0f} MB more{found}"

    def try_input(self, data: bytes) -> None:
        """Tries one input, and keeps what is wrong."""
        message, cpu = self._run(data)
        if not message and cpu > MOST_CPU:
            cpu = min(cpu, self._run(data)[1])  # once more: something else may have been at work
            message = f"{cpu:.2f} s of CPU" if cpu > MOST_CPU else ""
        self.tried += 1
        self.worst_cpu = max(self.worst_cpu, cpu)
        if not message and self.memory > MOST_MEMORY:
            message = f"{self.memory:.0f} MB of memory"
        if message:
            self.finding = Finding(message, data)

    def _run(self, data: bytes) -> tuple[str, float]:
        """What is wrong, and the seconds of CPU."""
        message, before = "", time.process_time()
        try:
            with _limit_cpu():
                self.target.run(data)
        except self.target.declared:
            pass  # an error that the target declares is no finding
        except _Aborted:
            message = f"given up after {_ABORTED:.0f} s of CPU"
        except Exception as error:  # noqa: BLE001  # whatever it is, it is found
            message = "".join(traceback.format_exception(error))
        return message, time.process_time() - before


@contextmanager
def _limit_cpu() -> Iterator[None]:
    def abort(_signal: int, _frame: FrameType | None) -> None:
        raise _Aborted

    before = signal.signal(signal.SIGPROF, abort)
    signal.setitimer(signal.ITIMER_PROF, _ABORTED)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def peak_memory() -> float:
    """MB that this process had at its largest; of a child of a larger one, `ru_maxrss` is that of its parent."""
    status = Path("/proc/self/status")
    lines = status.read_text("ascii", "replace").splitlines() if status.exists() else []
    own = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return (own[0] if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024
