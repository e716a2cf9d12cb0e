"""migrate: learning plans carried over, saved and read again, and planned anew."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

import capgraph as cg
from capgraph.analysis.change import diff
from capgraph.analysis.migration import migrate
from capgraph.analysis.saved_plan import SavedPlan, SavedTeaching
from capgraph.errors import ArgumentError, DocumentError

if TYPE_CHECKING:
    from capgraph.analysis.learning_path import LearningPath

TODAY = dt.date(2026, 3, 1)


def _scale(top: int) -> dict[str, Any]:
    return {"id": "scale:s", "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in range(top + 1)]}


def _framework(top: int = 5, *, level: int = 3, heirs: dict[str, list[str]] | None = None) -> cg.Framework:
    stated = heirs or {}
    capabilities = [
        {"id": f"cap:{name}", "label": name.upper(), "replaced_by": stated.get(f"cap:{name}", [])} for name in "abcd"
    ]
    requirements = [{"capability": "cap:a", "level": level}, {"capability": "cap:b", "level": 1}]
    return cg.Framework(
        id="fw:f",
        version=str(top),
        scales=[_scale(top)],
        default_scale="scale:s",
        capabilities=capabilities,
        roles=[{"id": "role:r", "label": "R", "requirements": requirements}],
    )


def _asset(name: str, capability: str, start: int | None, end: int, **fields: Any) -> dict[str, Any]:
    alignment = {"target": capability, "level_from": start, "level_to": end}
    return {"id": f"asset:{name}", "title": name, "duration": 60, "alignments": [alignment], **fields}


CATALOG = cg.Catalog(
    id="cat:c",
    assets=[_asset("low", "cap:a", None, 2), _asset("high", "cap:a", 2, 3), _asset("other", "cap:b", None, 1)],
)
WORKFORCE = cg.Workforce(id="wf:w", people=[{"id": "person:p", "roles": ["role:r"]}])


def _planned(framework: cg.Framework, *others: cg.Catalog, keep: tuple[str, ...] | None = None) -> LearningPath:
    graph = cg.CapabilityGraph(framework, WORKFORCE, *(others or (CATALOG,)))
    return cg.learning_path(graph, "person:p", unassessed="teach", as_of=TODAY, keep=keep)


def test_a_plan_is_the_same_after_it_was_saved() -> None:
    path = _planned(_framework())
    plan = SavedPlan.of(path)
    assert plan.assets == ("asset:low", "asset:high", "asset:other")
    assert plan.targets == (("cap:a", 3), ("cap:b", 1))
    assert (plan.person, plan.role) == ("person:p", "role:r")
    assert SavedPlan.from_json(plan.to_json(indent=2)) == plan
    assert SavedPlan.from_json(path.to_json()) == plan


def test_what_is_no_plan_is_refused() -> None:
    for text, problem in (("[", "line 1"), ("[1]", "states no learning path"), ('{"report": "gap"}', "states no")):
        with pytest.raises(DocumentError, match=problem):
            SavedPlan.from_json(text)
    bad = {"plan": "learning_path", "steps": [{"asset": 3}, {"asset": "asset:a", "teaches": [{"start": "x"}]}]}
    with pytest.raises(DocumentError) as told:
        SavedPlan.from_json(json.dumps(bad))
    assert len(told.value.issues) == 3
    with pytest.raises(DocumentError):
        SavedPlan.from_json('{"report": "learning_path", "rows": [{"title": "no asset"}]}')


def test_goals_and_steps_follow_and_the_plan_is_made_anew() -> None:
    path = _planned(_framework())
    new = _framework(heirs={"cap:a": ["cap:c"]}).replace(
        roles=[{"id": "role:r", "label": "R", "requirements": [{"capability": "cap:c", "level": 3}]}]
    )
    changes = diff(_framework(), new)
    found = migrate(path, changes)
    plan = found.apply()
    assert plan.targets == (("cap:c", 3), ("cap:b", 1))
    assert plan.steps[0].teaches == (SavedTeaching(capability="cap:c", end=2),)
    assert [(row.outcome, row.before, row.reason) for row in found if row.outcome != "followed"] == [
        ("kept", "cap:b", "the role requires it no more; plan again")
    ]
    assert found.changed == 3
    catalog = migrate(CATALOG, changes).apply()
    again = _planned(new, catalog, keep=plan.assets)
    assert (again.kept, again.dropped) == (("asset:high", "asset:low", "asset:other"), ())
    assert again.complete
    assert migrate(SavedPlan.of(path), changes).apply() == plan


def test_what_no_longer_holds_is_listed_with_the_reason() -> None:
    path = _planned(_framework())
    old = CATALOG
    new = old.replace(assets=[_asset("low", "cap:a", None, 3), _asset("other", "cap:b", None, 1)])
    found = migrate(path, diff(old, new))
    assert found.apply().assets == ("asset:low", "asset:other")
    assert [(row.outcome, row.before, row.examples, row.reason) for row in found] == [
        ("dropped", "asset:high", ("asset:high",), "it was removed and nothing takes its place"),
        ("kept", "cap:a", ("asset:low",), "an alignment by which the asset teaches it changed; plan again"),
    ]
    fewer = _framework().replace(capabilities=_framework().capabilities[1:], roles=[])
    found = migrate(path, diff(_framework(), fewer))
    plan = found.apply()
    assert (plan.targets, plan.assets) == ((("cap:b", 1),), ("asset:other",))
    assert {row.before for row in found if row.outcome == "dropped"} == {"cap:a", "asset:low", "asset:high", "role:r"}


def test_a_role_that_asks_for_another_level_makes_the_goal_stale() -> None:
    graph = cg.CapabilityGraph(_framework(), WORKFORCE, CATALOG)
    path = cg.learning_path(graph, "person:p", "role:r", unassessed="teach", as_of=TODAY)
    found = migrate(path, diff(_framework(), _framework(level=2)))
    assert [(row.before, row.reason) for row in found] == [("cap:a", "the role requires it at level 2 now; plan again")]
    gone = migrate(path, diff(_framework(), _framework().replace(roles=[])))
    assert (gone.apply().role, gone.records[0].before) == (None, "role:r")
    nobody = migrate(path, diff(WORKFORCE, WORKFORCE.replace(people=[])))
    assert nobody.apply().person is None


def test_levels_of_a_plan_are_read_through_the_map_of_their_scale() -> None:
    path = _planned(_framework())
    changes = diff(_framework(), _framework(2, level=2))
    assert migrate(path, changes).open > 0
    found = migrate(path, changes, scales={"scale:s": {0: 0, 1: 1, 2: 2, 3: 2, 4: 2, 5: None}})
    plan = found.apply()
    assert plan.targets == (("cap:a", 2), ("cap:b", 1))
    assert plan.assets == ("asset:low", "asset:other")
    assert "nothing is left of what it teaches" in {row.reason for row in found}


def test_splits_and_merges_of_assets_change_the_steps() -> None:
    path = _planned(_framework())
    halves = [_asset("one", "cap:a", None, 1), _asset("two", "cap:a", 1, 2)]
    successors = {"asset:low": ["asset:one", "asset:two"], "asset:high": ["asset:other"]}
    assets = [
        asset.replace(replaced_by=successors.get(asset.id, []), status="deprecated")
        if asset.id in successors
        else asset
        for asset in CATALOG.assets
    ]
    changes = diff(CATALOG, CATALOG.replace(assets=[*assets, *halves]))
    asked = migrate(path, changes)
    with pytest.raises(DocumentError, match="learning path of person:p"):
        asked.apply()
    plan = migrate(path, changes, splits="all").apply()
    assert plan.assets == ("asset:one", "asset:two", "asset:other")
    assert [item.capability for item in plan.steps[2].teaches] == ["cap:a", "cap:b"]
    assert migrate(path, changes, splits="keep").apply().assets[0] == "asset:low"


def test_only_documents_and_plans_are_migrated() -> None:
    with pytest.raises(ArgumentError, match="cannot be migrated"):
        migrate("plan.json", diff(_framework(), _framework()))  # type: ignore[call-overload]
