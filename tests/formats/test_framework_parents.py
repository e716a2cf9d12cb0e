"""Entries whose name several have, as the ones above others."""

from __future__ import annotations

import pytest

import capgraph as cg
from capgraph.formats.framework_parents import Parents

_ROWS = """id,name,parent
1,Data,
2,Basics,Data
3,Tables,Basics
4,Law,
5,Basics,Law
6,Contracts,Basics
7,Speaking,
8,Speaking,Speaking
9,Listening,Speaking
"""


def test_the_nearest_above_is_meant_and_the_choice_is_told(tmp_path: pytest.TempPathFactory) -> None:
    path = tmp_path / "skills.csv"  # type: ignore[operator]
    path.write_text(_ROWS, "utf-8")
    with pytest.warns(cg.errors.CapgraphWarning, match="entries are called") as told:
        framework = cg.read_framework(path)
    ids = {item.notation: item.id for item in framework.capabilities}
    above = {item.notation: item.broader for item in framework.capabilities}
    assert above["3"] == (ids["2"],)
    assert above["6"] == (ids["5"],)
    assert above["8"] == above["9"] == (ids["7"],)
    assert "row" in str(told[0].message)


def test_names_of_one_entry_are_no_choice() -> None:
    above = Parents([("Data", "1", ""), ("Law", "", ""), ("Law", "", "")])
    assert above.several("Data") == above.several("Law") == above.several("None") == ""
