"""Members that a store has seen are passed over, and never wrongly so."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from capgraph.model import Capability, Framework
from capgraph.store import Store
from capgraph.store.marks import marked
from capgraph.store.seen import NOTHING, Seen

if TYPE_CHECKING:
    import pytest


def framework(count: int) -> Framework:
    return Framework(id="fw:a", capabilities=[{"id": f"cap:{n}", "label": f"{n}"} for n in range(count)])


def test_members_are_known_by_what_they_are_in_memory() -> None:
    document = framework(3)
    seen = Seen.of(7, document)
    twin = Capability.model_validate(document.capabilities[0].to_dict())
    assert seen.has(document.capabilities[0])
    assert twin == document.capabilities[0]
    assert not seen.has(twin)
    assert not NOTHING.has(twin)
    references = list(seen.nodes.values())
    del document
    gc.collect()
    assert [reference() for reference in references] == [None] * 3


def test_only_what_changed_is_digested(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    digested: list[str] = []

    def mark_of(member: Capability) -> str:
        digested.append(member.id)
        return f"digest of {member}"

    first = framework(5)
    store.save(first)
    monkeypatch.setattr("capgraph.store.marks.mark_of", mark_of)
    second = first.replace(capabilities=[first.capabilities[0].replace(label="New"), *first.capabilities[1:]])
    assert store.save(second).changed == 1
    assert digested == ["cap:0"]
    loaded = store.load("fw:a")
    assert store.save(loaded.replace(title="Loaded")).changed == 1
    assert digested == ["cap:0"]


def test_members_are_digested_once_by_a_store_that_saw_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(url) as one, Store(url) as other:
        first = one.save(framework(3))
        digested: list[str] = []

        def mark_of(member: Capability) -> str:
            digested.append(member.id)
            return "changed"

        monkeypatch.setattr("capgraph.store.marks.mark_of", mark_of)
        other.save(framework(3), base=first.number)
    assert digested == ["cap:0", "cap:1", "cap:2"]


def test_what_others_saved_meanwhile_is_not_passed_over(url: str) -> None:
    with Store(url) as one, Store(url) as other:
        document = framework(3)
        one.save(document)
        other.load("fw:a")
        newest = other.save(framework(3).replace(capabilities=framework(3).capabilities[:1]))
        again = one.save(document, base=newest.number)
        assert again.added == 2
        assert one.load("fw:a") == document


def test_an_older_state_that_was_loaded_counts_for_nothing(store: Store) -> None:
    first = framework(3)
    old = store.save(first)
    store.save(first.replace(capabilities=first.capabilities[:1]))
    back = store.load("fw:a", revision=old.number)
    assert store.save(back).added == 2
    assert store.load("fw:a") == first


def test_a_retired_document_is_written_anew(store: Store) -> None:
    document = framework(3)
    first = store.save(document)
    store.retire("fw:a")
    assert store.save(document).added == first.added
    assert store.load("fw:a") == document
    assert marked(document)["capability", "cap:0"].digest
