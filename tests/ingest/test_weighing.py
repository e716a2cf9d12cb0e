"""Whether cells bear out what the name of their column says."""

from __future__ import annotations

import pytest

from capgraph.ingest.profile import NO_RULE, generic
from capgraph.ingest.weighing import contradiction


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("kind", ["Lecturer", "Professional", "Lecturer"]),
        ("language", ["Python", "JavaScript", "C++"]),
        ("cost", ["on request", "ask us", "on request"]),
        ("learners", ["a lot", "few", "some"]),
        ("title", ["12", "14", "15"]),
        ("provider", ["yes", "no", "yes"]),
        ("accreditation", ["True", "False", "True"]),
        ("skills", [["3"], ["5"], ["7"]]),
    ],
)
def test_cells_that_are_nothing_of_the_kind_speak_against_a_name(field: str, cells: list[object]) -> None:
    assert contradiction(field, "x", cells, generic().rule(field)).startswith("named like ")
    assert not contradiction(field, "x", cells[:2], generic().rule(field)), "two cells are no evidence"


@pytest.mark.parametrize(
    ("field", "cells"),
    [
        ("duration", ["n/a", "soon", "later", "2 hours"]),
        ("duration", ["0", "0", "0"]),
        ("provider", ["yes", "no", "Acme"]),
        ("skills", [["Git"], [], ["SQL"]]),
        ("level", ["1", "2", "3"]),
    ],
)
def test_one_cell_that_is_right_is_enough(field: str, cells: list[object]) -> None:
    assert not contradiction(field, "x", cells, NO_RULE)


def test_times_of_day_are_no_durations() -> None:
    assert "times of day" in contradiction("duration", "Class time", ["9:00", "13:30", "10:15"], NO_RULE)
    assert not contradiction("duration", "Class time", ["1:30", "0:45", "2:00"], NO_RULE)
    assert not contradiction("duration", "Duration", ["9:00", "13:30", "10:15"], NO_RULE)


def test_lists_are_no_counts_and_ids_that_most_lack_no_ids() -> None:
    assert contradiction("learners", "attendees", [["A. B."], ["C. D."]], NO_RULE).endswith("its cells are lists")
    assert contradiction("id", "_id", ["a1", "", ""], NO_RULE).endswith("most records have none")
    assert not contradiction("id", "_id", ["a1", "a2", ""], NO_RULE)
