"""The cost of a gap: of one person against a role of 200 requirements, and of a team of 50 people.

The graph has the size of ESCO: 14,000 skills, 3,000 roles with 40 requirements each. The floor is a loop over plain
dictionaries that were made beforehand and that knows no scales, expiry, corrections, behaviors or explanations. The
answers are worked out each time; only the graph's indexes are built before.
"""

from __future__ import annotations

import datetime as dt
import random

from harness import compare

import capgraph as cg

TODAY = dt.date(2026, 3, 1)
SKILLS, ROLES, NEEDS, RECORDS = 14_000, 3_000, 40, 300
TEAM, TEAM_NEEDS = 50, 60
KINDS = ("self", "manager", "peer", "test")
WEIGHTS = {"self": 0.4, "manager": 0.8, "peer": 0.6, "test": 1.0}


def framework(draw: random.Random) -> cg.Framework:
    """Return a framework of the size of ESCO, with one role of 200 requirements and one of 60."""
    scale = cg.ProficiencyScale(
        id="scale:five",
        label="Five",
        levels=[cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in range(1, 6)],
    )
    capabilities = [cg.Capability(id=f"cap:{number}", label=f"skill {number}") for number in range(SKILLS)]
    sizes = {"big": 200, "team": TEAM_NEEDS, **{str(number): NEEDS for number in range(ROLES)}}
    roles = [
        cg.RoleProfile(
            id=f"role:{name}",
            label=name,
            requirements=[
                cg.Requirement(capability=f"cap:{number}", level=draw.randint(1, 5))
                for number in sorted(draw.sample(range(SKILLS), size))
            ],
        )
        for name, size in sizes.items()
    ]
    return cg.Framework(id="fw:bench", default_scale=scale.id, scales=[scale], capabilities=capabilities, roles=roles)


def workforce(draw: random.Random, roles: dict[str, list[str]]) -> cg.Workforce:
    """Return one person with 300 records about a role of 200 requirements, and a team of 50 with 120 records each."""
    people = [cg.Person(id="person:one", roles=["role:big"])]
    people += [cg.Person(id=f"person:{n}", roles=["role:team"], teams=["team:t"]) for n in range(TEAM)]
    subjects = [("person:one", draw.choice(roles["role:big"])) for _ in range(RECORDS)]
    subjects += [(f"person:{n}", name) for n in range(TEAM) for name in roles["role:team"] * 2]
    evidence = [
        cg.Evidence(
            id=f"ev:{place}",
            person=person,
            capability=capability,
            kind=draw.choice(KINDS),
            level=draw.randint(1, 5),
            date=TODAY - dt.timedelta(days=draw.randint(0, 900)),
        )
        for place, (person, capability) in enumerate(subjects)
    ]
    return cg.Workforce(id="wf:bench", teams=[cg.model.Team(id="team:t", label="T")], people=people, evidence=evidence)


def floor(needs: list[tuple[str, int]], held: dict[str, list[tuple[int, float]]]) -> list[tuple[str, int, int | None]]:
    """Return the shortfalls by the weighted median, from lists of levels and weights made beforehand."""
    found: list[tuple[str, int, int | None]] = []
    for capability, level in needs:
        reached, attained = 0.0, None
        records = sorted(held.get(capability, ()))
        half = sum(weight for _, weight in records) / 2
        for rank, weight in records:
            reached += weight
            if reached >= half:
                attained = rank
                break
        found.append((capability, level, None if attained is None else max(0, level - attained)))
    return found


def main() -> None:
    """Build the graph and measure."""
    draw = random.Random(7)  # noqa: S311 - a bench, no secret
    document = framework(draw)
    roles = {role.id: [one.capability for one in role.requirements] for role in document.roles}
    people = workforce(draw, roles)
    graph = cg.CapabilityGraph(document, people)
    levels = {role.id: [(one.capability, one.level or 0) for one in role.requirements] for role in document.roles}
    held: dict[str, dict[str, list[tuple[int, float]]]] = {person.id: {} for person in people.people}
    for record in people.evidence:
        records = held[record.person].setdefault(record.capability or "", [])
        records.append((record.level or 0, WEIGHTS[record.kind]))

    print(f"one person, 200 requirements, {RECORDS} records, {len(graph)} entries in the graph: aim 5 ms")
    compare(
        {
            "gap": lambda: cg.gap(graph, "person:one", "role:big", as_of=TODAY),
            "loop over dictionaries": lambda: floor(levels["role:big"], held["person:one"]),
        },
        runs=21,
    )
    print(f"\nteam of {TEAM} people, {TEAM_NEEDS} requirements, {TEAM * TEAM_NEEDS * 2} records: aim 50 ms")
    team = [f"person:{number}" for number in range(TEAM)]
    compare(
        {
            "team_gap": lambda: cg.team_gap(graph, "team:t", as_of=TODAY),
            "loop over dictionaries": lambda: [floor(levels["role:team"], held[person]) for person in team],
        },
        runs=11,
    )


if __name__ == "__main__":
    main()
