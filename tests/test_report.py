"""Report and Table: rows, evidence, frames, JSON, text and HTML."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import pickle
from decimal import Decimal
from typing import ClassVar, Literal

import pytest

from capgraph.errors import MissingDependencyError
from capgraph.links import Link
from capgraph.model import Money, Person
from capgraph.report import Fact, Facts, Report, ReportRow, frame_library


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row(ReportRow):
    """A row with a cell of every type."""

    person: str
    count: int | None = None
    share: float = 0.5
    ready: bool = False
    tags: tuple[str, ...] = ()
    cost: Money | None = None
    day: dt.date | None = None

    def tone(self) -> str:
        """Color what is ready."""
        return "good" if self.ready else ""


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Answer(Report[Row]):
    """An answer with figures of its own."""

    name: ClassVar[str] = "some_answer"
    row_type: ClassVar[type[ReportRow]] = Row

    total: int = 0
    at: dt.date = dt.date(2026, 1, 1)
    shares: tuple[float, ...] = ()


@pytest.fixture
def answer() -> Answer:
    """Return an answer of two rows."""
    fact = Fact.of_link(Link("person:a", "member_of", "team:t", Person(id="person:a")))
    cost = Money(amount=Decimal("12.50"), currency="EUR")
    rows = (
        Row(person="person:a", count=1, tags=("x", "y"), cost=cost, because=(fact,)),
        Row(person="<b>", share=1.0, ready=True, day=dt.date(2026, 2, 1)),
    )
    return Answer(records=rows, notes=("One note.",), total=2)


def test_rows_are_plain_and_in_order(answer: Answer) -> None:
    """Rows are plain dicts with the documented columns."""
    assert answer.columns == ("person", "count", "share", "ready", "tags", "cost", "day")
    assert answer.rows()[0] == {
        "person": "person:a",
        "count": 1,
        "share": 0.5,
        "ready": False,
        "tags": ["x", "y"],
        "cost": {"amount": "12.50", "currency": "EUR"},
        "day": None,
    }
    assert len(answer) == 2
    assert [row.person for row in answer] == ["person:a", "<b>"]


def test_evidence_says_why(answer: Answer) -> None:
    """The evidence of a row is plain data too."""
    (fact,) = answer.evidence(0)
    assert fact["text"] == "person:a member of team:t"
    assert fact["data"] == {
        "source": "person:a",
        "relation": "member_of",
        "target": "team:t",
        "data": {"id": "person:a"},
    }
    assert answer.evidence(1) == []
    with pytest.raises(IndexError):
        answer.evidence(2)


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_hold_the_rows(answer: Answer, library: Literal["pandas", "polars", "pyarrow"]) -> None:
    """Each library gets its own type, and an answer without rows keeps its columns."""
    frame = answer.to_frame(library)
    assert type(frame).__module__.split(".")[0] == library
    names = getattr(frame, "column_names", None) or list(frame.columns)
    assert tuple(names) == answer.columns
    assert len(frame) == 2
    assert len(Answer().to_frame(library)) == 0


def test_a_frame_needs_a_library(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any data-frame library the error names the extra."""
    monkeypatch.setattr("capgraph.report._FRAMES", ())
    with pytest.raises(MissingDependencyError, match=r"capgraph\[frames\]"):
        answer.to_frame()


def test_a_library_that_is_not_there_is_named(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library asked for by name is missed by name."""
    monkeypatch.setattr("capgraph.report.find_spec", lambda _: None)
    with pytest.raises(MissingDependencyError, match="pandas is not installed"):
        answer.to_frame("pandas")


def test_the_library_that_is_imported_wins() -> None:
    """What the caller uses already is what comes back; else what is installed."""
    assert frame_library({"polars", "json"}) == "polars"
    assert frame_library({"json"}) == "pandas"


def test_json_is_text_that_parses(answer: Answer) -> None:
    """Figures, notes and rows are all there."""
    told = json.loads(answer.to_json(indent=1))
    assert told["report"] == "some_answer"
    assert told["summary"] == {"total": 2, "at": "2026-01-01", "shares": []}
    assert told["notes"] == ["One note."]
    assert told["rows"][1]["day"] == "2026-02-01"


def test_text_is_aligned(answer: Answer) -> None:
    """A terminal shows the title, the figures, the rows and the notes."""
    lines = str(answer).splitlines()
    assert lines[0] == "some answer"
    assert lines[1] == "total 2, at 2026-01-01"
    assert lines[3].split() == ["person", "count", "share", "ready", "tags", "cost", "day"]
    assert lines[5].split()[:5] == ["person:a", "1", "0.5", "no", "x,"]
    assert lines[-1] == "One note."
    assert repr(answer) == "<Answer: 2 rows>"


def test_html_is_escaped_and_colored(answer: Answer) -> None:
    """Nothing of the data reaches the page as markup; rows carry their tone."""
    page = answer._repr_html_()
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert page.count("background:#") == 1


def test_empty_columns_are_not_shown() -> None:
    """A column without any value takes no room; the rows keep it."""
    report = Answer(records=(Row(person="person:a"),))
    assert report.table().columns == ("person", "share", "ready")
    assert report.rows()[0]["count"] is None
    assert Answer().table().columns == Answer().columns


def test_long_cells_are_cut_where_people_read() -> None:
    """Text and HTML cut a long cell; HTML shows it whole when it is pointed at, JSON holds it anyway."""
    long = "word " * 60
    report = Answer(records=(Row(person=long),))
    assert max(map(len, str(report).splitlines())) < 100
    page = report._repr_html_()
    assert f"title='{long}'" in page
    assert f">{long[:119]}…</td>" in page
    assert json.loads(report.to_json())["rows"][0]["person"] == long


def test_minted_ids_are_cut_on_a_page_and_shown_whole_when_they_are_pointed_at() -> None:
    one, two = "urn:uuid:a5b28235-13f5-5a0d-8a73-63f5d58527ba", "urn:uuid:b5b28235-13f5-5a0d-8a73-63f5d58527ba"
    page = Answer(records=(Row(person=f"{one}, {two}"),))._repr_html_()
    assert f"title='{one}, {two}'>urn:uuid:a5b28235…, urn:uuid:b5b28235…</td>" in page
    assert one in str(Answer(records=(Row(person=one),)))


def test_a_long_answer_is_cut_and_says_so() -> None:
    """Jupyter shows sixty rows."""
    page = Answer(records=tuple(Row(person=f"person:{number}") for number in range(70)))._repr_html_()
    assert "… and 10 more rows" in page


def test_facts_are_told_when_somebody_looks_and_only_once() -> None:
    told: list[str] = []

    def tell() -> list[Fact]:
        told.append("told")
        return [Fact("rule", "a"), Fact("rule", "b")]

    facts = Facts(tell)
    assert told == []
    assert [fact.text for fact in facts] == ["a", "b"]
    assert (len(facts), facts[0].text, facts[1:][0].text) == (2, "a", "b")
    assert told == ["told"]
    assert pickle.loads(pickle.dumps(facts)) == tuple(facts)  # noqa: S301 - our own bytes
