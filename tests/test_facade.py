"""The facade: names load when they are touched, and a deprecated name warns and still works."""

from __future__ import annotations

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
