"""Suggested crosswalks: predicates, several objects, decisions, and the document they become."""

from __future__ import annotations

import csv
import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest

import capgraph as cg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


def framework(id_: str, labels: dict[str, str], **more: object) -> cg.Framework:
    return cg.Framework(
        id=f"fw:{id_}",
        capabilities=[cg.Capability(id=f"{id_}:{key}", label=label, **more) for key, label in labels.items()],
    )


OURS = framework("a", {"dm": "Data modelling", "db": "Databases", "yoga": "Yoga", "pm": "Agile project management"})
THEIRS = framework(
    "b",
    {"dm": "modelling data", "sql": "relational databases", "nosql": "document databases", "pm": "project management"},
)


def test_predicates_and_abstention() -> None:
    report = cg.suggest_crosswalk(OURS, THEIRS, min_confidence=0.05)
    stated = {(row.subject, row.predicate, row.object) for row in report}
    assert ("a:dm", "exact", "b:dm") in stated
    assert ("a:pm", "broad", "b:pm") in stated, "the object is the broader one"
    assert {("a:db", "narrow", "b:sql"), ("a:db", "narrow", "b:nosql")} <= stated, "one subject, several objects"
    assert report.abstained == ("a:yoga",)


def test_the_other_direction_turns_broad_into_narrow() -> None:
    stated = {
        (row.subject, row.predicate, row.object) for row in cg.suggest_crosswalk(THEIRS, OURS, min_confidence=0.05)
    }
    assert ("b:pm", "narrow", "a:pm") in stated
    assert ("b:sql", "broad", "a:db") in stated


def test_the_mean_of_other_labels_counts_not_the_best() -> None:
    crowd = cg.Framework(
        id="fw:c",
        capabilities=[
            cg.Capability(id="c:plain", label="sales management"),
            cg.Capability(
                id="c:crowd", label="farming", alternative_labels=["sales manager", *(f"farm {n}" for n in "xyz")]
            ),
        ],
    )
    ours = framework("a", {"x": "sales manager"})
    assert cg.suggest_crosswalk(ours, crowd, min_confidence=0).records[0].object == "c:plain"


def test_no_least_confidence_lists_the_nearest_objects_up_to_the_limit() -> None:
    listed = cg.suggest_crosswalk(OURS, THEIRS, min_confidence=0, limit=3)
    assert [len([row for row in listed if row.subject == one.id]) for one in OURS.capabilities] == [3, 3, 3, 3]
    assert len([row for row in cg.suggest_crosswalk(OURS, THEIRS) if row.subject == "a:dm"]) == 1


@pytest.mark.parametrize("spelled", [("a:x", "b:y"), ("https://example.org/a/x", "https://example.org/b/y")])
def test_decisions_count_in_any_spelling(spelled: tuple[str, str]) -> None:
    ours, theirs = (
        cg.Framework(
            id=f"fw:{name}",
            prefixes={name: f"https://example.org/{name}/"},
            roles=[cg.RoleProfile(id=id_, label="Data engineer")],
        )
        for name, id_ in (("a", "a:x"), ("b", "b:y"))
    )
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    no = cg.Decision(kind="mapping", subject=spelled[0], object=spelled[1], verdict="rejected", by="x", at=at)
    assert len(cg.suggest_crosswalk(ours, theirs)) == 1
    assert not len(cg.suggest_crosswalk(ours, theirs, decisions=cg.Decisions(id="dec:x", decisions=[no])))


def test_decisions_are_respected() -> None:
    at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    no = cg.Decision(kind="mapping", subject="a:dm", object="b:dm", verdict="rejected", by="x", at=at)
    yes = cg.Decision(
        kind="mapping", subject="a:yoga", object="b:pm", verdict="accepted", relation="related", by="x", at=at
    )
    report = cg.suggest_crosswalk(OURS, THEIRS, decisions=cg.Decisions(id="dec:x", decisions=[no, yes]))
    assert ("a:dm", "b:dm") not in {(row.subject, row.object) for row in report}
    assert [(row.predicate, row.state, row.confidence) for row in report if row.subject == "a:yoga"] == [
        ("related", "accepted", 1.0)
    ]


def test_it_becomes_a_document_that_sssom_writes(tmp_path: Path) -> None:
    crosswalk = cg.suggest_crosswalk(OURS, THEIRS).to_crosswalk("cw:ab")
    assert (crosswalk.subject_source, crosswalk.object_source) == ("fw:a", "fw:b")
    assert all(one.justification == "semapv:CompositeMatching" for one in crosswalk.mappings)
    path = tmp_path / "ab.json"
    cg.write(crosswalk, path)
    assert cg.read_crosswalk(path) == crosswalk


def test_empty_frameworks_and_an_embedding() -> None:
    empty = cg.Framework(id="fw:e")
    assert cg.suggest_crosswalk(empty, THEIRS).abstained == ()
    assert len(cg.suggest_crosswalk(OURS, empty, of="capabilities").abstained) == 4
    report = cg.suggest_crosswalk(OURS, THEIRS, embed="wordllama")
    assert ("a:dm", "b:dm") in {(row.subject, row.object) for row in report}


@pytest.mark.real_data
@pytest.mark.slow
def test_occupations_of_an_official_crosswalk_rank_high(shared_data: Path) -> None:
    path = shared_data / "labelled" / "crosswalk_esco_onet_first200.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    start = next(place for place, row in enumerate(rows) if row[:1] == ["O*NET Id"]) + 1
    subjects: dict[str, cg.RoleProfile] = {}
    gold: dict[str, set[str]] = {}
    for code, title, text, uri, *_, kind in rows[start:]:
        subjects[code] = cg.RoleProfile(id=f"soc:{code}", label=title, description=text)
        if kind in {"exactMatch", "closeMatch"}:
            gold.setdefault(f"soc:{code}", set()).add(uri)
    occupations = cg.read_framework(shared_data / "esco" / "v1.1.0-en-csv.zip")
    report = cg.suggest_crosswalk(
        cg.Framework(id="fw:soc", roles=list(subjects.values())), occupations, of="roles", min_confidence=0
    )
    first: dict[str, str] = {}
    for row in report:
        first.setdefault(row.subject, row.object)
    hits = sum(first[code] in right for code, right in gold.items())
    assert hits / len(gold) >= 0.45, "titles and definitions alone, without the other titles of O*NET"


def _in_general(texts: Sequence[str]) -> NDArray[np.float32]:
    """An embedding in which every task is a little like work in general."""
    rows = np.zeros((len(texts), 100), np.float32)
    for row, text in zip(rows, texts, strict=True):
        numbers = [word.strip(".") for word in text.split() if word.strip(".").isdigit()]
        row[0] = 0.0 if text.startswith("duty") else 1.0
        row[[int(number) for number in numbers]] = 1.0
    return rows


def test_an_object_that_is_near_to_many_counts_less_where_there_are_many() -> None:
    theirs = framework("b", {"hub": "work in general", **{str(n): f"duty {n}" for n in range(1, 61)}})

    def scores(count: int) -> dict[tuple[str, str], float]:
        ours = framework("a", {str(n): f"task {n}" for n in range(1, count + 1)})
        found = cg.suggest_crosswalk(ours, theirs, embed=_in_general, min_confidence=0)
        return {(row.subject, row.object): row.score for row in found}

    def lead(found: dict[tuple[str, str], float]) -> float:
        return found["a:1", "b:1"] - found["a:1", "b:hub"]

    assert lead(scores(50)) > lead(scores(49)) + 0.005
