from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from capgraph import learning_path, sample, write
from capgraph.cli import app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("sample")
    documents = [sample().framework, sample().workforce, *sample().catalogs]
    options = []
    for number, document in enumerate(documents):
        path = folder / f"{number}.json"
        write(document, path)
        options += ["--file", str(path)]
    return options


def told(*arguments: str) -> dict[str, Any]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_a_learning_path_keeps_its_limits(files: list[str], tmp_path: Path) -> None:
    arguments = ["person:amina", "role:analyst", "--max-hours", "20", "--as-of", "2026-09-01", *files]
    answer = told("learning-path", *arguments, "--svg", str(tmp_path / "plan.svg"))
    assert 0 < answer["summary"]["hours"] <= 20
    assert (tmp_path / "plan.svg").read_text(encoding="utf-8").startswith("<?xml")
    plain = CliRunner().invoke(app, ["learning-path", *arguments])
    assert "open: " in plain.stdout


def test_a_learning_path_takes_a_blend_and_a_mix(files: list[str]) -> None:
    arguments = ["learning-path", "person:amina", "role:analyst", "--teach-unassessed", "--as-of", "2026-09-01", *files]
    hours, blend = told(*arguments), told(*arguments, "--objective", "hours=50,cost=1", "--currency", "EUR")
    assert blend["summary"]["objective"] == pytest.approx(
        50 * blend["summary"]["hours"] + float(blend["summary"]["cost"])
    )
    assert float(blend["summary"]["cost"]) <= float(hours["summary"]["cost"])
    mixed = told(*arguments, "--mix", "practice=70,social=20,formal=10")
    assert 0 <= mixed["summary"]["mix_deviation"] <= 1
    wrong = CliRunner().invoke(app, [*arguments, "--mix", "practice=much"])
    assert wrong.exit_code == 2
    assert "'practice=much' is no name with a number" in wrong.output


def test_a_learning_path_says_what_could_stand_in_and_how_far_the_mix_is(files: list[str]) -> None:
    arguments = ["learning-path", "person:amina", "role:analyst", "--teach-unassessed", "--as-of", "2026-09-01", *files]
    plain = CliRunner().invoke(app, [*arguments, "--mix", "practice=70,social=20,formal=10", "--alternatives"])
    assert plain.exit_code == 0, plain.output
    assert "the mix: practice " in plain.stdout
    plan = learning_path(
        sample().graph(), "person:amina", "role:analyst", unassessed="teach", as_of=dt.date(2026, 9, 1)
    )
    assert [f"without {one.without}:" in plain.stdout for one in plan.alternatives()].count(False) == 0
    assert plain.stdout.count("without asset") == len(plan.alternatives())
    stated = told(*arguments, "--alternatives")["alternatives"]
    assert [(one["without"], one["objective"]) for one in stated] == [
        (one.without, one.objective) for one in plan.alternatives()
    ]


def test_a_curriculum_names_its_frontier(files: list[str]) -> None:
    answer = told("curriculum", "role:analyst", "--max-cost", "3000", "--as-of", "2026-09-01", *files)
    assert float(answer["summary"]["cost"]) <= 3000
    alone = told("curriculum", "role:analyst", "--max-facilitator-hours", "0", "--as-of", "2026-09-01", *files)
    assert alone["summary"]["facilitator_hours"] == 0
    assert len(answer["summary"]["frontier"]) == 5
    plain = CliRunner().invoke(app, ["curriculum", "role:analyst", "--as-of", "2026-09-01", *files])
    assert "a budget of" in plain.stdout


def test_career_paths_neighbors_and_successors_answer(files: list[str], tmp_path: Path) -> None:
    moves = ["role:analyst", "role:data-engineer", "--svg", str(tmp_path / "moves.svg")]
    assert told("career-path", *moves, *files)["rows"][-1]["role"] == "role:data-engineer"
    assert (tmp_path / "moves.svg").exists()
    assert told("adjacent-roles", "role:analyst", *files)["rows"][0]["role"] == "role:senior-analyst"
    assert len(told("successors", "role:senior-analyst", "--limit", "2", "--as-of", "2026-09-01", *files)["rows"]) == 2


def test_a_hopeless_move_is_bad_input(files: list[str]) -> None:
    result = CliRunner().invoke(
        app, ["career-path", "role:analyst", "role:field-technician", "--max-distance", "0", *files]
    )
    assert result.exit_code != 0
