"""diff of versions whose entries are known by their labels alone: a rename is suggested, never assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import capgraph as cg

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.real_data
def test_a_renamed_skill_of_the_digital_and_data_framework_is_suggested(shared_data: Path, tmp_path: Path) -> None:
    """The file has no ids: a new name is another skill, and the old one is named as its likely origin."""
    text = (shared_data / "ddat" / "roles_subset.csv").read_text(encoding="utf-8")
    (tmp_path / "old.csv").write_text(text, encoding="utf-8")
    (tmp_path / "new.csv").write_text(
        text.replace(
            "Communicating between the technical and non-technical", "Communicating between technical and non-technical"
        ),
        encoding="utf-8",
    )
    old, new = (cg.reading(tmp_path / name, kind="framework").document for name in ("old.csv", "new.csv"))
    changes = cg.diff(old, new)
    assert isinstance(old, cg.Framework)
    assert isinstance(new, cg.Framework)
    labels = {item.id: item.label for item in (*old.capabilities, *new.capabilities)}
    renamed = [
        (labels[one.old], labels[one.new]) for one in changes.suggested if one.old in labels and one.new in labels
    ]
    assert renamed == [
        ("Communicating between the technical and non-technical", "Communicating between technical and non-technical")
    ]
    assert not any(row.action == "renamed" for row in changes)
    assert len(cg.diff(old, old)) == 0
