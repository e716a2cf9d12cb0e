"""Any sequence of saves, appends, retirements and forgettings, against a model in plain Python."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from capgraph import errors
from capgraph.model import Evidence, Workforce
from capgraph.store import Store, check
from capgraph.store.identity import spellings
from strategies import agendas, catalogs, crosswalks, decisions_documents, frameworks, workforces

if TYPE_CHECKING:
    from collections.abc import Callable

    from capgraph.model import Document

STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "fw:a": frameworks(),
    "cat:a": catalogs(),
    "wf:a": workforces(),
    "wf:b": workforces(),
    "ag:a": agendas(),
    "cw:a": crosswalks(),
    "dec:a": decisions_documents(),
}
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class StoreMachine(RuleBasedStateMachine):
    """A store, and beside it a list of the states that each document has had."""

    new_url: Callable[[], str]

    @initialize()
    def open(self) -> None:
        """Open an empty store."""
        self.url = self.new_url()
        self.saves = 0
        self.store = Store(self.url, clock=self.clock)
        self.states: dict[str, list[tuple[int, Document | None]]] = {}

    def teardown(self) -> None:
        """Look whether the database holds together, and close it."""
        if hasattr(self, "store"):
            assert check(self.url) == []
            self.store.close()

    def clock(self) -> dt.datetime:
        """Return the time: an hour later at each save."""
        self.saves += 1
        return START + dt.timedelta(hours=self.saves)

    def note(self, id_: str, number: int, document: Document | None) -> None:
        """Note the newest state of a document."""
        known = self.states.setdefault(id_, [])
        assert not known or number > known[-1][0]
        known.append((number, document))

    def newest(self, id_: str) -> Document | None:
        """Return the newest state of a document."""
        return self.states[id_][-1][1] if id_ in self.states else None

    @rule(data=st.data(), id_=st.sampled_from(sorted(STRATEGIES)))
    def save(self, data: st.DataObject, id_: str) -> None:
        """Save any document."""
        document = data.draw(STRATEGIES[id_]).replace(id=id_)
        self.save_state(id_, document)

    def save_state(self, id_: str, document: Document) -> None:
        """Save a document, and look at the counts."""
        before = self.newest(id_)
        saved = self.store.save(document)
        if document == before:
            assert (saved.number, saved.added, saved.changed, saved.ended) == (self.states[id_][-1][0], 0, 0, 0)
        else:
            assert saved.added + saved.changed + saved.ended == len(self.store.changes(saved)) > 0
            self.note(id_, saved.number, document)

    @rule(data=st.data(), id_=st.sampled_from(sorted(STRATEGIES)))
    def save_something_earlier(self, data: st.DataObject, id_: str) -> None:
        """Save a state again that was there before."""
        earlier = [document for _, document in self.states.get(id_, ()) if document is not None]
        if earlier:
            self.save_state(id_, data.draw(st.sampled_from(earlier)))

    @rule(id_=st.sampled_from(sorted(STRATEGIES)))
    def retire(self, id_: str) -> None:
        """End a document, if it is there."""
        if self.newest(id_) is None:
            with pytest.raises(errors.NotStoredError):
                self.store.retire(id_)
        else:
            self.note(id_, self.store.retire(id_).number, None)

    @rule(data=st.data(), id_=st.sampled_from(["wf:a", "wf:b"]))
    def append(self, data: st.DataObject, id_: str) -> None:
        """Append a record about somebody."""
        document = self.newest(id_)
        if not isinstance(document, Workforce) or not document.people:
            return
        person = data.draw(st.sampled_from(document.people)).id
        one = Evidence(
            id=f"new:{uuid4()}", person=person, capability="cap:x", kind="test", level=1, date=dt.date(2026, 1, 1)
        )
        revision = self.store.append([one, *document.evidence], document=id_)
        assert revision.added == 1
        self.note(id_, revision.number, document.replace(evidence=[*document.evidence, one]))
        assert one in list(self.store.evidence(person=person, document=id_))

    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        """Forget somebody whom a workforce names, in every document that may."""
        people = sorted(
            {
                person.id
                for states in self.states.values()
                for _, document in states
                if isinstance(document, Workforce)
                for person in document.people
            }
        )
        if not people:
            return
        person = data.draw(st.sampled_from(people))
        for revision in self.store.forget(person):
            id_ = revision.document
            spelled = self.spellings(id_, person)
            without = [(number, forgotten(document, spelled)) for number, document in self.states[id_]]
            self.states[id_] = [*without, (revision.number, without[-1][1])]

    def spellings(self, id_: str, person: str) -> set[str]:
        """Return every way in which any state of a document may write the id of a person."""
        prefixes = {pair for _, document in self.states[id_] if document for pair in document.prefixes.items()}
        return spellings(person, prefixes)

    @invariant()
    def every_state_is_there(self) -> None:
        """Load every state of every document again."""
        for id_, states in getattr(self, "states", {}).items():
            for number, document in states:
                if document is None:
                    with pytest.raises(errors.NotStoredError):
                        self.store.load(id_, revision=number)
                else:
                    assert self.store.load(id_, revision=number) == document
            assert [one.number for one in self.store.history(id_)] == [number for number, _ in states][::-1]


def forgotten(document: Document | None, spelled: set[str]) -> Document | None:
    """Return a document without a person."""
    if document is None:
        return None
    if isinstance(document, Workforce):
        about = {record.id for record in document.evidence if record.person in spelled}
        gone = {text for id_ in about for text in spellings(id_, document.prefixes.items())}
        people = [one for one in document.people if one.id not in spelled]
        return document.replace(
            people=[one.replace(manager=None) if one.manager in spelled else one for one in people],
            teams=[one.replace(lead=None) if one.lead in spelled else one for one in document.teams],
            evidence=[
                one.replace(corrects=None) if one.corrects in gone else one
                for one in document.evidence
                if one.id not in about
            ],
        )
    return document.replace(
        challenges=[without_scope(one, spelled) for one in getattr(document, "challenges", ())],
        measurements=[without_scope(one, spelled) for one in getattr(document, "measurements", ())],
    )


def without_scope(part: Any, spelled: set[str]) -> Any:  # noqa: ANN401 - a challenge or a measurement
    """Return a part of an agenda that does not name a person."""
    return part.replace(scope=[id_ for id_ in part.scope if id_ not in spelled])


CHECKED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.slow
def test_the_store_on_sqlite_is_what_the_model_says() -> None:
    with tempfile.TemporaryDirectory() as folder:

        class Machine(StoreMachine):
            new_url = staticmethod(lambda: f"sqlite:///{Path(folder) / uuid4().hex}.db")

        run_state_machine_as_test(
            Machine, settings=settings(max_examples=15, stateful_step_count=10, suppress_health_check=CHECKED)
        )


@pytest.mark.slow
@pytest.mark.postgres
def test_the_store_on_postgresql_is_what_the_model_says(server: Callable[[str], str]) -> None:
    class Machine(StoreMachine):
        new_url = staticmethod(lambda: server(f"machine_{uuid4().hex}"))

    run_state_machine_as_test(
        Machine, settings=settings(max_examples=10, stateful_step_count=10, suppress_health_check=CHECKED)
    )
