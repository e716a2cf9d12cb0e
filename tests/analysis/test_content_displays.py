"""What coverage and consolidation look like: the heatmap, and the workbook."""

from __future__ import annotations

import io

import openpyxl
import pytest

import capgraph as cg
from capgraph.analysis.coverage_matrix import coverage_matrix
from capgraph.plot import heatmap


def graph() -> cg.CapabilityGraph:
    scale = {"id": "scale:a", "label": "Two", "levels": [{"rank": rank, "label": str(rank)} for rank in (1, 2)]}
    framework = cg.Framework(
        id="fw:a",
        default_scale="scale:a",
        scales=[scale],
        capabilities=[cg.Capability(id="cap:sql", label="<SQL>"), cg.Capability(id="cap:law", label="Law")],
        roles=[
            cg.RoleProfile(
                id="role:dev",
                label="Developer",
                requirements=[
                    {"capability": "cap:sql", "level": 2},
                    {"capability": "cap:law", "level": 1, "necessity": "mandatory"},
                ],
            )
        ],
    )
    taught = [{"target": "cap:sql", "level_to": 1}]
    assets = [
        cg.LearningAsset(id="asset:a", title="=HYPERLINK(1)", alignments=taught, duration=60, learners=9),
        cg.LearningAsset(id="asset:b", title="SQL again", alignments=taught, duration=90, learners=3),
        cg.LearningAsset(id="asset:c", title="Pottery"),
    ]
    return cg.CapabilityGraph(framework, cg.Catalog(id="cat:a", assets=assets))


def test_the_matrix_has_a_cell_for_each_required_step_alone() -> None:
    matrix = cg.coverage(graph()).matrix
    assert matrix.rows() == [
        {"capability": "cap:sql", "label": "<SQL>", "level 1": "covered", "level 2": "uncovered"},
        {"capability": "cap:law", "label": "Law", "level 1": "uncovered", "level 2": None},
    ]
    assert matrix.cells["cap:law", (1, "")].text == "0 ✗*"


def test_the_heatmap_is_escaped_and_has_signs() -> None:
    shown = cg.coverage(graph()).matrix._repr_html_()
    assert "&lt;SQL&gt;" in shown
    assert "<SQL>" not in shown
    assert "2 ✓" in shown
    assert "nobody" not in cg.coverage(graph(), relation="assesses").matrix.title
    assert "assessed" in cg.coverage(graph(), relation="assesses").matrix.title


def test_parts_are_columns_of_their_own() -> None:
    headings = cg.coverage(graph(), by="kind").matrix.headings
    assert "level 1 course" in headings


def test_a_capability_without_levels_is_held() -> None:
    framework = cg.Framework(
        id="fw:b",
        capabilities=[cg.Capability(id="cap:x", label="X")],
        roles=[cg.RoleProfile(id="role:x", label="X", requirements=[{"capability": "cap:x"}])],
    )
    assert cg.coverage(cg.CapabilityGraph(framework)).matrix.headings == ["held"]


def test_the_heatmap_is_drawn() -> None:
    drawn = heatmap(cg.coverage(graph()).matrix).to_svg()
    assert "#b3470c" in drawn
    assert heatmap(coverage_matrix([], "nothing")).to_svg().lstrip().startswith("<?xml")


def test_the_workbook_says_what_goes_and_who_takes_over() -> None:
    report = cg.consolidation(graph())
    book = openpyxl.load_workbook(io.BytesIO(report.to_xlsx()))
    assert book.sheetnames == ["Summary", "Assets", "Takeover", "Certificate"]
    figures = {row[0]: row[1] for row in book["Summary"].values}
    assert figures["retired"] == 1
    assert figures["cells covered before"] == figures["cells covered after"] == 1
    assets = list(book["Assets"].values)
    assert assets[1][:3] == ("✗ retire", "SQL again", "asset:b")
    assert isinstance(assets[1][5], int | float)
    assert next(iter(book["Takeover"].values))[0] == "Asset that goes"
    assert str(list(book["Takeover"].values)[1][4]).startswith("asset:a takes over")
    assert list(book["Certificate"].values)[1][-1] == "yes"


def test_no_text_of_the_workbook_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(cg.consolidation(graph()).to_xlsx()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=HYPERLINK(1)" and cell.data_type == "s" for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)


@pytest.mark.parametrize("subject", ["", b"x", 3, None, ["x"], [object()]])
def test_what_is_no_catalog_is_refused(subject: object) -> None:
    with pytest.raises(cg.errors.ArgumentError, match="pass"):
        cg.duplicates(subject)  # type: ignore[arg-type]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(cg.errors.ArgumentError, match="choose among assets, capabilities, behaviors"):
        cg.duplicates([], of="roles")  # type: ignore[arg-type]
