"""Cells as values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.formats import values
from capgraph.formats.values import Duration, Level


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("1h 30m", 90),
        ("1 h 30", 90.0),
        ("3h05", 185.0),
        ("2 days / 16 hours", 960.0),
        ("2 Tage (16 UE)", 720.0),
        ("1 day (6 hours)", 360.0),
        ("3 (UE)", 135.0),
        ("3 dagdelen", 720.0),
        ("1/2 journée", 240.0),
        ("2 demi-journées", 480.0),
        ("half day", 240.0),
        ("halber Tag", 240.0),
        ("2 x 45 min", 90.0),
        ("2 x 45", None),
        ("1 000 h", 60000.0),
        ("six weeks", 14400.0),
        ("6 weeks, 3-5 hours per week", 1440.0),
        ("1 month at 12 hours a week", 3120.0),
        ("2-3 hours per week", None),
        ("Approx. 20 hours to complete", 1200.0),
        ("6.5 total hours", 390.0),
        ("total 90 h, hereof 30 h contact hours", 5400.0),
        ("Beginner · Course · 2 hours", 120.0),
        ("Lecture: 30 h\nExercise: 15 h", None),
        ("2 hours; 3 hours", None),
        ("3 hours (2 sessions)", 180.0),
        ("4 weeks; 2 hours", 120.0),
        ("about a while", None),
        ("6 Std. 0 Min.", 360),
        ("1 Stunde 15 Minuten", 75),
        ("2 heures et 30 minutes", 150),
        ("1:30:00", 90),
        ("1:30", 90),
        ("0:45:30", 45.5),
        ("PT1H30M", 90),
        ("P0DT1H30M0S", 90),
        ("PT90M", 90),
        ("pt45m", 45),
        ("P1D", 1440),
        ("1.5 hours", 90),
        ("1,5 Std.", 90),
        ("90 min", 90),
        ("45mins", 45),
        ("half a day", 240),
        ("1 ½ days", 720),
        ("2 days", 960),
        ("1 week", 2400),
        ("approx. 2 hours", 120),
        ("30 seconds", 0.5),
        (dt.timedelta(hours=8), 480),
        (dt.time(1, 15), 75),
        ("Self-paced", None),
        ("on request", None),
        ("3 lessons", None),
    ],
)
def test_durations_are_read_in_minutes(cell: object, minutes: float | None) -> None:
    if minutes is None:
        with pytest.raises(ValueError, match="no duration"):
            values.duration(cell)
        return
    found = values.duration(cell)
    assert found is not None
    assert found.minutes == pytest.approx(minutes)
    assert not found.assumed


def test_the_unit_of_a_bare_number_is_stated_or_said_to_be_assumed() -> None:
    assert values.duration("90") == Duration(90.0, "minute", assumed=True)
    assert values.duration("1,5", unit="Std") == Duration(90.0, "hour")
    assert values.duration(2, unit="day") == Duration(960.0, "day")
    assert values.duration(2, unit="day", day_minutes=420) == Duration(840.0, "day")


def test_a_clock_with_two_parts_counts_minutes_where_the_column_does() -> None:
    assert values.duration("10:30", unit="minute") == Duration(10.5, "second")


def test_a_range_and_a_calendar_length_are_approximate() -> None:
    found = values.duration("3 - 6 Months")
    assert found is not None
    assert (found.minutes, found.approximate) == (4.5 * 10400, True)
    assert values.duration("P2W") == Duration(20160.0, "minute", approximate=True)


def test_a_negative_duration_and_an_unknown_unit_are_refused() -> None:
    with pytest.raises(ValueError, match="negative duration"):
        values.duration("-30")
    with pytest.raises(ValueError, match="no unit of time"):
        values.duration("30", unit="fortnight")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.200,00", "1200.00"),
        ("1,200.00", "1200.00"),
        ("2,253", "2253"),
        ("1 234,5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("0,25", "0.25"),
        ("0.666", "0.666"),
        ("-3", "-3"),
        ("85 %", "0.85"),
        ("1.2e3", "1.2e3"),
    ],
)
def test_numbers_are_read_with_either_separator(cell: str, number: str) -> None:
    assert values.number(cell) == Decimal(number)


@pytest.mark.parametrize("cell", ["1e400", "9" * 40, "-1e18"])
def test_a_number_beyond_any_quantity_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="more than any quantity"):
        values.number(cell)


def test_a_duration_beyond_any_is_refused() -> None:
    with pytest.raises(ValueError, match="more than any duration"):
        values.duration(f"PT{'9' * 400}H")


def test_the_decimal_sign_can_be_stated() -> None:
    assert values.number("2,253", decimal=",") == Decimal("2.253")


@given(st.decimals(min_value=0, max_value=10**7, places=2))
def test_a_number_means_the_same_in_both_notations(number: Decimal) -> None:
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert values.number(english) == values.number(german) == number


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("$79.50", "79.50", "USD"),
        ("19,00 €", "19.00", "EUR"),
        ("1.200,00 €", "1200.00", "EUR"),
        ("£480.00", "480.00", "GBP"),
        ("EUR 39", "39", "EUR"),
        ("€ 1.250,-", "1250", "EUR"),
        ("$1,250", "1250", "USD"),
        ("1'200.- CHF", "1200", "CHF"),
        ("A$ 12", "12", "AUD"),
        ("Free", "0", ""),
        ("kostenlos", "0", ""),
        (25.0, "25", ""),
    ],
)
def test_prices_say_their_currency(cell: object, amount: str, currency: str) -> None:
    assert values.price(cell) == (Decimal(amount), currency)


def test_a_price_in_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no price"):
        values.price("on request")
    with pytest.raises(ValueError, match="no price"):
        values.price("-5 EUR")


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        ("2024-03-05", "2024-03-05", "day"),
        ("2024-03-24T08:30:00Z", "2024-03-24", "day"),
        ("20251214", "2025-12-14", "day"),
        ("24.02.2025", "2025-02-24", "day"),
        ("24.2.25", "2025-02-24", "day"),
        ("13/02/2025", "2025-02-13", "day"),
        ("2/13/2025", "2025-02-13", "day"),
        ("Mar 2024", "2024-03-01", "month"),
        ("2024-03", "2024-03-01", "month"),
        ("2024", "2024-01-01", "year"),
        ("5 March 2024", "2024-03-05", "day"),
        ("March 5, 2024", "2024-03-05", "day"),
        ("5. März 2024", "2024-03-05", "day"),
        ("MAY-15-2024 09:15 AM America/New_York", "2024-05-15", "day"),
        ("1715904000000", "2024-05-17", "day"),
        ("1715904000", "2024-05-17", "day"),
        ("45000", "2023-03-15", "day"),
        (dt.datetime(2024, 3, 5, 8, 30), "2024-03-05", "day"),  # noqa: DTZ001 - as workbooks give it
    ],
)
def test_dates_are_read_in_many_shapes(cell: object, day: str, precision: str) -> None:
    found = values.day(cell)
    assert found is not None
    assert (found.date.isoformat(), found.precision, found.ambiguous) == (day, precision, False)


def test_an_ambiguous_date_says_so_unless_the_order_is_known() -> None:
    assert values.day("3/5/24") == (dt.date(2024, 5, 3), "day", True)
    assert values.day("3/5/24", first="month") == (dt.date(2024, 3, 5), "day", False)
    assert values.day_order(["3/5/24", "10/30/25"]) == "month"
    assert values.day_order(["3/5/24", "30/10/25"]) == "day"
    assert values.day_order(["13/5/24", "10/30/25"]) is None


@pytest.mark.parametrize("cell", ["31/31/2025", "soon", "2024-13-01", "Q3"])
def test_what_is_no_date_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match="no date"):
        values.day(cell)


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("3 - Practitioner", Level(3, "Practitioner")),
        ("Practitioner (3)", Level(3, "Practitioner")),
        ("L3", Level(3, "")),
        ("Level 3", Level(3, "")),
        ("●●●○", Level(3, "")),
        ("★★☆☆☆", Level(2, "")),
        ("3/5", Level(3, "")),
        ("Beginner", Level(None, "Beginner")),
        (4.0, Level(4, "")),
    ],
)
def test_levels_are_read_as_number_and_words(cell: object, level: Level) -> None:
    assert values.level(cell) == level


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("Y", True), ("ja", True), ("0", False), ("(x)", True), ("nein", False), ("✓", True), (True, True), ("n/a", None)],
)
def test_yes_and_no_in_words_and_marks(cell: object, answer: bool | None) -> None:
    assert values.boolean(cell) is answer


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ValueError, match="neither yes nor no"):
        values.boolean("maybe")


@pytest.mark.parametrize(
    ("cell", "tag"),
    [("en_US", "en-US"), ("English", "en"), ("Deutsch (DE)", "de"), ("Français", "fr"), ("zh-hant-tw", "zh-Hant-TW")],
)
def test_languages_are_tags(cell: str, tag: str) -> None:
    assert values.language(cell) == tag


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("a; b;a", ("a", "b")),
        ("['x', \"it's\"]", ("x", "it's")),
        ('["x", "y"]', ("x", "y")),
        ("- a\n- b", ("a", "b")),
        ("a|b, c", ("a", "b, c")),
        ("Git, SQL", ("Git", "SQL")),
        ("n/a", ()),
        ("[not a list", ("[not a list",)),
        (["a", None, "a"], ("a",)),
    ],
)
def test_several_values_in_one_cell(cell: object, items: tuple[str, ...]) -> None:
    assert values.many(cell) == items


def test_html_becomes_plain_text() -> None:
    html = "<p>You will:</p><ul><li>plan</li><li>check</li></ul><script>alert(1)</script><p>Tools&nbsp;&amp; more</p>"
    assert values.plain_text(html) == "You will:\n- plan\n- check\nTools & more"
    assert values.plain_text("a < b and c > d") == "a < b and c > d"


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (values.duration, values.number, values.price, values.day, values.boolean, values.language):
        try:
            read(text)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - any text may be refused, with a sentence
    values.level(text)
    values.many(text)
    values.plain_text(text)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("€ 1.200,- zzgl. MwSt.", "1200", "EUR"),
        ("1.490,– EUR zzgl. ges. MwSt.", "1490", "EUR"),
        ("450,00 EUR (inkl. 19% MwSt.)", "450.00", "EUR"),
        ("1 890 € HT", "1890", "EUR"),
        ("£250 + VAT", "250", "GBP"),
        ("€450,- excl. btw", "450", "EUR"),
        ("R$ 300,00 por pessoa", "300.00", "BRL"),
        ("95 EUR/TN", "95", "EUR"),
        ("€ 95 p.P.", "95", "EUR"),
    ],
)
def test_prices_say_tax_and_for_whom(text: str, amount: str, currency: str) -> None:
    assert values.price(text) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["300 EUR pro Tag", "$10/month", "100 EUR per group", "zzgl. MwSt."])
def test_prices_of_something_else_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="no price"):
        values.price(text)


def test_days_in_short_french() -> None:
    assert values.duration("1 j") == values.duration("1 jour")
