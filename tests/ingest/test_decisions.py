"""What people have decided: merges, renamings, alignments; and the levels of proposals."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from capgraph.ingest import import_catalog, import_completions
from capgraph.model import Capability, Decision, Decisions, Framework, ProficiencyLevel, ProficiencyScale
from capgraph.store import Store

if TYPE_CHECKING:
    from capgraph.ingest.plan import ImportPlan

LMS = b"Course ID,Title,Duration (h),Level,Skills\nL-1,Data basics,2,Practitioner,SQL\nL-2,Negotiation,1,Guru,SQL\n"
VENDOR = b"Course ID,Title,Duration (h),Level,Skills\nV-9,Data basics 2024,3,,Git\n"
SCALE = ProficiencyScale(
    id="scale:a",
    label="A",
    levels=[ProficiencyLevel(rank=1, label="Aware"), ProficiencyLevel(rank=2, label="Practitioner")],
)
FRAMEWORK = Framework(
    id="fw:a", default_scale="scale:a", scales=[SCALE], capabilities=[Capability(id="cap:sql", label="SQL")]
)


def _ids(plan: ImportPlan) -> dict[str, str]:
    document: Any = plan.document
    return {asset.notation: asset.id for asset in document.assets}


def _decided(kind: str, subject: str, stays: str, verdict: str = "same", level_to: int | None = None) -> Decisions:
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    stated = {"kind": kind, "subject": subject, "object": stays, "verdict": verdict, "level_to": level_to}
    one = Decision.model_validate({**stated, "by": "l&d", "at": at})
    return Decisions(id="decisions:a", decisions=[one])


def test_assets_called_the_same_become_one_that_keeps_both_ids() -> None:
    source = {"lms.csv": LMS, "vendor.csv": VENDOR}
    with Store("sqlite://") as store:
        first = import_catalog(source, into=store, catalog="catalog:all")
        assert [row.reason for row in first.duplicates] == ["same-title"]
        ids = _ids(first)
        store.save(_decided("merge", ids["V-9"], ids["L-1"]))
        merged = import_catalog(source, into=store, catalog="catalog:all")
        assert {row.action: row.reason for row in merged.records if row.reason} == {
            "merged": "merged-by-decision", "removed": "merged-by-decision",
        }  # fmt: skip
        kept = {asset.notation: asset for asset in store.assets()}
        assert set(kept) == {"L-1", "L-2"}
        assert {(other.scheme, other.value) for other in kept["L-1"].other_ids} == {
            ("lms", "L-1"), ("vendor", "V-9"), ("merged", ids["V-9"]),
        }  # fmt: skip
        assert kept["L-1"].duration == 120
        again = import_catalog(source, into=store, catalog="catalog:all")
        assert again.revision is None
        assert again.counts() == {"unchanged": 2, "merged": 1}
        done = [{"User ID": "7", "Course ID": "V-9", "Completion Date": "2026-03-31", "Status": "Completed"}]
        completed: Any = import_completions(done, into=store).document
        assert [record.asset for record in completed.evidence] == [ids["L-1"]]


def test_a_merge_works_where_the_source_holds_the_one_that_goes_alone() -> None:
    with Store("sqlite://") as store:
        import_catalog({"lms.csv": LMS}, into=store, catalog="catalog:all")
        ids = _ids(import_catalog({"vendor.csv": VENDOR}, catalog="catalog:all")) | {
            asset.notation: asset.id for asset in store.assets()
        }
        plan = import_catalog(
            {"vendor.csv": VENDOR},
            into=store,
            catalog="catalog:all",
            decisions=_decided("merge", ids["V-9"], ids["L-1"]),
        )
        assert plan.counts() == {"changed": 1, "merged": 1}
        (asset,) = [asset for asset in store.assets() if asset.notation == "L-1"]
        assert asset.title == "Data basics"
        assert ("vendor", "V-9") in {(other.scheme, other.value) for other in asset.other_ids}


@pytest.mark.parametrize("verdict", ["different", "rejected"])
def test_what_was_called_different_stays_two(verdict: str) -> None:
    source = {"lms.csv": LMS, "vendor.csv": VENDOR}
    ids = _ids(import_catalog(source, catalog="catalog:all"))
    plan = import_catalog(source, catalog="catalog:all", decisions=_decided("merge", ids["V-9"], ids["L-1"], verdict))
    assert len(plan.added) == 3


def test_a_merge_into_nothing_is_told_and_loses_no_asset() -> None:
    ids = _ids(import_catalog({"lms.csv": LMS}, catalog="catalog:all"))
    decided = _decided("merge", ids["L-1"], "asset:nowhere")
    plan = import_catalog({"lms.csv": LMS}, catalog="catalog:all", decisions=decided)
    assert len(plan.added) == 2
    assert [row.reason for row in plan.records if row.action == "remark"] == ["merged-into-nothing"]


def test_a_renaming_carries_verdicts_and_ids_over() -> None:
    old = b"Course ID,Title,Skills\nL-1,Data basics,SQL\n"
    new = b"Course ID,Title,Skills\nN-1,Data basics,SQL\n"
    with Store("sqlite://") as store:
        first = _ids(import_catalog({"lms.csv": old}, into=store, framework=FRAMEWORK))
        verdict = _decided("alignment", first["L-1"], "cap:sql", "accepted")
        import_catalog({"lms.csv": old}, into=store, framework=FRAMEWORK, decisions=verdict)
        renamed = _ids(import_catalog({"lms.csv": new}, catalog="catalog:lms"))["N-1"]
        decided = _decided("rename", first["L-1"], renamed, "accepted")
        plan = import_catalog({"lms.csv": new}, into=store, framework=FRAMEWORK, decisions=decided)
        (asset,) = store.assets()
        assert (asset.id, [item.state for item in asset.alignments]) == (renamed, ["accepted"])
        assert {other.value for other in asset.other_ids} == {"L-1", "N-1", first["L-1"]}
        assert [row.asset for row in plan.missing] == [first["L-1"]]


def test_a_circle_of_merges_leads_nowhere() -> None:
    ids = _ids(import_catalog({"lms.csv": LMS}))
    one, other = (
        _decided("merge", *pair).decisions[0] for pair in ((ids["L-1"], ids["L-2"]), (ids["L-2"], ids["L-1"]))
    )
    decided = Decisions(id="decisions:a", decisions=[one, other])
    assert len(import_catalog({"lms.csv": LMS}, decisions=decided).added) == 2


def test_the_level_of_a_course_becomes_a_step_where_the_scale_has_it() -> None:
    plan = import_catalog({"lms.csv": LMS}, framework=FRAMEWORK)
    document: Any = plan.document
    found = {asset.notation: asset.alignments[0] for asset in document.assets}
    assert (found["L-1"].level_from, found["L-1"].level_to, found["L-1"].state) == (1, 2, "proposed")
    assert (found["L-2"].level_from, found["L-2"].level_to) == (None, None)
    ids = _ids(plan)
    decided = _decided("alignment", ids["L-1"], "cap:sql", "accepted", level_to=1)
    document = import_catalog({"lms.csv": LMS}, framework=FRAMEWORK, decisions=decided).document
    (alignment,) = next(asset for asset in document.assets if asset.notation == "L-1").alignments
    assert (alignment.level_from, alignment.level_to, alignment.state) == (None, 1, "accepted")


def test_a_new_verdict_reaches_rows_that_did_not_change() -> None:
    source = {"lms.csv": LMS}
    with Store("sqlite://") as store:
        ids = _ids(import_catalog(source, into=store))
        store.save(_decided("alignment", ids["L-2"], "cap:sql", "accepted"))
        plan = import_catalog(source, into=store)
        assert plan.counts() == {"changed": 1, "unchanged": 1}
        assert [row.field for row in plan.changed] == ["alignments"]


def test_each_relation_of_a_pair_is_decided_by_itself() -> None:
    """As in a graph and in suggestions: the newest of each relation counts, and of one moment the rejection."""
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    (course,) = (id_ for notation, id_ in _ids(import_catalog({"lms.csv": LMS})).items() if notation == "L-1")
    base = {"kind": "alignment", "subject": course, "object": "cap:sql", "by": "l&d", "at": at}
    stated = [("teaches", "accepted"), ("assesses", "accepted"), ("mentions", "rejected"), ("mentions", "accepted")]
    documents = [
        Decisions(
            id=f"decisions:{verdict}",
            decisions=[Decision.model_validate(base | {"verdict": verdict, "relation": relation})],
        )
        for relation, verdict in stated
    ]
    plan = import_catalog({"lms.csv": LMS}, framework=FRAMEWORK, decisions=documents)
    document: Any = plan.document
    (asset,) = [asset for asset in document.assets if asset.notation == "L-1"]
    assert {(one.relation, one.state) for one in asset.alignments} == {
        ("teaches", "accepted"), ("assesses", "accepted"), ("mentions", "rejected"),
    }  # fmt: skip
