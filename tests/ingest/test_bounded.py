"""Imports of many rows: what is passed over, what lies on disk, what one revision holds."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capgraph.errors import StaleRevisionError
from capgraph.ingest import import_catalog, journal, outcome, pieces, tags
from capgraph.ingest.assets import Assembly
from capgraph.ingest.pieces import Found, Piece
from capgraph.ingest.spool import Spool
from capgraph.ingest.tables import Raw
from capgraph.ingest.tags import Tagger
from capgraph.ingest.told import Told
from capgraph.model import Capability, Framework
from capgraph.store import Store, fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from capgraph.ingest.drafts import Draft
    from capgraph.model import LearningAsset

HEAD = ("Course ID", "Title", "Duration (h)", "Skills", "Prerequisites")


def _text(*rows: tuple[str, ...]) -> dict[str, bytes]:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEAD, *rows])
    return {"courses.csv": stream.getvalue().encode()}


def _many(count: int) -> dict[str, bytes]:
    return _text(*((f"A-{number}", f"Course number {number}", "2", "SQL; Git", "") for number in range(count)))


@pytest.fixture
def drafts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the key of every record that is made into a draft."""
    made: list[str] = []
    whole = Assembly.draft

    def draft(self: Assembly, raw: Raw, key: str, *more: str) -> Draft:
        made.append(key)
        return whole(self, raw, key, *more)

    monkeypatch.setattr(Assembly, "draft", draft)
    return made


def test_a_row_that_is_as_it_was_is_not_made_again(drafts: list[str]) -> None:
    rows = [("A-1", "One", "1", "SQL", ""), ("A-2", "Two", "1", "SQL", ""), ("A-3", "Three", "x", "SQL", "")]
    with Store("sqlite://") as store:
        import_catalog(_text(*rows), into=store)
        assert dict(fingerprints(store)).keys() == {
            asset.id for asset in store.assets() if asset.notation != "A-3"
        }  # what is remarked about a row is told every time
        drafts.clear()
        rows[1] = ("A-2", "Two", "3", "SQL", "")
        again = import_catalog(_text(*rows), into=store)
        assert drafts == ["A-2", "A-3"]
        assert again.counts() == {"changed": 1, "unchanged": 2, "remark": 1}
        assert [(row.field, row.before, row.after) for row in again.changed] == [("duration", 60, 180)]
        assert import_catalog(_text(*rows), into=store).revision is None


def test_what_people_wrote_since_is_compared_and_not_passed_over() -> None:
    with Store("sqlite://") as store:
        import_catalog(_text(("A-1", "One", "1", "SQL", "")), into=store)
        before: Any = store.load("catalog:courses")
        store.save(before.replace(assets=[before.assets[0].replace(title="Edited")]))
        again = import_catalog(_text(("A-1", "One", "1", "SQL", "")), into=store)
        assert [(row.field, row.before, row.after) for row in again.changed] == [("title", "Edited", "One")]


def test_prerequisites_are_read_anew_each_time(drafts: list[str]) -> None:
    rows = [("A-1", "One", "1", "SQL", "A-2"), ("A-2", "Two", "1", "SQL", "")]
    with Store("sqlite://") as store:
        import_catalog(_text(*rows), into=store)
        drafts.clear()
        assert import_catalog(_text(*rows), into=store).counts() == {"unchanged": 2}
        assert drafts == ["A-1"]
        stored: Any = store.load("catalog:courses")
    ids = {asset.notation: asset for asset in stored.assets}
    assert ids["A-1"].prerequisites.assets == (ids["A-2"].id,)


def test_what_is_put_aside_gives_the_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    source = _many(130) | {"b.csv": b"Course ID,Title\n,No id\nB-1,Course number 7\nB-1,Other\n"}
    whole = import_catalog(source, catalog="catalog:courses")
    monkeypatch.setattr(journal, "_RUN", 7)
    monkeypatch.setattr(journal, "_AT_A_TIME", 3)
    monkeypatch.setattr(outcome, "_HELD", 5)
    with Store("sqlite://") as store:
        plan = import_catalog(source, into=store, catalog="catalog:courses")
        stored = store.load("catalog:courses")
    assert list(plan.records) == list(whole.records)
    assert plan.records[3] == whole.records[3]
    assert plan.records[-1] == whole.records[-1]
    assert plan.records[2:9:2] == whole.records[2:9:2]
    assert plan.records[::-1] == whole.records[::-1]
    assert len(plan.records) == len(whole.records) == sum(plan.counts().values())
    assert list(plan.exceptions()) == list(whole.exceptions())
    assert len(plan.exceptions()) == len(list(plan.exceptions()))
    assert {asset.title for asset in stored.assets} == {asset.title for asset in whole.document.assets}  # type: ignore[attr-defined]
    for rows in (plan.records, whole.records):
        with pytest.raises(IndexError):
            rows[len(rows)]


def test_a_plan_is_refused_when_the_catalog_has_moved_on(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        plan = import_catalog(_many(2), into=store, apply=False, catalog="catalog:courses")
        import_catalog(_many(3), into=store, catalog="catalog:courses")
        with pytest.raises(StaleRevisionError):
            plan.apply()


def test_a_plan_is_applied_once_and_goes_into_another_store_too() -> None:
    with Store("sqlite://") as store, Store("sqlite://") as other:
        plan = import_catalog(_many(3), into=store, apply=False)
        assert plan.apply().revision.added
        assert plan.apply().revision is None
        assert plan.apply(other).revision.added
        assert store.load("catalog:courses") == other.load("catalog:courses") == plan.document
        assert plan.before is None


def test_a_plan_against_a_given_catalog_goes_into_a_store_as_a_whole() -> None:
    before: Any = import_catalog(_many(2)).document
    with Store("sqlite://") as store:
        plan = import_catalog(_many(3), before=before, into=store)
        assert plan.counts() == {"added": 1, "unchanged": 2}
        assert store.load("catalog:courses") == plan.document


def test_an_import_that_breaks_off_leaves_the_state_before_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'a.db'}") as store:
        import_catalog(_many(3), into=store)
        before = store.load("catalog:courses")
        whole = outcome.Pile.__iter__

        def broken(pile: outcome.Pile) -> Iterator[tuple[LearningAsset, str]]:
            yield from itertools.islice(whole(pile), 2_500)
            raise KeyboardInterrupt

        monkeypatch.setattr(outcome.Pile, "__iter__", broken)
        with pytest.raises(KeyboardInterrupt):
            import_catalog(_many(3000), into=store)
        monkeypatch.undo()
        assert store.load("catalog:courses") == before
        assert len(store.history("catalog:courses")) == 1
        assert import_catalog(_many(3000), into=store).counts() == {"added": 2997, "unchanged": 3}


def test_sync_ends_in_the_same_revision() -> None:
    with Store("sqlite://") as store:
        import_catalog(_many(3), into=store)
        synced = import_catalog(_text(("A-0", "Renamed", "2", "SQL; Git", "")), into=store, sync=True)
        assert synced.counts() == {"changed": 1, "removed": 2}
        assert [asset.title for asset in store.assets()] == ["Renamed"]
        assert len(store.history("catalog:courses")) == 2


def test_an_import_in_which_nothing_could_be_taken_is_not_applied() -> None:
    with Store("sqlite://") as store:
        plan = import_catalog(_text(("", "No id", "", "", "")), into=store)
        assert not plan.accepted
        assert not plan.applied
        assert not store.documents()


@given(st.lists(st.tuples(st.integers(), st.text())), st.integers(0, 90))
@settings(max_examples=30)
def test_a_spool_gives_back_what_was_put(items: list[tuple[int, str]], place: int) -> None:
    spool: Spool[tuple[int, str]] = Spool()
    places = [spool.put(item) for item in items * 5]
    assert places == list(range(len(items) * 5)) == list(range(len(spool)))
    assert list(spool) == items * 5
    assert list(spool.between(3, 40)) == (items * 5)[3:40]
    if place < len(spool):
        assert spool[place] == (items * 5)[place]
    else:
        with pytest.raises(IndexError):
            spool[place]


def test_changes_of_one_asset_count_once() -> None:
    told = journal.Journal()
    told.extend([Told("a", "row:2", "changed", "x", "title"), Told("a", "row:2", "changed", "x", "url")])
    told.tell(Told("a", "row:3", "changed", "y", "url"))
    assert told.counts() == {"changed": 2}


@given(
    st.lists(st.recursive(st.none() | st.booleans() | st.text() | st.dates() | st.decimals(allow_nan=False), st.tuples))
)
def test_a_spool_gives_back_any_value(items: list[Any]) -> None:
    spool: Spool[Any] = Spool()
    for item in items * 40:
        spool.put(item)
    assert list(spool) == items * 40


@pytest.mark.parametrize(
    ("locator", "place", "number"),
    [
        ("row:12", "row:", 12),
        ("Skills!14", "Skills!", 14),
        ("/a/3/title", "/a/", 3),
        ("page", "page", 0),
        ("a:²", "a:²", 0),
    ],
)
def test_rows_are_ordered_by_the_last_number_of_their_place(locator: str, place: str, number: int) -> None:
    assert journal.row_order(Told("a.csv", locator, "added"))[:3] == ("a.csv", place, number)


def _met(texts: list[str], places: tuple[int, ...] = (0,)) -> int:
    """Return how often a piece is read anew when its columns hold some texts, one after the other."""
    anew: list[Raw] = []

    def build(raw: Raw) -> Found:
        anew.append(raw)
        return Found({"description": raw.cells[0]}, {}, (), {}, {})

    piece = Piece(build, places)
    for number, text in enumerate(texts):
        assert piece.read(Raw(number, [text] * 2, "")).data == {"description": text}
    return len(anew)


@pytest.mark.parametrize("places", [(0,), (0, 1)])
def test_few_texts_are_remembered_however_long_they_are(
    monkeypatch: pytest.MonkeyPatch, places: tuple[int, ...]
) -> None:
    short, long = [f"{number:03}" for number in range(12)], [f"{number:099}" for number in range(12)]
    assert _met(short * 2, places) == _met(long * 2, places) == 12
    monkeypatch.setattr(pieces, "_ROOM", 500)
    assert _met(short * 2, places) == 12
    assert _met(long * 2, places) == 24
    assert _met([text for text in long for _ in range(4)], places) < 24
    monkeypatch.setattr(pieces, "_MEMORY", 5)
    assert _met(short * 2, places) == 24
    assert _met([text for text in short for _ in range(4)], places) < 24


def test_few_tags_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "_MEMORY", 2)
    framework = Framework(id="fw:a", capabilities=[Capability(id="cap:sql", label="SQL")])
    tagger = Tagger(framework, (), 0.9)
    for tag in ("SQL", "Git", "Go", "SQL", "Rust", "sql"):
        found = tagger.match(tag)
        assert (found is not None and found.capability == "cap:sql") is (tag.upper() == "SQL")
        assert len(vars(tagger)["_cache"]) <= 2
