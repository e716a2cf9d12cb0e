"""Nothing is overwritten: what each revision did, retired documents, forgotten people, catalogs changed in part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from capgraph import errors
from capgraph.model import Agenda, Capability, Catalog, Framework, RoleProfile
from capgraph.store import Change, Store, check, forgetting, member
from store.courses import asset
from store.people import record, workforce

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.model import Workforce


def framework(level: int, **changes: Any) -> Framework:
    scale = {"id": "scale:s", "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in (1, 2, 3)]}
    role = RoleProfile(id="role:a", label="A", requirements=[{"capability": "cap:sql", "level": level}])
    fields: dict[str, Any] = {"scales": [scale], "default_scale": "scale:s", "roles": [role]}
    fields["capabilities"] = [Capability(id="cap:sql", label="SQL")]
    return Framework(id="fw:a", **{**fields, **changes})


def test_history_lists_the_revisions_of_one_document(store: Store) -> None:
    saved = [store.save(framework(level), author="amina", message=f"level {level}") for level in (1, 2)]
    store.save(workforce())
    assert store.history("fw:a") == saved[::-1]
    with pytest.raises(errors.NotStoredError, match="'fw:b' is not in the store"):
        store.history("fw:b")


def test_changes_say_what_a_revision_did_row_by_row(store: Store) -> None:
    store.save(framework(1))
    second = store.save(
        framework(2, title="New", capabilities=[*framework(1).capabilities, {"id": "cap:r", "label": "R"}])
    )
    told = store.changes(second)
    assert [(change.action, change.table, change.id) for change in told] == [
        ("changed", "document", "fw:a"),
        ("added", "capability", "cap:r"),
        ("changed", "requirement", "role:a"),
    ]
    last = told[-1]
    assert isinstance(last, Change)
    assert last.before is not None
    assert last.after is not None
    assert (last.before["level"], last.after["level"]) == (1, 2)
    assert store.changes(second.number) == told
    assert (second.added, second.changed, second.ended) == (1, 2, 0)


def test_changes_of_an_unknown_revision_are_not_stored(store: Store) -> None:
    with pytest.raises(errors.NotStoredError, match="7 is no revision"):
        store.changes(7)


def test_a_retired_document_is_gone_but_not_its_past(store: Store) -> None:
    first = store.save(framework(1))
    ended = store.retire("fw:a", author="amina", message="replaced")
    assert (ended.added, ended.changed, ended.ended, ended.action) == (0, 0, first.added, "retire")
    assert store.documents() == []
    with pytest.raises(errors.NotStoredError, match="'fw:a' was retired"):
        store.load("fw:a")
    assert store.load("fw:a", revision=first.number) == framework(1)
    assert store.load("fw:a", at="2026-01-01") == framework(1)
    with pytest.raises(errors.NotStoredError, match="'fw:a' is retired already"):
        store.retire("fw:a")
    back = store.save(framework(2))
    assert (back.added, back.changed, back.ended) == (first.added, 0, 0)
    assert store.load("fw:a") == framework(2)
    assert {change.action for change in store.changes(ended)} == {"ended"}


def test_retiring_what_has_moved_on_is_refused(store: Store) -> None:
    first = store.save(framework(1))
    store.save(framework(2))
    with pytest.raises(errors.StaleRevisionError):
        store.retire("fw:a", base=first.number)


def test_documents_are_listed_in_the_order_in_which_they_build_on_one_another(store: Store) -> None:
    for document in (workforce(), framework(1), Catalog(id="cat:a")):
        store.save(document)
    assert store.documents() == ["fw:a", "cat:a", "wf:all"]


def test_a_forgotten_person_is_in_no_revision(store: Store) -> None:
    agenda = Agenda(
        id="ag:a", challenges=[{"id": "ch:a", "statement": "Late", "scope": ["https://example.org/p/ada", "p:bo"]}]
    )
    store.save(agenda)
    first = store.save(workforce())
    second = store.save(workforce(evidence=[*workforce().evidence, record(3, person="p:bo", corrects="ev:1")]))
    [done] = store.forget("p:ada", author="privacy office", message="request 12")
    assert (done.action, done.message) == ("forget", "request 12")
    without = workforce(
        teams=[{"id": "team:a", "label": "A"}, {"id": "team:b", "label": "B"}],
        people=[workforce().people[1].replace(manager=None), workforce().people[2]],
        evidence=[record(2)],
    )
    assert store.load("wf:all", revision=first.number) == without
    corrected = without.replace(evidence=[record(2), record(3)])
    assert store.load("wf:all", revision=second.number) == store.load("wf:all") == corrected
    assert store.save(corrected).number == done.number
    with pytest.raises(errors.NotStoredError, match="'p:ada' is named by no document"):
        store.forget("p:ada")
    with pytest.raises(errors.StaleRevisionError):
        store.save(without, base=second.number)


def test_an_iri_in_the_scope_of_an_agenda_is_forgotten_too(store: Store) -> None:
    ada = "https://example.org/p/ada"
    store.save(Agenda(id="ag:a", challenges=[{"id": "ch:a", "statement": "Late", "scope": [ada, "p:bo"]}]))
    store.save(workforce())
    assert {done.document for done in store.forget(ada)} == {"ag:a", "wf:all"}
    agenda = store.load("ag:a")
    assert isinstance(agenda, Agenda)
    assert agenda.challenges[0].scope == ("p:bo",)


def test_a_forgotten_name_is_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with Store(f"sqlite:///{path}") as store:
        store.save(workforce())
        store.forget("p:ada")
        store.save(workforce(people=[{"id": "p:bo"}], evidence=[], teams=[]), base=2)
    content = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert b"team:a" in content
    assert b"Ada Example" not in content
    assert b"p:ada" not in content


def many_about_somebody() -> Workforce:
    """Return a workforce with so many records that the pages of the database were split while they were written."""
    about = [record(n, person="p:ada" if n % 3 else "p:bo", note="said in private " * 20 * (n % 3)) for n in range(800)]
    return workforce(evidence=about)


def test_no_trace_is_left_in_the_gaps_of_a_file(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        store.save(many_about_somebody())
        store.forget("p:ada")
        for part in tmp_path.iterdir():
            assert part.read_bytes().count(b"said in private") == 0
            assert part.read_bytes().count(b"Ada Example") == 0
    assert check(f"sqlite:///{tmp_path / 'store.db'}") == []


def test_traces_that_others_keep_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.database.LOCK_SECONDS", 0.05)
    path = tmp_path / "store.db"
    with Store(f"sqlite:///{path}") as store, Store(f"sqlite:///{path}") as other:
        store.save(many_about_somebody())
        reader = other.evidence()
        next(reader)
        with pytest.warns(errors.CapgraphWarning, match=r"may keep traces .*somebody else is reading\); run VACUUM"):
            store.forget("p:ada")
        assert not [one for one in store.evidence() if one.person == "p:ada"]
        reader.close()  # type: ignore[attr-defined]  # a generator
        with other.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE revision SET message = ''")
            with pytest.warns(errors.CapgraphWarning, match="database is locked"):
                forgetting.scrub(store.engine)
    assert b"said in private" not in b"".join(part.read_bytes() for part in tmp_path.iterdir())


def test_assets_are_read_in_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.catalogs._PORTION", 2)
    assets = [asset(f"{n}", "lms" if n % 2 else "hr", audience=[f"a{n}", "b"], part_of=["asset:p"]) for n in range(7)]
    store.save(Catalog(id="cat:a", assets=assets))
    store.save(Catalog(id="cat:a", assets=assets[3:]))
    assert list(store.assets()) == assets[3:]
    assert list(store.assets(source="hr", at="2026-01-01")) == assets[::2]
    assert list(store.assets(document="cat:a", at="2026-01-01")) == assets
    named = [assets[5].id, assets[1].id, "asset:none", assets[3].id]
    assert list(store.assets(ids=named)) == [assets[3], assets[5]]
    assert list(store.assets(ids=iter(named), source="lms", at="2026-01-01")) == [assets[1], assets[3], assets[5]]


def test_one_member_is_read_as_it_was(store: Store) -> None:
    first = store.save(framework(1))
    store.save(framework(2))
    store.save(framework(3, roles=[]))
    store.save(workforce())
    assert member(store, "role:a", at="2026-01-01") == framework(1).roles[0]
    assert member(store, "role:a", document="fw:a", revision=first.number) == framework(1).roles[0]
    assert member(store, "role:a", at="2026-01-02") == framework(2).roles[0]
    assert member(store, "https://example.org/p/bo") == workforce().people[1]
    for id_, moment in (("role:a", None), ("role:a", "2025-01-01"), ("role:b", None)):
        with pytest.raises(errors.NotStoredError, match="is no member of a stored document"):
            member(store, id_, at=moment)
    with pytest.raises(errors.NotStoredError, match="'role:a' is no member"):
        member(store, "role:a", document="fw:none")
