"""The facade: names load when they are touched, and a deprecated name warns and still works."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

import capgraph as cg


def test_a_deprecated_name_warns_and_leads_to_its_successor(monkeypatch: pytest.MonkeyPatch) -> None:
    """For one minor release, the old name gives what the new one gives, and says until when."""
    monkeypatch.setattr(cg, "_RENAMED", {"SkillGraph": ("CapabilityGraph", "0.3")})
    words = r"capgraph\.SkillGraph is now capgraph\.CapabilityGraph; the old name goes in 0\.3"
    with pytest.warns(DeprecationWarning, match=words) as caught:
        assert cg.SkillGraph is cg.CapabilityGraph
    assert caught[0].filename == __file__


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelled name fails as with any module."""
    with pytest.raises(AttributeError, match="no attribute 'gaps'"):
        _ = cg.gaps


def test_the_version_is_that_of_the_distribution() -> None:
    """One version, wherever it is asked for."""
    assert cg.__version__ == version("capgraph")


@pytest.mark.parametrize("room", ["formats", "ingest", "plot", "store"])
def test_rooms_are_reached_without_an_import_of_their_own(room: str) -> None:
    """What the pages write as ``capgraph.plot.heatmap(…)`` works after ``import capgraph``."""
    code = f"import capgraph; print(capgraph.{room}.__name__)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.strip() == f"capgraph.{room}"
