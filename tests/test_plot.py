"""Pictures: drawn without a window, with labels that cannot break them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.matrix import LOOKS, MatrixCell, SkillsMatrix
from capgraph.model import FrozenMapping
from capgraph.plot import heatmap

if TYPE_CHECKING:
    from pathlib import Path


def _matrix(people: int, capabilities: int) -> SkillsMatrix:
    statuses = list(LOOKS)
    names = {f"person:{n}": f"Person <{n}> $x" for n in range(people)}
    skills = {f"cap:{n}": f"Capability number {n} with a long name" for n in range(capabilities)}
    cells = {
        (person, skill): MatrixCell(3, (row + column) % 5, statuses[(row + column) % len(statuses)], held=True)
        for row, person in enumerate(names)
        for column, skill in enumerate(skills)
    }
    return SkillsMatrix(
        title="Team", people=FrozenMapping(names), capabilities=FrozenMapping(skills), cells=FrozenMapping(cells)
    )


def test_a_heatmap_has_a_cell_for_each_person_and_capability() -> None:
    axes = heatmap(_matrix(30, 40)).figure.axes[0]
    assert next(text.get_text() for text in axes.get_yticklabels()) == r"Person <0> \$x"
    assert len(axes.patches) == 30 * 40
    assert {text.get_text() for text in axes.texts} >= {"0/3", "3/3"}


def test_a_picture_is_shown_and_saved(tmp_path: Path) -> None:
    picture = heatmap(_matrix(2, 3))
    assert picture._repr_svg_().lstrip().startswith("<?xml")
    for name in ("matrix.png", "matrix.svg", "matrix.pdf"):
        picture.save(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000


def test_an_empty_matrix_is_an_empty_picture() -> None:
    assert heatmap(_matrix(0, 0)).to_svg().count("<path") < 30
