from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from capgraph import (
    Alignment,
    Capability,
    CapabilityGraph,
    Catalog,
    Framework,
    LearningAsset,
    Requirement,
    RoleProfile,
    career_path,
    learning_path,
)

pytest.importorskip("matplotlib")

from matplotlib.patches import Rectangle

from capgraph.plot import moves, timeline

if TYPE_CHECKING:
    from pathlib import Path


def graph() -> CapabilityGraph:
    framework = Framework(
        id="fw:p",
        capabilities=[Capability(id="cap:a", label="A"), Capability(id="cap:b", label="B")],
        roles=[
            RoleProfile(id="role:p", label="Pilot", requirements=[Requirement(capability="cap:a")]),
            RoleProfile(
                id="role:q",
                label="Captain",
                requirements=[Requirement(capability="cap:a"), Requirement(capability="cap:b")],
            ),
        ],
    )
    assets = [
        LearningAsset(
            id="asset:b", title="Bridge <basics>", duration=90, alignments=[Alignment(target="cap:b", state="proposed")]
        ),
    ]
    return CapabilityGraph(framework, Catalog(id="cat:p", assets=assets))


def test_a_timeline_shows_every_asset_in_hours_or_days(tmp_path: Path) -> None:
    hours = timeline(learning_path(graph(), ["cap:b"], alignments="proposed"))
    hours.save(tmp_path / "plan.png")
    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG")
    assert len(hours.figure.axes[0].patches) == 1
    days = learning_path(graph(), ["cap:b"], alignments="proposed", start=date(2026, 1, 5), hours_per_week=1)
    bar = timeline(days).figure.axes[0].patches[0]
    assert isinstance(bar, Rectangle)
    assert bar.get_x() == (date(2026, 1, 5) - date(1970, 1, 1)).days
    assert bar.get_width() == 11


def test_moves_are_drawn_once_for_each_hop() -> None:
    picture = moves(career_path(graph(), "role:p", "role:q", max_distance=1))
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    assert {"Pilot", "Captain", "0.50"} <= set(texts)


def test_an_empty_plan_is_an_empty_picture() -> None:
    assert timeline(learning_path(graph(), ["cap:b"])).to_svg().startswith("<?xml")
