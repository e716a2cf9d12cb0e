"""Tables of one framework in several files: read together they share their skills; what is not read is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from capgraph.files import read_framework, reading

if TYPE_CHECKING:
    from pathlib import Path

LEVELS = "Compétence;Niveau 1;Niveau 2;Niveau 3\nSQL;Lit;Joint;Optimise\nPython;Lit;Écrit;Conçoit\n"
ROLES = "Compétence;Analyste;Ingénieur\nSQL;2;3\nPython;1;3\n"
NEEDS = "Role,Skill,Level\nAnalyste,SQL,2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the levels of skills, and with what roles need."""
    for name, text in (("niveaux.csv", LEVELS), ("matrice.csv", ROLES), ("needs.csv", NEEDS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("names", [("niveaux.csv", "matrice.csv"), ("matrice.csv", "niveaux.csv")])
def test_levels_and_roles_of_two_files_are_one_framework(folder: Path, names: tuple[str, str]) -> None:
    """Whatever the order, skills are the same ones in both; no file is taken for a role."""
    found = read_framework(*(folder / name for name in names))
    assert {item.label: len(item.levels) for item in found.capabilities} == {"SQL": 3, "Python": 3}
    labels = {item.id: item.label for item in found.capabilities}
    assert {role.label: {labels[one.capability]: one.level for one in role.requirements} for role in found.roles} == {
        "Analyste": {"SQL": 2, "Python": 1},
        "Ingénieur": {"SQL": 3, "Python": 3},
    }
    assert [item.label for item in found.scales[0].levels] == ["Niveau 1", "Niveau 2", "Niveau 3"]


def test_three_layouts_are_read_together(folder: Path) -> None:
    """A list of requirements adds to what the others say."""
    found = read_framework(folder / "niveaux.csv", folder / "needs.csv")
    (role,) = found.roles
    assert (role.label, [one.level for one in role.requirements]) == ("Analyste", [2])
    assert {len(item.levels) for item in found.capabilities} == {3}


def test_a_table_that_is_not_read_is_told(folder: Path) -> None:
    """Of tables that do not belong together one is read, and the others are named."""
    (folder / "other.csv").write_text("Skill\nCooking\n", encoding="utf-8")
    told = reading(folder / "niveaux.csv", folder / "other.csv", kind="framework", id="fw:one")
    dropped = [(row.places, row.reason) for row in told.conversion if row.action == "dropped"]
    assert [places for places, _ in dropped] == [("other.csv",)]
    assert "the same id=" in dropped[0][1]
    apart = [read_framework(folder / name, id="fw:one") for name in ("niveaux.csv", "matrice.csv")]
    assert {item.id for item in apart[0].capabilities} == {item.id for item in apart[1].capabilities}
