"""A workforce is put into another form record by record, as one revision, and earlier states stay as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from capgraph import errors
from capgraph.model import Framework, Person, Workforce
from capgraph.store import check, rewrite, without_evidence
from store.people import record, workforce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.model import Evidence
    from capgraph.store import Store


def lower(one: Evidence) -> Iterator[Evidence]:
    """Yield a record with its level one lower, and nothing of a record without level."""
    if one.level is not None:
        yield one.replace(level=one.level - 1)


def test_records_are_rewritten_in_portions_as_one_revision(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.rewriting.BATCH", 3)
    records = [record(number, level=number % 3 or None) for number in range(1, 12)]
    first = store.save(workforce(evidence=records))
    store.save(workforce(id="wf:other", evidence=[]))
    done = rewrite(store, lower, document="wf:all", author="amina", message="new scale", base=first.number)
    assert (done.added, done.changed, done.ended, done.action) == (0, 8, 3, "rewrite")
    expected = [new for one in records for new in lower(one)]
    assert store.load("wf:all") == workforce(evidence=expected)
    assert store.load("wf:all", revision=first.number) == workforce(evidence=records)
    assert rewrite(store, lambda one: [one], document="wf:all").number == done.number
    assert rewrite(store, lambda one: [one.replace()], document="wf:all").changed == 0
    assert check(store.engine.url) == []


def test_people_and_teams_are_rewritten_beside_them(store: Store) -> None:
    store.save(workforce())
    rest = without_evidence(store)
    assert rest == workforce(evidence=[])

    def renamed(found: Workforce) -> Workforce:
        return found.replace(people=[person.replace(roles=["role:new"]) for person in found.people])

    done = rewrite(store, lambda one: [one, one.replace(id=f"{one.id}.2", capability="cap:go")], rest=renamed)
    assert (done.added, done.ended) == (3 + 2, 3), "links to roles and second records"
    loaded = store.load("wf:all")
    assert isinstance(loaded, Workforce)
    assert {person.roles for person in loaded.people} == {("role:new",)}
    assert [one.id for one in loaded.evidence] == ["ev:1", "ev:1.2", "ev:2", "ev:2.2"]


def test_what_cannot_be_is_told_at_once_and_nothing_is_written(store: Store) -> None:
    first = store.save(workforce(evidence=[record(number) for number in (1, 2, 3)]))
    with pytest.raises(errors.StoreError, match=r"'ev:2' is the id of another record.*'ev:9' is the id of another"):
        rewrite(store, lambda one: [one, one.replace(id="ev:9"), one.replace(id="ev:2")])
    with pytest.raises(errors.DanglingReferenceError) as told:
        rewrite(store, lambda one: [one.replace(person="p:nobody")])
    assert len(told.value.issues) == 3
    with pytest.raises(errors.DanglingReferenceError, match="'p:bo', whom the workforce does not hold"):
        rewrite(store, lambda one: [one], rest=lambda found: found.replace(people=[Person(id="p:ada")]))
    assert store.load("wf:all") == workforce(evidence=[record(number) for number in (1, 2, 3)])
    with pytest.raises(errors.StaleRevisionError):
        rewrite(store, lower, base=first.number + 7)
    assert store.history("wf:all")[0].number == first.number


def test_only_a_workforce_that_is_there_is_rewritten(store: Store) -> None:
    store.save(Framework(id="fw:f"))
    with pytest.raises(errors.StoreError, match="is a framework; name a workforce"):
        rewrite(store, lower, document="fw:f")
    with pytest.raises(errors.NotStoredError):
        without_evidence(store)
    store.save(workforce(evidence=[]))
    assert rewrite(store, lower).changed == 0
    store.retire("wf:all")
    with pytest.raises(errors.NotStoredError, match="is retired"):
        rewrite(store, lower, document="wf:all")
