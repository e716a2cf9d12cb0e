"""The views say in SQL what the documents say."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import capgraph as cg
from capgraph.analysis.policy import SOURCE_WEIGHT
from capgraph.model import Capability, Catalog, Framework, LearningAsset, RoleProfile
from capgraph.store import schema
from capgraph.store.views import KINDS_BY_TRUST, views
from store.people import record, workforce

if TYPE_CHECKING:
    import pytest

    from capgraph.store import Store


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query, with days as text."""
    with store.engine.connect() as connection:
        return [
            tuple(value.isoformat() if isinstance(value, dt.date) else value for value in row)
            for row in connection.execute(sa.text(query))
        ]


def framework() -> Framework:
    return Framework(
        id="fw:a",
        scales=[{"id": "scale:s", "label": "S", "levels": [{"rank": 1, "label": "One"}, {"rank": 2, "label": "Two"}]}],
        default_scale="scale:s",
        capabilities=[
            Capability(id="cap:data", label="Data", translations=[{"language": "fr", "label": "Données"}]),
            Capability(id="cap:sql", label="SQL", broader=["cap:data"], levels=[{"level": 1, "description": "Reads"}]),
        ],
        roles=[RoleProfile(id="role:a", label="A", requirements=[{"capability": "cap:sql", "level": 2}])],
    )


def test_views_show_the_newest_state_under_readable_names(store: Store) -> None:
    store.save(framework().replace(title="Before", roles=[]))
    store.save(framework())
    assert rows(store, "SELECT document, kind, revision, title FROM document") == [("fw:a", "framework", 2, "")]
    assert rows(store, "SELECT document, id, label FROM capability ORDER BY id") == [
        ("fw:a", "cap:data", "Data"),
        ("fw:a", "cap:sql", "SQL"),
    ]
    assert rows(store, "SELECT role, capability, level, necessity FROM role_requirement") == [
        ("role:a", "cap:sql", 2, "essential")
    ]
    assert rows(store, "SELECT capability, broader FROM capability_broader") == [("cap:sql", "cap:data")]
    assert rows(store, "SELECT capability, level, description FROM capability_level") == [("cap:sql", 1, "Reads")]
    assert rows(store, "SELECT scale, rank, label FROM scale_level ORDER BY rank") == [
        ("scale:s", 1, "One"),
        ("scale:s", 2, "Two"),
    ]
    assert rows(store, "SELECT member, language, label FROM translation") == [("cap:data", "fr", "Données")]


def test_money_is_a_number_and_alignments_name_their_asset(store: Store) -> None:
    asset = LearningAsset(
        id="asset:a",
        title="A",
        cost={"amount": "10.50", "currency": "EUR"},
        roles=["role:a"],
        part_of=["asset:p"],
        alignments=[{"target": "cap:sql", "level_to": 2}],
    )
    store.save(Catalog(id="cat:a", assets=[asset]))
    assert rows(store, "SELECT cost_amount * 2 = 21, cost_currency, mandatory = (1 = 0) FROM asset") == [(1, "EUR", 1)]
    assert rows(store, "SELECT asset, target, relation, level_to FROM asset_alignment") == [
        ("asset:a", "cap:sql", "teaches", 2)
    ]
    assert rows(store, "SELECT asset, role FROM asset_role") == [("asset:a", "role:a")]
    assert rows(store, "SELECT asset, program FROM asset_program") == [("asset:a", "asset:p")]


def test_attainment_is_the_latest_evidence(store: Store) -> None:
    evidence = [
        record(1, level=1),
        record(2, level=3, kind="self"),
        record(3, level=2, date="2026-01-03"),
        record(4, person="p:ada", level=4, expires="2026-02-01"),
        record(5, person="p:ada", level=2, date="2025-06-01"),
        record(6, person="p:cy", level=5),
        record(7, person="p:cy", level=1, date="2026-01-01", corrects="ev:6"),
        record(8, person="p:cy", level=5, date="2199-01-01"),
        record(9, person="p:cy", capability="cap:r", level=None, value=0.5),
        record(10, capability=None, behavior="beh:a"),
    ]
    store.save(workforce(evidence=evidence))
    told = rows(store, "SELECT person, capability, level, value, evidence FROM attainment ORDER BY evidence")
    assert told == [
        ("p:bo", "cap:sql", 2, None, "ev:3"),
        ("p:ada", "cap:sql", 2, None, "ev:5"),
        ("p:cy", "cap:sql", 1, None, "ev:7"),
        ("p:cy", "cap:r", None, 0.5, "ev:9"),
    ]
    holders = "SELECT level, holders, holders_at_or_above FROM capability_holders WHERE capability = 'cap:sql'"
    assert rows(store, f"{holders} ORDER BY level") == [(1, 1, 3), (2, 2, 2)]
    assert rows(store, "SELECT team, level, holders, holders_at_or_above FROM team_holders ORDER BY team") == [
        ("team:a", 2, 1, 1),
        ("team:b", 2, 1, 1),
    ]


def test_attainment_is_what_the_latest_policy_finds(store: Store) -> None:
    evidence = [
        record(number, person=person, kind=kind, level=level, date=dt.date(2026, 1, 1 + number % 3))
        for number, (person, kind, level) in enumerate(
            [("p:ada", "self", 1), ("p:bo", "peer", 2), ("p:cy", "test", 1), ("p:ada", "manager", 2)] * 4
        )
    ]
    documents = (framework(), workforce(evidence=evidence))
    for document in documents:
        store.save(document)
    graph, policy = cg.CapabilityGraph(*documents), cg.EvidencePolicy(combine="latest")
    told = {row[0]: row[1] for row in rows(store, "SELECT person, level FROM attainment")}
    for person, level in told.items():
        [row] = (row for row in cg.gap(graph, person, "role:a", policy=policy).rows() if row["capability"] == "cap:sql")
        assert row["attained"] == level


def test_postgresql_learns_at_once_of_many_rows(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capgraph.store.database.BATCH", 5)
    counted = "SELECT reltuples FROM pg_class WHERE relname = 'evidence_history'"
    store.save(workforce(evidence=[]))
    is_known = store.engine.dialect.name == "postgresql"
    store.append([record(number) for number in range(7)])
    assert not is_known or rows(store, counted) == [(7,)]
    last = store.append([record(number) for number in range(7, 9)])  # too few to look again
    assert not is_known or rows(store, counted) == [(7,)]
    store.save(workforce(evidence=[record(number) for number in range(20)]), base=last.number)
    assert not is_known or rows(store, counted) == [(20,)]


def test_kinds_are_trusted_in_the_order_of_the_policy() -> None:
    assert tuple(SOURCE_WEIGHT) == KINDS_BY_TRUST


def test_views_are_made_again_by_an_upgrade(store: Store) -> None:
    schema.upgrade_engine(store.engine)
    with store.engine.connect() as connection:
        assert {*sa.inspect(connection).get_view_names()} == views(connection.dialect).keys()


def test_every_view_is_documented(root: Any) -> None:  # noqa: ANN401 - a Path
    page = (root / "docs" / "reference" / "store.md").read_text(encoding="utf-8")
    from capgraph.store.database import engine_of

    assert [name for name in views(engine_of("sqlite://").dialect) if f"`{name}`" not in page] == []
