from __future__ import annotations

import pytest

import capgraph as cg
from capgraph.analysis.added_coverage import added_coverage
from capgraph.analysis.spending import spending
from capgraph.errors import UnknownIdError

FRAMEWORK = cg.Framework(
    id="fw:mini",
    capabilities=[cg.Capability(id=f"cap:{name}", label=name) for name in ("sql", "safety", "golf")],
    roles=[
        cg.RoleProfile(id="role:dev", label="Developer", requirements=[{"capability": "cap:sql"}]),
        cg.RoleProfile(id="role:crew", label="Crew", requirements=[{"capability": "cap:safety"}]),
    ],
)
PEOPLE = cg.Workforce(
    id="wf:a",
    people=[
        *(cg.Person(id=f"person:d{n}", label="x", roles=["role:dev"]) for n in range(2)),
        *(cg.Person(id=f"person:c{n}", label="x", roles=["role:crew"]) for n in range(8)),
    ],
)


def asset(name: str, target: str, cost: float = 0, learners: int | None = None, **fields: object) -> cg.LearningAsset:
    price = {"amount": cost, "currency": "EUR"}
    fields = {"title": name, **fields}
    alignments = [{"target": f"cap:{target}"}]
    return cg.LearningAsset(id=f"asset:{name}", alignments=alignments, cost=price, learners=learners, **fields)


def graph(*assets: cg.LearningAsset) -> cg.CapabilityGraph:
    return cg.CapabilityGraph(FRAMEWORK, PEOPLE, cg.Catalog(id="cat:a", assets=assets))


def test_the_marquee_program_takes_the_money_and_meets_little() -> None:
    report = spending(graph(asset("summit", "sql", 900, 2), asset("card", "safety", 10, 8)))
    summit, card = report.records
    assert (summit.asset, summit.cost, summit.need) == ("asset:summit", 1800, 2)
    assert card.need == 8
    assert (report.need, report.cost) == (10, 1880)
    assert report.marquee == ("asset:summit",)
    assert report.marquee_need_share == pytest.approx(0.2)
    assert summit.ratio is not None
    assert summit.ratio > 2
    assert summit.tone() == "fair"


def test_more_learners_than_people_in_need_meet_no_more_need() -> None:
    assert spending(graph(asset("sql", "sql", 1, 500))).records[0].need == 2


def test_what_nobody_needs_meets_none_and_hours_are_valued() -> None:
    row = spending(graph(asset("golf", "golf", 100, 3, duration=120)), hour=50).records[0]
    assert (row.need, row.ratio, row.hours, row.cost) == (0, None, 6, 3 * 100 + 6 * 50)
    assert row.tone() == "poor"


def test_the_neglected_are_roles_whose_steps_are_not_taught() -> None:
    assert spending(graph(asset("sql", "sql", 1, 1))).neglected == ("role:crew",)
    assert spending(graph(asset("golf", "golf", 1, 1))).neglected == ("role:crew", "role:dev")


def test_nobody_is_neglected_in_a_role_that_nobody_holds() -> None:
    catalog = cg.Catalog(id="cat:a", assets=[asset("sql", "sql", 1, 1)])
    developers = PEOPLE.replace(people=[one for one in PEOPLE.people if "role:dev" in one.roles])
    assert spending(cg.CapabilityGraph(FRAMEWORK, developers, catalog)).neglected == ()
    assert spending(cg.CapabilityGraph(FRAMEWORK, catalog)).neglected == ("role:crew",)


def test_uncounted_learners_are_told() -> None:
    assert "1 assets state no learners" in spending(graph(asset("sql", "sql", 1))).notes[0]


def test_an_empty_graph_spends_nothing() -> None:
    report = spending(cg.CapabilityGraph())
    assert (report.cost, report.need, report.marquee, report.marquee_need_share) == (0, 0, (), None)


def test_a_library_is_judged_by_the_steps_that_it_opens() -> None:
    vendor = cg.Catalog(id="cat:vendor", assets=[asset("v1", "safety"), asset("v2", "sql"), asset("v3", "golf")])
    report = added_coverage(graph(asset("sql", "sql")), vendor)
    assert [(row.capability, row.before, row.after, row.assets) for row in report] == [
        ("cap:safety", "uncovered", "thin", ("asset:v1",)),
        ("cap:sql", "thin", "covered", ("asset:v2",)),
    ]
    assert (report.opened, report.strengthened, report.demand_opened) == (1, 1, 8)
    assert report.idle == ("asset:v3",)
    assert report.evidence(0)[0]["ids"] == ["asset:v1", "cap:safety"]


def test_what_the_library_has_that_we_have_already_is_named() -> None:
    text = "Select, filter, join and group on a copy of the meter tables, with questions a colleague really asked."
    ours = asset("ours", "sql", title="SQL from zero", description=text)
    theirs = asset("theirs", "sql", title="SQL from zero", description=text)
    report = added_coverage(graph(ours), cg.Catalog(id="cat:vendor", assets=[theirs]))
    assert report.twins == (("asset:theirs", "asset:ours"),)


def test_a_catalog_of_the_graph_is_judged_by_what_its_loss_would_cost() -> None:
    assert added_coverage(graph(asset("sql", "sql")), "cat:a").opened == 1
    with pytest.raises(UnknownIdError, match="its catalogs are: cat:a"):
        added_coverage(graph(), "cat:b")
