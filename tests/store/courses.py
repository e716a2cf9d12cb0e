"""Learning assets of several sources."""

from __future__ import annotations

from typing import Any

from capgraph.model import LearningAsset


def asset(name: str, source: str, **changes: Any) -> LearningAsset:
    """Return an asset of a source with some fields changed."""
    fields = {"id": f"asset:{name}", "title": name, "provenance": [{"source": source, "locator": "row:1"}]}
    return LearningAsset(**{**fields, **changes})
