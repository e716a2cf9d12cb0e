from __future__ import annotations

import pytest

from capgraph.analysis.codes import codes_of, course_level, flat_code, read_statements, split_code


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Same as PHIL 221.", ("PHIL221",)),
        ("Same as AFST 111, and HIST 112. Prerequisite: ENGL 9.", ("AFST111", "HIST112")),
        ("(Cross-listed with LING 12A.) How languages change.", ("LING12A",)),
        ("Crosslisted as: SOC 40", ("SOC40",)),
        ("Cross listing: SOC 40/ANTH 41", ("SOC40", "ANTH41")),
        ("Also offered as GEOG 4010", ("GEOG4010",)),
        ("Jointly offered with MATH 7 and 8", ("MATH7", "MATH8")),
        ("Offered jointly with STAT 17", ("STAT17",)),
        ("Same course as Philosophy 221", ("221",)),
        ("See ART-100.", ("ART100",)),
        ("How to see art in 100 ways, after all that has been said about it in ART 100.", ()),
        ("Renumbered from ART 100.", ()),
    ],
)
def test_a_description_names_the_codes_that_it_calls_the_same(text: str, codes: tuple[str, ...]) -> None:
    assert read_statements(text).same == codes


@pytest.mark.parametrize(
    "text",
    [
        "Students may not receive credit for both NUT 22 and BIO 120.",
        "No credit for NUT 22 and BIO 120",
        "Credit not allowed for both NUT 22 and BIO 120",
        "Meets with NUT 22, BIO 120",
        "Dual-listed with NUT 22/BIO 120",
        "Equivalent to NUT 22 and BIO 120",
    ],
)
def test_credit_that_is_shared_is_overlap_and_not_sameness(text: str) -> None:
    found = read_statements(text)
    assert found.same == ()
    assert found.overlapping == ("NUT22", "BIO120")
    assert "NUT" not in found.rest


@pytest.mark.parametrize(
    ("notation", "codes"),
    [
        ("", ()),
        ("HIST 131/AFAM 112", ("HIST131", "AFAM112")),
        ("HIST 131 and AFAM 112", ("HIST131", "AFAM112")),
        ("LIFR 5B, 5C, 5D", ("LIFR5B5C5D",)),
        ("IT-204", ("IT204",)),
    ],
)
def test_a_notation_may_hold_several_codes(notation: str, codes: tuple[str, ...]) -> None:
    assert codes_of(notation) == codes


def test_codes_are_taken_apart() -> None:
    assert flat_code("") == ""
    assert split_code("ECON4010W") == ("ECON", "4010W", "4010")
    assert split_code("ABC") == ("ABC", "", "")
    assert split_code("ßABC1") == ("", "", "")


@pytest.mark.parametrize(
    ("digits", "usual", "level"),
    [("253", 3, 2), ("15", 3, 0), ("4010", 4, 4), ("8", 2, None), ("", 3, None), ("20260101", 4, None)],
)
def test_the_first_digit_of_a_number_is_its_level(digits: str, usual: int, level: int | None) -> None:
    assert course_level(digits, usual) == level
