"""What is saved is loaded again, whatever it is; and only what changed is written."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings

from capgraph import errors
from capgraph.model import Capability, Catalog, Framework, LearningAsset, RoleProfile
from capgraph.store import Store
from strategies import documents

if TYPE_CHECKING:
    from capgraph.model import Document


def framework(**changes: Any) -> Framework:
    """Return a small framework with some fields changed."""
    fields: dict[str, Any] = {
        "id": "fw:digital",
        "version": "1.0",
        "scales": [
            {"id": "scale:five", "label": "Five", "levels": [{"rank": n, "label": f"L{n}"} for n in range(1, 6)]}
        ],
        "default_scale": "scale:five",
        "capabilities": [
            Capability(id="cap:data", label="Data", alternative_labels=["Information", "Facts"]),
            Capability(id="cap:sql", label="SQL", broader=["cap:data"]),
        ],
        "roles": [
            RoleProfile(id="role:analyst", label="Analyst", requirements=[{"capability": "cap:sql", "level": 2}])
        ],
    }
    return Framework(**{**fields, **changes})


def test_members_that_are_ready_are_taken_where_they_are_the_stored_ones(store: Store) -> None:
    saved = framework()
    store.save(saved)
    data, sql = saved.capabilities
    loaded = store.load(saved.id, ready=[data, sql.replace(label="Another"), *saved.scales, *saved.roles])
    assert loaded == saved
    assert isinstance(loaded, Framework)
    assert [now is before for now, before in zip(loaded.capabilities, saved.capabilities, strict=True)] == [True, False]
    store.save(saved.replace(capabilities=[data], roles=[]))
    assert store.load(saved.id, ready=[data, sql]) == saved.replace(capabilities=[data], roles=[])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(document=documents())
def test_loading_gives_what_was_saved(store: Store, document: Document) -> None:
    renamed = document.replace(id=f"urn:uuid:{uuid4()}")
    saved = store.save(renamed, author="amina", message="why not")
    assert store.load(renamed.id) == renamed
    again = store.save(renamed)
    assert (again.number, again.added, again.changed, again.ended) == (saved.number, 0, 0, 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(before=documents(), after=documents())
def test_every_earlier_state_is_loaded_as_it_was(store: Store, before: Document, after: Document) -> None:
    if type(before) is not type(after):
        return
    id_ = f"urn:uuid:{uuid4()}"
    states = [before.replace(id=id_), after.replace(id=id_), before.replace(id=id_)]
    numbers = [store.save(state).number for state in states]
    assert [store.load(id_, revision=number) for number in numbers] == states


def test_a_change_writes_only_what_changed(store: Store) -> None:
    first = store.save(framework())
    assert (first.added, first.changed, first.ended) == (14, 0, 0)
    role = RoleProfile(id="role:analyst", label="Analyst", requirements=[{"capability": "cap:sql", "level": 3}])
    second = store.save(framework(roles=[role]))
    assert (second.added, second.changed, second.ended) == (0, 1, 0)
    third = store.save(framework(roles=[]))
    assert (third.added, third.changed, third.ended) == (0, 0, 2)
    fourth = store.save(framework(roles=[role], title="Digital"))
    assert (fourth.added, fourth.changed, fourth.ended) == (2, 1, 0)


def test_a_revision_says_who_when_and_why(store: Store) -> None:
    saved = store.save(framework(), author="amina", message="autumn refresh")
    assert (saved.author, saved.message, saved.document) == ("amina", "autumn refresh", "fw:digital")
    assert saved.time == dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def test_a_state_is_found_by_moment_day_revision_and_version(store: Store) -> None:
    old, new = framework(), framework(version="1.1", title="New")
    first, second = store.save(old), store.save(new)
    assert store.load("fw:digital", at="2026-01-01") == old
    assert store.load("fw:digital", at=dt.date(2026, 1, 2)) == new
    assert store.load("fw:digital", at="2026-01-02T11:59:59+00:00") == old
    assert store.load("fw:digital", at=second.time) == new
    assert store.load("fw:digital", at=second.time.astimezone(dt.timezone(dt.timedelta(hours=9)))) == new
    assert store.load("fw:digital", revision=first.number) == old
    assert store.load("fw:digital", version="1.0") == old
    assert store.load("fw:digital", version="1.1") == new


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"at": "2025-12-31"}, "'fw:digital' was not yet stored at 2025-12-31"),
        ({"revision": 99}, "'fw:digital' has no revision 99"),
        ({"version": "9"}, "'fw:digital' was never stored with the version '9'"),
    ],
)
def test_a_state_that_never_was_is_not_stored(store: Store, asked: dict[str, Any], told: str) -> None:
    store.save(framework())
    with pytest.raises(errors.NotStoredError, match=told):
        store.load("fw:digital", **asked)


def test_an_unknown_document_is_not_stored(store: Store) -> None:
    with pytest.raises(errors.NotStoredError, match="'fw:none' is not in the store; "):
        store.load("fw:none")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"at": "yesterday"}, "'yesterday' is no moment"),
        ({"at": dt.datetime(2026, 1, 1)}, "2026-01-01T00:00:00 has no zone"),  # noqa: DTZ001 - the mistake tested
        ({"at": "2026-01-01", "revision": 1}, "in several ways; give one of at, revision and version"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(store: Store, asked: dict[str, Any], told: str) -> None:
    store.save(framework())
    with pytest.raises(errors.StoreError, match=told):
        store.load("fw:digital", **asked)


def test_a_stale_base_is_refused_with_both_revisions(url: str) -> None:
    with Store(url) as one, Store(url) as other:
        first = one.save(framework())
        other.load("fw:digital")
        second = one.save(framework(title="One"))
        with pytest.raises(errors.StaleRevisionError) as refused:
            other.save(framework(title="Other"))
        assert (refused.value.base, refused.value.newest) == (first.number, second.number)
        assert str(first.number) in str(refused.value)
        assert other.load("fw:digital") == framework(title="One")
        assert other.save(framework(title="Other")).changed == 1


def test_a_stated_base_counts_and_not_what_was_loaded(store: Store) -> None:
    first = store.save(framework())
    second = store.save(framework(title="Second"))
    with pytest.raises(errors.StaleRevisionError):
        store.save(framework(title="Third"), base=first.number)
    assert store.save(framework(title="Third"), base=second.number).changed == 1


def test_a_document_that_was_never_looked_at_is_not_overwritten(url: str) -> None:
    with Store(url) as one, Store(url) as other:
        saved = one.save(framework())
        with pytest.raises(errors.StaleRevisionError, match="builds on no revision"):
            other.save(framework(title="Blind"))
        assert other.save(framework()).number == saved.number


def test_an_id_belongs_to_one_kind(store: Store) -> None:
    store.save(framework())
    with pytest.raises(errors.StoreError, match="'fw:digital' is stored as a framework"):
        store.save(Catalog(id="fw:digital"))


def test_a_clock_that_is_put_back_does_not_reorder_history(url: str) -> None:
    times = iter([dt.datetime(2026, 5, 1, tzinfo=dt.UTC), dt.datetime(2026, 4, 1, tzinfo=dt.UTC)])
    with Store(url, clock=lambda: next(times)) as store:
        first = store.save(framework())
        second = store.save(framework(title="Later"))
        assert second.time == first.time
        assert store.load("fw:digital", at=first.time) == framework(title="Later")


def test_ids_of_any_length_and_script_are_kept(store: Store) -> None:
    assets = [LearningAsset(id=f"urn:{letter * 1990}{n}", title="Long") for letter in "a数" for n in range(3)]
    catalog = Catalog(id=f"urn:{'数' * 1990}", assets=assets)
    store.save(catalog)
    assert store.load(catalog.id) == catalog


def test_content_outlives_the_store(url: str) -> None:
    with Store(url) as store:
        store.save(framework())
    with Store(url) as store:
        assert store.load("fw:digital") == framework()


def test_memory_is_enough_for_a_trial() -> None:
    with Store("sqlite://") as store:
        store.save(framework())
        assert store.load("fw:digital") == framework()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "'nonsense' is no database URL"),
        ("mysql://localhost/db", "'mysql' is no database that the store knows"),
    ],
)
def test_other_databases_are_refused(url: str, told: str) -> None:
    with pytest.raises(errors.StoreError, match=told):
        Store(url)
