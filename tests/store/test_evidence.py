"""Evidence is a stream: appended, repeated without harm, corrected by new records, read in slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from capgraph import errors
from capgraph.store import database
from store.people import record, workforce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.model import Evidence
    from capgraph.store import Store


def ids(records: Iterator[Evidence]) -> list[str]:
    return [one.id for one in records]


def test_an_append_adds_records_and_may_be_repeated(store: Store) -> None:
    store.save(workforce())
    first = store.append([record(3), record(4)], author="hr", message="March")
    assert (first.added, first.changed, first.ended, first.action) == (2, 0, 0, "append")
    again = store.append([record(4), record(5), record(3)])
    assert again.added == 1
    assert ids(store.evidence()) == ["ev:1", "ev:2", "ev:3", "ev:4", "ev:5"]
    loaded = store.load("wf:all")
    assert loaded == workforce(evidence=[*workforce().evidence, record(3), record(4), record(5)])


def test_records_come_from_any_iterable_in_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.evidence.BATCH", 7)
    store.save(workforce(evidence=[]))
    assert store.append(record(number % 40) for number in range(100)).added == 40
    assert len(ids(store.evidence())) == 40
    assert database.BATCH > 7


def test_hashes_that_collide_do_no_harm(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.evidence.BATCH", 7)
    monkeypatch.setattr("capgraph.store.evidence._BITS", 8)
    store.save(workforce(evidence=[]))
    assert store.append(record(number % 40) for number in range(100)).added == 40
    with pytest.raises(errors.StoreError, match=r"'ev:90' is in the stream twice with different content .*; keep one"):
        store.append([*(record(number) for number in range(80, 100)), record(90, level=5)])
    with pytest.raises(errors.StoreError, match="'ev:39' is stored already with other content"):
        store.append([*(record(number) for number in range(80, 100)), record(39, level=5)])
    assert len(ids(store.evidence())) == 40


def test_a_stream_that_breaks_off_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.evidence.BATCH", 7)
    store.save(workforce())

    def broken() -> Iterator[Evidence]:
        yield from (record(number) for number in range(10, 30))
        raise OSError("the disk with the records is gone")

    with pytest.raises(OSError, match="the disk with the records is gone"):
        store.append(broken())
    assert ids(store.evidence()) == ["ev:1", "ev:2"]
    assert store.append([record(10)]).added == 1


def test_a_correction_is_a_new_record(store: Store) -> None:
    store.save(workforce())
    store.append([record(3, corrects="ev:2", level=4), record(4, corrects="ev:3")])
    assert [one.corrects for one in store.evidence(person="p:bo")] == [None, "ev:2", "ev:3"]


def test_the_same_id_with_other_content_is_refused(store: Store) -> None:
    store.save(workforce())
    with pytest.raises(errors.StoreError, match=r"'ev:2' is stored already with other content .*corrects"):
        store.append([record(9), record(2, level=5)])
    with pytest.raises(errors.StoreError, match="'ev:7' is in the stream twice"):
        store.append([record(7), record(7, level=5)])
    assert ids(store.evidence()) == ["ev:1", "ev:2"]


def test_everything_that_dangles_is_told_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.evidence.BATCH", 1)
    store.save(workforce())
    with pytest.raises(errors.DanglingReferenceError) as refused:
        store.append([record(3), record(4, person="p:nobody"), record(5, corrects="ev:none")])
    assert [issue.ids for issue in refused.value.issues] == [("ev:4",), ("ev:5",)]
    assert ids(store.evidence()) == ["ev:1", "ev:2"]


def test_a_record_after_something_wrong_may_correct_what_is_right(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capgraph.store.evidence.BATCH", 1)
    store.save(workforce())
    with pytest.raises(errors.DanglingReferenceError) as refused:
        store.append([record(3, person="p:nobody"), record(4), record(5, corrects="ev:4")])
    assert [issue.ids for issue in refused.value.issues] == [("ev:3",)]
    assert ids(store.evidence()) == ["ev:1", "ev:2"]


def test_a_workforce_with_imports_may_have_its_people_elsewhere(store: Store) -> None:
    store.save(workforce(imports=["wf:other"]))
    assert store.append([record(3, person="p:nobody", corrects="ev:none")]).added == 1


def test_people_are_known_however_they_are_spelled(store: Store) -> None:
    store.save(workforce())
    full = "https://example.org/p/bo"
    assert store.append([record(3, person=full), record(4)]).added == 2
    assert ids(store.evidence(person=full)) == ids(store.evidence(person="p:bo")) == ["ev:2", "ev:3", "ev:4"]


def test_slices_by_person_capability_and_moment(store: Store) -> None:
    store.save(workforce())
    store.append([record(3, capability="cap:python"), record(4, person="p:ada")])
    assert ids(store.evidence(capability="cap:python")) == ["ev:3"]
    assert ids(store.evidence(person="p:ada", capability="cap:sql")) == ["ev:1", "ev:4"]
    assert ids(store.evidence(at="2026-01-01")) == ["ev:1", "ev:2"]
    assert ids(store.evidence(document="wf:all", at="2026-01-02")) == ["ev:1", "ev:2", "ev:3", "ev:4"]
    assert ids(store.evidence(at="2025-01-01")) == []
    assert list(store.evidence(person="p:ada", at="2026-01-01")) == [record(1, person="p:ada")]


def test_the_workforce_must_be_there_and_clear(store: Store) -> None:
    with pytest.raises(errors.NotStoredError, match="none of; save one first"):
        store.append([record(1)])
    store.save(workforce())
    store.save(workforce(id="wf:two"))
    with pytest.raises(errors.StoreError, match=r"'wf:all', 'wf:two' could all be meant; name one with document="):
        store.append([record(3)])
    assert store.append([record(3)], document="wf:two").added == 1


def test_an_append_makes_an_earlier_load_stale(store: Store) -> None:
    store.save(workforce())
    store.append([record(3)])
    with pytest.raises(errors.StaleRevisionError):
        store.save(workforce(title="New"))


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_hold_people_and_evidence(store: Store, library: Literal["pandas", "polars", "pyarrow"]) -> None:
    import narwhals as nw

    store.save(workforce(evidence=[*workforce().evidence, record(3, capability=None, asset="asset:x")]))
    [people] = (nw.from_native(frame) for frame in store.frames("people", library=library))
    rows = sorted(people.rows(named=True), key=lambda row: (row["person"], row["role"]))
    assert [(row["person"], row["role"]) for row in rows] == [
        ("https://example.org/p/ada", "role:analyst"),
        ("https://example.org/p/bo", "role:analyst"),
        ("https://example.org/p/bo", "role:lead"),
    ]
    assert rows[0]["team"] == "team:a"
    assert people["team"].is_null().sum() == 2
    portions = [nw.from_native(frame) for frame in store.frames("evidence", size=1, library=library)]
    assert [len(portion) for portion in portions] == [1, 1]
    assert [portion["level"][0] for portion in portions] == [2.0, 2.0]
    assert len({portion.schema["expires"] for portion in portions}) == 1


def test_a_frame_of_nothing_has_its_columns(store: Store) -> None:
    import narwhals as nw

    [frame] = (nw.from_native(one) for one in store.frames("evidence", library="polars"))
    assert len(frame) == 0
    assert "capability" in frame.columns
