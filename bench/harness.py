"""Time two ways of doing the same work in one run, in turns, and say how they compare.

A figure in seconds says as much about the machine as about the code. A bench here therefore measures a subject against
a peer, or against the floor that nobody can go below, in the same run, and prints the ratio of their medians.

A way is a command or a callable. A command runs in a fresh process each time, so that what one way loads or caches
cannot help the other, and so that its peak memory is its own. A callable runs in this process, after a garbage
collection, so that what both need (a graph, a frame) is loaded once and not counted; it has no peak of its own.

Examples
--------
>>> ratio = compare({"sum of a million": lambda: sum(range(10**6)), "of a thousand": lambda: sum(range(10**3))}, runs=3)
... # doctest: +SKIP
"""

from __future__ import annotations

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

KIBIBYTE = 1024
# Linux counts the peak in kibibytes, macOS in bytes.
PEAK_UNIT = 1 if sys.platform == "darwin" else KIBIBYTE

Way = Sequence[str] | Callable[[], object]


class Run(NamedTuple):
    """What one run took."""

    seconds: float
    """Wall-clock time."""
    peak: int | None
    """Largest resident memory of the process, in bytes; None for a callable."""


class Figure(NamedTuple):
    """What a way took over all its runs."""

    seconds: float
    """The median of the runs' seconds."""
    spread: float
    """The longest run less the shortest, in seconds."""
    peak: int | None
    """The largest of the runs' peaks, in bytes; None for a callable."""

    def __str__(self) -> str:
        peak = "" if self.peak is None else f"  {self.peak / KIBIBYTE**2:8.1f} MiB"
        return f"{self.seconds:9.4f} s  (spread {self.spread:.4f}){peak}"


def python(*arguments: str) -> list[str]:
    """Return the command that runs this interpreter afresh, such as ``python("-c", code)`` or ``python(path)``."""
    return [sys.executable, *arguments]


def run(way: Way) -> Run:
    """Run a way once and return what it took.

    Raises
    ------
    RuntimeError
        The command failed; a figure of work that was not done would mislead.
    """
    return _call(way) if callable(way) else _spawn(way)


def _call(function: Callable[[], object]) -> Run:
    """Time a callable."""
    gc.collect()
    start = time.perf_counter()
    function()
    return Run(time.perf_counter() - start, None)


def _spawn(command: Sequence[str]) -> Run:
    """Time a command and ask the system for its peak memory."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{list(command)} ended with {process.returncode}"
        raise RuntimeError(message)
    return Run(seconds, usage.ru_maxrss * PEAK_UNIT)


def summary(runs: Sequence[Run]) -> Figure:
    """Return the figure of some runs; the median says more than the mean where something else ran meanwhile."""
    seconds = [one.seconds for one in runs]
    peaks = [one.peak for one in runs if one.peak is not None]
    return Figure(statistics.median(seconds), max(seconds) - min(seconds), max(peaks, default=None))


def compare(ways: dict[str, Way], *, runs: int = 7) -> float:
    """Measure two ways in turns, print a line for each, and return the ratio of their median times.

    Parameters
    ----------
    ways : dict[str, Way]
        The subject and then the peer, by name.
    runs : int
        How often each is measured, >= 1; one run more of each comes first and is not counted, to fill caches.

    Returns
    -------
    float
        Median seconds of the subject ÷ median seconds of the peer.
    """
    rounds = [[run(way) for way in ways.values()] for _ in range(runs + 1)][1:]
    subject, peer = (summary(taken) for taken in zip(*rounds, strict=True))
    ratio = subject.seconds / peer.seconds
    width = max(map(len, ways))
    for name, figure in zip(ways, (subject, peer), strict=True):
        print(f"{name:<{width}}  {figure}")
    print(f"{'ratio':<{width}}  {ratio:9.2f}    (medians of {runs} runs in turns)")
    return ratio
