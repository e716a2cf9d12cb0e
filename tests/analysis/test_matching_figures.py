"""Suggestions on real labelled sentences: better than the plain methods that most tools use."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.analysis.evaluation import evaluate_matching, labelled_texts
from capgraph.analysis.matcher import Matcher

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


@pytest.fixture(scope="module")
def esco(shared_data: Path) -> cg.Framework:
    return cg.read_framework(shared_data / "esco" / "v1.1.0-en-csv.zip")


@pytest.mark.parametrize(
    ("embed", "least"),
    [
        (None, {"house": (0.51, 0.52), "tech": (0.71, 0.68)}),
        ("wordllama", {"house": (0.54, 0.53), "tech": (0.73, 0.72)}),
    ],
)
def test_sentences_of_job_advertisements(
    esco: cg.Framework, shared_data: Path, embed: str | None, least: dict[str, tuple[float, float]]
) -> None:
    matcher = Matcher(esco, embed=embed)
    for name, (rp_at_5, mrr) in least.items():
        with (shared_data / "labelled" / f"{name}_validation_annotations.csv").open(encoding="utf-8") as lines:
            report = evaluate_matching(labelled_texts(list(csv.DictReader(lines)), esco), matcher)
        assert report.rp_at_5 is not None
        assert report.mrr is not None
        assert (report.rp_at_5 >= rp_at_5, report.mrr >= mrr) == (True, True), (name, report.rp_at_5, report.mrr)
        assert report.calibration_error <= 0.06
