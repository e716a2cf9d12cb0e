"""The university catalog: prerequisite trees, from JSON and from words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.formats.ucsd import FORMAT, read_condition

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = ({"asset": f"ucsd:{letter}-1"} for letter in "ABC")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("A 1", A),
        ("A 1 and B 1", {"all_of": [A, B]}),
        ("A 1 and (B 1 or C 1)", {"all_of": [A, {"any_of": [B, C]}]}),
        ("two of A 1, B 1, C 1", {"at_least": 2, "of": [A, B, C]}),
        ("(A 1 and B 1) or C 1", {"any_of": [{"all_of": [A, B]}, C]}),
    ],
)
def test_words_are_read(text: str, condition: dict[str, object]) -> None:
    assert read_condition(text) == condition


@pytest.mark.parametrize("text", ["A 1 and B 1 or C 1", "(A 1", "A 1 and", "and A 1", "A 1) or B 1", "(" * 99 + "A 1"])
def test_words_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_condition(text)


def test_condition_that_cannot_be_read_is_kept_and_listed() -> None:
    rows = "Course ID,Course Title,Units,Prerequisites (text),Corequisites (text)\nA 1,One,1-12,B 1 and C 1 or A 2,\n"
    document, conversion = FORMAT.parse({"a.csv": rows.encode()})
    assert isinstance(document, cg.Catalog)
    (asset,) = document.assets
    assert asset.prerequisites is None
    assert asset.duration is None
    assert asset.to_dict()["extensions"] == {"ucsd": {"units": "1-12", "prereqs": "B 1 and C 1 or A 2"}}
    assert [issue.where for issue in conversion.problems] == ["a.csv row:2"]


def test_bad_lines_are_listed() -> None:
    lines = b'{"code": "A 1", "title": "One", "prereqs": {"type": "most", "courses": ["B 1"]}}\n{\n{"code": "B 1"}\n'
    document, conversion = FORMAT.parse({"a.jsonl": lines})
    assert isinstance(document, cg.Catalog)
    assert [issue.code for issue in conversion.problems] == ["bad-condition", "bad-json", "no-title"]
    assert [asset.id for asset in document.assets] == ["ucsd:A-1"]


@pytest.mark.real_data
def test_golden_counts_and_both_shapes_agree(shared_data: Path) -> None:
    folder = shared_data / "ucsd_catalog"
    lines, rows = (cg.read_catalog(folder / name) for name in ("ucsd_courses.jsonl", "ucsd_catalog_lms_export.csv"))
    assert len(lines.assets) == 6594
    conditions = [asset.prerequisites for asset in lines.assets if asset.prerequisites]
    assert len(conditions) == 1928
    assert sum(1 for condition in conditions for _ in condition.leaves()) == 5329
    assert sum(bool(condition.all_of) for condition in conditions) == 739
    assert sum(bool(condition.any_of) for condition in conditions) == 392
    assert sum(asset.corequisites is not None for asset in lines.assets) == 28
    own = {asset.id for asset in lines.assets}
    assert len({leaf.asset for item in conditions for leaf in item.leaves() if leaf.asset not in own}) == 264
    assert [asset.prerequisites for asset in rows.assets] == [asset.prerequisites for asset in lines.assets]
    assert [asset.corequisites for asset in rows.assets] == [asset.corequisites for asset in lines.assets]
