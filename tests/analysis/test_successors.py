"""Who could take over a role, and where the people of a role could go: beside plain arithmetic on fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import plan_oracle as oracle
from capgraph import (
    CapabilityGraph,
    Catalog,
    Evidence,
    LearningAsset,
    Person,
    Requirement,
    RoleProfile,
    Workforce,
    role_distance,
    successors,
)
from capgraph.analysis.adjacent_roles import transferable

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

PEOPLE = ("person:a", "person:b", "person:c", "person:d")
Shown = dict[str, dict[str, int]]


class Case:
    """A role, others that are held, and what people have shown."""

    def __init__(
        self, roles: list[RoleProfile], shown: Shown, held: dict[str, list[str]], assets: list[LearningAsset]
    ) -> None:
        self.shown, self.held, self.assets = shown, held, assets
        evidence = [
            Evidence(id=f"ev:{who}{cap}", person=who, capability=cap, level=level, kind="test", date="2026-01-01")
            for who, levels in shown.items()
            for cap, level in levels.items()
        ]
        people = [Person(id=who, roles=held[who]) for who in shown]
        framework = oracle.framework([]).replace(roles=roles)
        workforce = Workforce(id="wf:s", people=people, evidence=evidence)
        self.graph = CapabilityGraph(framework, workforce, *([Catalog(id="cat:s", assets=assets)] if assets else []))
        self.needs = {role.id: role.requirements for role in roles}

    def statuses(self, who: str, role: str) -> list[tuple[Requirement, str]]:
        """Return each requirement with its status."""
        found = []
        for one in self.needs[role]:
            level = self.shown[who].get(one.capability)
            found.append((one, "unassessed" if level is None else "met" if level >= (one.level or 0) else "below"))
        return found

    def readiness(self, who: str, role: str) -> Fraction | None:
        """Return the readiness; the lowest rank asked for is met by holding it, others count in steps."""
        worth, total = Fraction(0), Fraction(0)
        for one, status in self.statuses(who, role):
            if status == "unassessed":
                continue
            weight = Fraction(1) if one.importance is None else Fraction(str(one.importance))
            steps = (one.level or 1) - 1
            share = (
                Fraction(1) if steps == 0 else min(Fraction(1), Fraction(self.shown[who][one.capability] - 1, steps))
            )
            worth += weight * share
            total += weight
        return worth / total if total else None

    def assessed(self, who: str, role: str) -> Fraction:
        """Return the share of the requirements that is assessed."""
        known = [status != "unassessed" for _, status in self.statuses(who, role)]
        return Fraction(sum(known), len(known))

    def ready(self, who: str, role: str) -> bool | None:
        """Return whether all that is needed from the first day is there: optional things are not."""
        answers = []
        for one, status in self.statuses(who, role):
            if one.necessity != "optional":
                least = one.level if one.necessity == "mandatory" or one.minimum is None else one.minimum
                held = self.shown[who].get(one.capability)
                answers.append(None if status == "unassessed" or held is None else held >= (least or 0))
        return False if False in answers else None if None in answers else True

    def hours(self, who: str, role: str) -> tuple[bool, float]:
        """Return whether learning closes every assessed shortfall, and the hours of the best plan for that."""
        wanted = {
            (one.capability, rank)
            for one, status in self.statuses(who, role)
            if status == "below"
            for rank in oracle.RANKS
            if rank <= (one.level or 0)
        }
        start = frozenset(
            (cap, rank) for cap, level in self.shown[who].items() for rank in oracle.RANKS if rank <= level
        )
        gates, weights = set(), {}
        for one, status in self.statuses(who, role):
            for rank in oracle.RANKS:
                if status == "below" and self.shown[who][one.capability] < rank <= (one.level or 0):
                    missing = (one.level or 0) - self.shown[who][one.capability]
                    weight = Fraction(1) if one.importance is None else Fraction(str(one.importance))
                    weights[one.capability, rank] = weight / missing
                    if one.necessity == "mandatory":
                        gates.add((one.capability, rank))
        best = min(
            (
                -sum(weights[step] for step in weights if step in held and step in gates),
                -sum(weights[step] for step in weights if step in held and step not in gates),
                -sum(step in held for step in weights),
                sum(asset.duration or 0.0 for asset in self.assets if asset.id in done) / 60,
                not wanted <= held,
            )
            for done, held in oracle.states(tuple(self.assets), start)
        )
        return not best[4], float(best[3])


@st.composite
def requirements(draw: DrawFn) -> list[Requirement]:
    return [
        Requirement(
            capability=capability,
            level=(level := draw(st.sampled_from(oracle.RANKS))),
            minimum=draw(st.sampled_from((None, *range(1, level + 1)))),
            importance=draw(st.sampled_from((None, 0, 0.1, 0.2, 0.3, 3))),
            necessity=draw(st.sampled_from(("mandatory", "essential", "optional"))),
        )
        for capability in draw(st.lists(st.sampled_from(oracle.CAPABILITIES), min_size=1, max_size=2, unique=True))
    ]


@st.composite
def cases(draw: DrawFn) -> Case:
    roles = [
        RoleProfile(id=f"role:{name}", label=name, requirements=draw(requirements()))
        for name in "rstu"[: draw(st.integers(2, 4))]
    ]
    shown = {
        who: {
            cap: level
            for cap in oracle.CAPABILITIES
            if (level := draw(st.sampled_from((None, *oracle.RANKS)))) is not None
        }
        for who in PEOPLE[: draw(st.integers(1, 4))]
    }
    names = [role.id for role in roles]
    held = {who: draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) for who in shown}
    assets = [
        LearningAsset(
            id=asset, title=asset, duration=60 * draw(st.integers(0, 4)), alignments=draw(oracle.alignments())
        )
        for asset in oracle.ASSETS[: draw(st.integers(0, 3))]
    ]
    return Case(roles, shown, held, assets)


def merit(case: Case, who: str, role: str, min_assessed: float) -> tuple[Any, ...]:
    """Return what people are ranked by before the hours."""
    gates = [status for one, status in case.statuses(who, role) if one.necessity == "mandatory"]
    enough = case.assessed(who, role) >= Fraction(str(min_assessed))
    return gates.count("below"), gates.count("unassessed"), not enough, -(case.readiness(who, role) or 0)


@settings(max_examples=80, deadline=None)
@given(cases(), st.sampled_from((0.0, 0.5, 1.0)), st.sampled_from((None, 1, 2)))
def test_successors_equal_brute_force(case: Case, min_assessed: float, limit: int | None) -> None:
    found = successors(case.graph, "role:r", min_assessed=min_assessed, limit=limit, soon_hours=3)
    people = [who for who in case.shown if "role:r" not in case.held[who]]
    told = {who: case.hours(who, "role:r") for who in people}

    def order(who: str) -> tuple[Any, ...]:
        closes, hours = told[who] if case.assets else (True, 0.0)
        return *merit(case, who, "role:r", min_assessed), not closes, hours, who

    ranked = sorted(people, key=order)[:limit]
    assert [row.person for row in found] == ranked
    for row in found:
        assert (row.ready, row.hours, row.closes) == (
            case.ready(row.person, "role:r"),
            told[row.person][1] if case.assets else None,
            told[row.person][0] if case.assets else None,
        )
        readiness = case.readiness(row.person, "role:r")
        assert row.readiness == (None if readiness is None else pytest.approx(float(readiness)))
    assert found.ready_now == sum(case.ready(who, "role:r") is True for who in people)
    assert found.ready_soon == sum(
        row.ready is False and bool(case.assets) and told[row.person][0] and told[row.person][1] <= 3 for row in found
    )


@settings(max_examples=80, deadline=None)
@given(cases(), st.sampled_from((0.3, 0.6, 1.0)))
def test_where_people_could_go_equals_brute_force(case: Case, max_distance: float) -> None:
    found = transferable(case.graph, "role:r", max_distance=max_distance, limit=None)
    moving = sorted(who for who, roles in case.held.items() if "role:r" in roles)
    assert found.moving == tuple(moving)
    expected = {}
    if all(one.importance == 0 for one in case.needs["role:r"]):
        assert "gives the importance 0 to all that it requires" in found.notes[0]
        assert not found.records
        return
    for role in case.needs:
        distance = role_distance(case.graph, "role:r", role).distance
        if role == "role:r" or distance is None or distance > max_distance + 1e-6:
            continue
        able = [who for who in moving if role not in case.held[who]]
        ready = sum(case.ready(who, role) is True for who in able)
        people = sorted(able, key=lambda who: (*merit(case, who, role, 0.5), who))
        expected[role] = (-ready, round(distance, 6), role, tuple(people))
    assert [(row.role, row.people) for row in found] == [
        (role, people) for _, _, role, people in sorted(expected.values())
    ]
    assert all(-expected[row.role][0] == row.ready for row in found)
