"""ESCO 1.1.1, or a framework of its size and shape; and people and evidence, made from a fixed seed."""

from __future__ import annotations

import datetime as dt
import random
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import capgraph as cg
from capgraph.model import Evidence, Framework, Workforce

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ARCHIVES = Path(__file__).resolve().parents[2] / "shared" / "data" / "esco"
"""Where the real frameworks lie beside a checkout, where somebody has put them there."""

SKILLS, OCCUPATIONS, REQUIREMENTS = 13_896, 3_007, 123_855
WORDS = ("analyse", "build", "check", "data", "design", "estimate", "follow", "lead", "measure", "plan", "test", "use")


def uri(kind: str, number: int) -> str:
    """Return an id as ESCO makes them."""
    return f"http://data.europa.eu/esco/{kind}/{UUID(int=random.Random(f'{kind}{number}').getrandbits(128))}"  # noqa: S311 - no secret


def archives() -> list[str]:
    """Return the paths of the archives of ESCO 1.1.1 beside this checkout, or none."""
    return [str(path) for path in sorted(ARCHIVES.glob("v1.1.1-*-csv.zip"))]


def esco(paths: Sequence[str]) -> Framework:
    """Return ESCO as it is in its archives; without any, a framework of its size and shape."""
    if not paths:
        return made()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", cg.errors.CapgraphWarning)
        return cg.read_framework(*paths)


def made() -> Framework:
    """Return a framework with as many skills, occupations, links and alternative labels as ESCO 1.1.1 has."""
    chance = random.Random(1)  # noqa: S311 - no secret
    skills = [uri("skill", number) for number in range(SKILLS)]

    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words))

    capabilities = [
        {
            "id": id_,
            "label": text(4),
            "kind": chance.choice(["skill", "knowledge"]),
            "description": text(35),
            "alternative_labels": [text(4) for _ in range(chance.randrange(15))],
            "broader": chance.sample(skills[:place], k=min(place, chance.choice([1, 1, 2]))),
            "sequence": place,
            "provenance": [{"source": "skills_en.csv", "locator": f"row:{place}"}],
        }
        for place, id_ in enumerate(skills)
    ]
    roles = [
        {
            "id": uri("occupation", place),
            "label": text(3),
            "notation": f"{2000 + place}.1",
            "description": text(60),
            "alternative_labels": [text(3) for _ in range(chance.randrange(20))],
            "provenance": [{"source": "occupations_en.csv", "locator": f"row:{place}"}],
            "requirements": [
                {"capability": skill, "necessity": chance.choice(["essential", "optional"])}
                for skill in chance.sample(skills, k=REQUIREMENTS // OCCUPATIONS)
            ],
        }
        for place in range(OCCUPATIONS)
    ]
    return Framework.model_validate({"id": "urn:esco", "capabilities": capabilities, "roles": roles})


def edited(framework: Framework, edition: int, share: float = 0.01) -> Framework:
    """Return the framework with a share of its members replaced, as somebody who edits it would build it."""
    step = round(1 / share)
    capabilities, roles = [*framework.capabilities], [*framework.roles]
    for place in range(edition % step, len(capabilities), step):
        one = capabilities[place]
        capabilities[place] = one.replace(description=f"{one.description} (edited {edition})")
    for place in range(edition % step, len(roles), step):
        roles[place] = roles[place].replace(description=f"{roles[place].description} (edited {edition})")
    return framework.replace(capabilities=capabilities, roles=roles)


def changed(framework: Framework, edition: int, share: float = 0.01) -> Framework:
    """Return the framework with a share of its members changed, as a reader of the next edition would build it."""
    plain = framework.model_dump()
    step = round(1 / share)
    for capability in plain["capabilities"][edition::step]:
        capability["description"] += f" (edition {edition})"
    for role in plain["roles"][edition::step]:
        role["requirements"] = [
            {**requirement, "note": f"edition {edition}"} if place == 0 else requirement
            for place, requirement in enumerate(role["requirements"])
        ]
    return Framework.model_validate(plain)


def evidence(count: int, *, people: int) -> Iterator[Evidence]:
    """Yield records of evidence about so many people."""
    chance = random.Random(2)  # noqa: S311 - no secret
    start = dt.date(2024, 1, 1)
    for number in range(count):
        fields: dict[str, Any] = {
            "id": f"ev:{number}",
            "person": f"person:{chance.randrange(people)}",
            "capability": f"cap:{chance.randrange(500)}",
            "kind": chance.choice(["self", "manager", "test"]),
            "level": chance.randrange(1, 6),
            "date": start + dt.timedelta(days=chance.randrange(700)),
            "source": "annual review",
        }
        yield Evidence(**fields)


def workforces(people: int, *, units: int) -> Iterator[Workforce]:
    """Yield the workforces of some business units that have so many people together, without evidence."""
    size = people // units
    for unit in range(units):
        teams = [{"id": f"team:{unit}-{number}", "label": f"Team {number}"} for number in range(size // 50)]
        persons = [
            {
                "id": f"person:{unit}-{number}",
                "roles": [f"role:{number % 200}"],
                "teams": [teams[number % len(teams)]["id"]],
                "site": f"site {number % 12}",
            }
            for number in range(size)
        ]
        yield Workforce(id=f"wf:{unit}", teams=teams, people=persons)


def latest(workforce: Workforce) -> Iterator[Evidence]:
    """Yield two records of evidence about each person of a workforce."""
    for place, person in enumerate(workforce.people):
        for turn in range(2):
            yield Evidence(
                id=f"ev:{turn}:{person.id}",
                person=person.id,
                capability=f"cap:{(place * 7 + turn) % 500}",
                kind="test" if turn else "manager",
                level=1 + (place + turn) % 5,
                date=dt.date(2025, 1 + place % 12, 1 + turn),
            )
