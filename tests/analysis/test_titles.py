from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.analysis.titles import parse_title


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("[NEW] 2026 Data Protection for Managers (online)", "data protection"),
        ("NEW! SQL from Zero", "sql from zero"),
        ("IT-204: Spreadsheet modeling", "spreadsheet modeling"),
        ("Initiation à INTERNATIONAL LAW", "international law"),
        ("Überblick: Existentialism", "existentialism"),
        ("Leadership & Teams, 3rd edition", "leadership and teams"),
        ("New managers", "new managers"),
        ("ISO 9001 Lead Auditor", "iso 9001 lead auditor"),
        (
            "A Constitutional History of the United States since 1865",
            "constitutional history of the united states since 1865",
        ),
    ],
)
def test_the_subject_is_what_is_left(title: str, core: str) -> None:
    assert parse_title(title).core == core


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("Excel I: Lists", ("1",)),
        ("Excel II", ("2",)),
        ("Macroeconomics B", ("2",)),
        ("Excel Two", ("2",)),
        ("Python, Part 3", ("3",)),
        ("Python (2/4)", ("2",)),
        ("Process I—Part II", ("1", "2")),
        ("The Novella II Workshop", ("2",)),
        ("Rendering", ()),
        ("Statistics 102", ("102",)),
    ],
)
def test_the_part_places_a_title_in_a_series(title: str, part: tuple[str, ...]) -> None:
    assert parse_title(title).part == part


@pytest.mark.parametrize(
    ("title", "facet", "value"),
    [
        ("Statistics 101", "level", ("introductory",)),
        ("Advanced Ballet", "level", ("advanced",)),
        ("Excel for Beginners", "level", ("introductory",)),
        ("Coaching for Team Leads", "audience", ("leads", "team")),
        ("Excel Essentials (2025 edition)", "edition", ("2025",)),
        ("Safety briefing v2.1", "edition", ("2.1",)),
        ("First Aid (online)", "format", ("online",)),
        ("First Aid [German]", "language", ("de",)),
        ("First Aid [DE]", "language", ("de",)),
        ("First Aid (en-US)", "language", ("en",)),
        ("First Aid – FR", "language", ("fr",)),
        ("First Aid – Français", "language", ("fr",)),
        ("First Aid in Spanish", "language", ("es",)),
        ("German: First Aid", "language", ()),
        ("Security (IT)", "language", ()),
        ("Coaching (managers)", "audience", ("managers",)),
        ("Coaching – for Managers", "audience", ("managers",)),
        ("Managers: Coaching", "audience", ("managers",)),
        ("Coaching (Teams)", "audience", ()),
        ("ISO 9001 Lead Auditor", "numbers", ("9001",)),
    ],
)
def test_facets_are_taken_out_of_the_subject(title: str, facet: str, value: tuple[str, ...]) -> None:
    assert getattr(parse_title(title), facet) == value


@pytest.mark.parametrize("title", ["Introduction", "Level 2", "[NEW]", "2026", "Basics", "!!!", "C", "(Staff)", "EN"])
def test_a_title_of_facets_alone_is_its_own_subject(title: str) -> None:
    assert parse_title(title).words != ()


@given(st.text(max_size=80))
def test_any_text_is_a_title(text: str) -> None:
    parsed = parse_title(text)
    assert parsed.words == tuple(word for segment in parsed.segments for word in segment)


def test_a_megabyte_is_no_blow_up() -> None:
    assert parse_title("excel for " * 50_000).words[0] == "excel"
