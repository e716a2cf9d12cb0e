"""An import killed at any moment leaves the state before it or the one after it, and the same call succeeds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from capgraph.ingest import import_catalog
from capgraph.store import Store, check

if TYPE_CHECKING:
    from pathlib import Path

_IMPORT = """
import sys
from capgraph.ingest import import_catalog
from capgraph.store import Store
with Store(sys.argv[2]) as store:
    print("ready", flush=True)
    import_catalog(sys.argv[1], into=store, catalog="catalog:courses")
    print("done", flush=True)
"""
_ROWS = 600
_KILLS = 3


def _write(path: Path, edition: int) -> None:
    """Write an export of many courses, each with its edition in the title."""
    rows = (f"C-{number},Course {number} of edition {edition},{number % 90 + 10}\n" for number in range(_ROWS))
    path.write_text(f"Course ID,Title,Duration (min)\n{''.join(rows)}")


def _titles(url: str) -> set[str]:
    """Return the editions that the titles of a stored catalog name."""
    assert check(url) == []
    with Store(url) as store:
        found = store.load("catalog:courses")
        assert len(found.assets) == _ROWS  # type: ignore[attr-defined]
        return {asset.title.rpartition(" ")[2] for asset in found.assets}  # type: ignore[attr-defined]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="only POSIX kills a process so that nothing more runs in it")
def test_an_import_killed_at_any_moment_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    url, source = f"sqlite:///{tmp_path / 'skills.db'}", tmp_path / "courses.csv"
    _write(source, 0)
    with Store(url) as store:
        import_catalog(source, into=store, catalog="catalog:courses")
    draw = random.Random(5)  # noqa: S311 - moments to kill at, and no secret
    edition, took, killed = 0, 0.0, 0
    for turn in range(1, _KILLS + 2):
        _write(source, turn)
        process = subprocess.Popen(
            [sys.executable, "-c", _IMPORT, str(source), url], stdout=subprocess.PIPE, env=dict(os.environ)
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        start = time.monotonic()
        if turn > 1:  # the first one shows how long it takes
            time.sleep(draw.uniform(0.2, 1.1) * took)
            process.kill()
        process.stdout.read()
        process.stdout.close()
        took = took or time.monotonic() - start
        killed += process.wait() == -signal.SIGKILL
        (found,) = map(int, _titles(url))
        assert found in {edition, turn}
        edition = found
    assert killed
    with Store(url) as store:
        plan = import_catalog(source, into=store, catalog="catalog:courses")
    assert plan.counts() == {"unchanged" if edition == _KILLS + 1 else "changed": _ROWS}
    assert _titles(url) == {str(_KILLS + 1)}
