from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import capgraph as cg
from capgraph.errors import DuplicateIdError, UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from capgraph.analysis.pairs import DuplicateRow
    from capgraph.analysis.redundancy import DuplicatesReport

PRIVACY = (
    "Which personal data may be stored, how long, who may see it, and what to do within three days after a leak. "
    "Cases from billing and customer service."
)
POTTERY = (
    "Throwing, glazing and firing stoneware at the wheel, with two finished bowls to take home after the kiln cools."
)


def asset(name: str, title: str, description: str = "", **fields: object) -> cg.LearningAsset:
    return cg.LearningAsset(id=f"asset:{name}", title=title, description=description, **fields)


def pair(left: cg.LearningAsset, right: cg.LearningAsset) -> DuplicateRow:
    """Return the verdict on two assets among some others."""
    others = [asset(f"z{n}", title, POTTERY) for n, title in enumerate(("Pottery", "Wheel throwing", "Glazes"))]
    report = cg.duplicates([left, right, *others], pairs=[(left.id, right.id)])
    row: DuplicateRow = report.records[0]
    return row


def verdict(left: str, right: str, *, description: str = PRIVACY, **fields: object) -> str:
    return pair(asset("a", left, description), asset("b", right, description, **fields)).band


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Data Protection at Work", "[NEW] 2026 Data Protection at Work!"),
        ("Data Protection at Work", "Data protection at work (online)"),
        ("Data Protection at Work", "Data Protction at Work"),
        ("Data Protection at Work 2024", "Data Protection at Work (2025 edition)"),
        ("Data Protection at Work", "COM-210: Data Protection at Work"),
        ("Privacy and Consent Law", "Consent and Privacy Law"),
        ("Privacy & Consent Law", "Privacy and Consent Law"),
        ("Privacy Law (English)", "Privacy Law [EN]"),
        ("Privacy Law for Managers", "Managers: Privacy Law"),
        ("Privacy Law: for managers", "Privacy Law (Managers)"),
        ("Privacy Law", "Privacy Law 101"),
    ],
)
def test_editions_wrapping_typos_and_order_are_the_same(left: str, right: str) -> None:
    assert verdict(left, right) == "same"


@pytest.mark.parametrize(
    ("left", "right", "differs"),
    [
        ("Privacy Law I", "Privacy Law II", "part"),
        ("Privacy Law A", "Privacy Law B", "part"),
        ("Privacy Law", "Privacy Law II", "part"),
        ("Privacy Law for Managers", "Privacy Law for Staff", "audience"),
        ("Privacy Law", "Privacy Law for Managers", "audience"),
        ("Introduction to Privacy Law", "Advanced Privacy Law", "level"),
        ("Privacy Law", "Advanced Privacy Law", "level"),
        ("ISO 9001 Privacy Audit", "ISO 27001 Privacy Audit", "number"),
        ("Privacy Law for Managers", "Privacy Law for Non-Managers", "audience"),
        ("Privacy Law for Managers", "Privacy Law for New Managers", "audience"),
        ("Privacy Law (Managers)", "Privacy Law (Staff)", "audience"),
        ("Privacy Law (Managers)", "Privacy Law", "audience"),
        ("Privacy Law [EN]", "Privacy Law [DE]", "named language"),
        ("Privacy Law in Spanish", "Privacy Law (English)", "named language"),
        ("Privacy in SQL Server 2016", "Privacy in SQL Server 2019", "edition"),
        ("Sharing Data", "Not Sharing Data", "negation"),
        ("Privacy Law", "Privacy Law: refresher", "session"),
        ("Privacy Law", "Privacy Law - train the trainer", "session"),
    ],
)
@pytest.mark.parametrize("description", ["", PRIVACY])
def test_look_alikes_are_told_apart(left: str, right: str, differs: str, description: str) -> None:
    row = pair(asset("a", left, description), asset("b", right, description))
    assert row.band != "same"
    assert differs in row.differs


@pytest.mark.parametrize(
    ("left", "right"),
    [("Internal Privacy Audit", "External Privacy Audit"), ("Hypertension Privacy", "Hypotension Privacy")],
)
def test_opposites_are_no_typing_errors(left: str, right: str) -> None:
    assert verdict(left, right) != "same"
    assert verdict(left, right, description="") == "possible"


@pytest.mark.parametrize("title", ["Onboarding", "Workshop", "Training"])
def test_boilerplate_under_a_generic_title_is_no_evidence_about_other_titles(title: str) -> None:
    row = pair(asset("a", title, PRIVACY), asset("b", "Accounts payable", PRIVACY))
    assert row.score < 0.5


def test_an_edition_is_named_as_the_difference() -> None:
    row = pair(asset("a", "Excel Essentials 2024", PRIVACY), asset("b", "Excel Essentials (2025 edition)", PRIVACY))
    assert "edition" in row.differs
    assert {"title", "text"} <= set(row.equal)


def test_language_provider_and_duration_are_compared() -> None:
    left = asset("a", "Privacy Law", PRIVACY, language="en", provider="Ostfeld", duration=60)
    right = asset("b", "Privacy Law", PRIVACY, language="de", provider="OSTFELD", duration=480)
    row = pair(left, right)
    assert {"language", "duration"} <= set(row.differs)
    assert "provider" in row.equal


def test_a_translated_title_finds_its_twin() -> None:
    left = asset(
        "a", "Erste Hilfe im Außendienst", translations=[{"language": "en", "label": "First aid in the field"}]
    )
    report = cg.duplicates([left, asset("b", "First aid in the field"), asset("c", "Pottery at the wheel")])
    assert [(row.left, row.right) for row in report] == [("asset:a", "asset:b")]


def test_a_description_that_says_same_as_is_evidence() -> None:
    text = "How people come to think that they ought to."
    left = asset("a", "Moral Psychology", f"Same as PHIL 221. {text}", notation="PSY 321")
    right = asset("b", "The Psychology of Morals", text, notation="PHIL 221")
    row = pair(left, right)
    assert row.band == "same"
    assert any("calls both the same" in fact.text for fact in row.because)


def test_generic_titles_are_not_the_same_without_the_same_text() -> None:
    words = ["algae", "bronze", "copper", "delta", "ember", "fjord", "glacier", "harbor"]
    assets = [
        asset(word, "Independent Study", f"Guided reading on the {word} with a supervisor from the {word} group.")
        for word in words
    ]
    assert cg.duplicates(assets).same == 0


def test_one_word_titles_alone_are_never_the_same() -> None:
    assert cg.duplicates([asset("a", "Communication"), asset("b", "communication")]).same == 0


def test_scores_are_symmetric_and_one_for_a_copy() -> None:
    left, right = asset("a", "Privacy Law for Managers", PRIVACY), asset("b", "Privacy Law", POTTERY)
    copy = asset("c", "Privacy Law", POTTERY)
    assert pair(left, right).score == pair(right, left).score
    assert pair(right, copy).score == 1.0


def test_ten_thousand_equal_rows_do_not_blow_up() -> None:
    assets = [asset(f"{n:05}", "Fire Safety Briefing", PRIVACY) for n in range(10_000)]
    report = cg.duplicates(assets)
    assert len(report) < 100_000
    assert [len(found.members) for found in report.clusters] == [10_000]


def test_a_megabyte_of_description_and_mixed_scripts_are_compared() -> None:
    left = asset("a", "Arbeitsschutz Grundlagen — охрана труда", "word " * 200_000)
    right = asset("b", "Arbeitsschutz Grundlagen — охрана труда", "word " * 200_000)
    assert cg.duplicates([left, right, asset("c", "安全衛生", "職場の安全")]).records[0].left == "asset:a"


def decisions(*verdicts: tuple[str, str, str], day: int = 1, name: str = "a") -> cg.Decisions:
    at = dt.datetime(2026, 3, day, tzinfo=dt.UTC)
    return cg.Decisions(
        id=f"dec:{name}",
        decisions=[
            cg.Decision(kind="duplicate", subject=a, object=b, verdict=said, by="curator", at=at)
            for a, b, said in verdicts
        ],
    )


TWINS = cg.Catalog(id="cat:t", assets=[asset("a", "Privacy Law", PRIVACY), asset("b", "Privacy Law", PRIVACY)])


def test_a_pair_called_different_is_never_shown_again() -> None:
    report = cg.duplicates(cg.CapabilityGraph(TWINS, decisions(("asset:b", "asset:a", "different"))))
    assert len(report) == 0
    assert report.settled == 1
    assert report.clusters == ()


def test_a_pair_called_same_is_the_same_however_unlike() -> None:
    catalog = cg.Catalog(id="cat:t", assets=[asset("a", "Privacy Law"), asset("b", "Pottery")])
    report = cg.duplicates(catalog, decisions=decisions(("asset:a", "asset:b", "same")))
    assert [(row.score, row.band) for row in report] == [(1.0, "same")]
    assert report.records[0].because[0].kind == "record"


def test_the_newest_verdict_counts() -> None:
    first = decisions(("asset:a", "asset:b", "different"))
    second = decisions(("asset:b", "asset:a", "same"), day=2, name="b")
    assert len(cg.duplicates([TWINS, second, first])) == 1


def test_a_cluster_never_joins_what_people_called_different() -> None:
    catalog = cg.Catalog(id="cat:t", assets=[asset(name, "Privacy Law", PRIVACY) for name in "abc"])
    report = cg.duplicates(catalog, decisions=decisions(("asset:a", "asset:c", "different")))
    for found in report.clusters:
        assert not {"asset:a", "asset:c"} <= set(found.members)


def test_the_representative_is_in_use_and_most_taken() -> None:
    assets = [
        asset("a", "Privacy Law", PRIVACY, status="deprecated", learners=900),
        asset("b", "Privacy Law", PRIVACY, learners=80),
        asset("c", "Privacy Law", PRIVACY, learners=300),
    ]
    assert cg.duplicates(assets).clusters[0].representative == "asset:c"


def test_a_sink_takes_the_rows_instead_of_the_report() -> None:
    rows: list[DuplicateRow] = []
    seen: list[tuple[int, int]] = []
    report = cg.duplicates(TWINS, sink=rows.extend, progress=lambda done, total: seen.append((done, total)))
    assert len(report) == 0
    assert (rows[0].left, rows[0].right) == ("asset:a", "asset:b")
    assert report.clusters[0].members == ("asset:a", "asset:b")
    assert seen[-1][0] == seen[-1][1]


def test_capabilities_and_behaviors_are_compared_too() -> None:
    framework = cg.Framework(
        id="fw:x",
        capabilities=[
            cg.Capability(id="cap:a", label="Stakeholder management"),
            cg.Capability(id="cap:b", label="Managing people", alternative_labels=["stakeholder management"]),
        ],
        behaviors=[
            cg.Behavior(id="beh:a", capability="cap:a", statement="Names the people whom a change touches"),
            cg.Behavior(id="beh:b", capability="cap:b", statement="names the people whom a change touches."),
        ],
    )
    assert cg.duplicates(framework, of="capabilities").same == 1
    assert cg.duplicates(framework, of="behaviors").records[0].score > 0.85


def test_one_id_in_two_documents_is_refused() -> None:
    other = TWINS.replace(id="cat:u")
    with pytest.raises(DuplicateIdError, match="asset:a"):
        cg.duplicates([TWINS, other])


def test_an_unknown_id_among_the_pairs_is_refused() -> None:
    with pytest.raises(UnknownIdError, match="asset:a"):
        cg.duplicates(TWINS, pairs=[("asset:aa", "asset:b")])


def test_nothing_to_compare_is_an_empty_answer() -> None:
    assert len(cg.duplicates([])) == 0
    assert len(cg.duplicates(cg.CapabilityGraph())) == 0


titles = st.sampled_from(
    ["Privacy Law", "Privacy Law II", "Data Law", "privacy law (online)", "Pottery", "Law of Data", "I"]
)
texts = st.sampled_from(["", PRIVACY, POTTERY, "see above"])
drafts = st.lists(st.tuples(titles, texts), max_size=8)


@settings(max_examples=40)
@given(drafts, st.randoms(use_true_random=False))
def test_the_order_of_assets_changes_nothing(found: list[tuple[str, str]], random: object) -> None:
    assets = [asset(str(n), title, text) for n, (title, text) in enumerate(found)]
    shuffled = list(assets)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cg.duplicates(shuffled).to_json() == cg.duplicates(assets).to_json()


@settings(max_examples=40)
@given(drafts)
def test_pairs_asked_for_score_as_pairs_found(found: list[tuple[str, str]]) -> None:
    assets = [asset(str(n), title, text) for n, (title, text) in enumerate(found)]
    rows = {(row.left, row.right): row.score for row in cg.duplicates(assets)}
    asked: DuplicatesReport = cg.duplicates(assets, pairs=[(right, left) for left, right in rows])
    assert {(row.left, row.right): row.score for row in asked} == rows


def _ucsd(folder: Path) -> Sequence[cg.LearningAsset]:
    lines = (folder / "ucsd_catalog" / "ucsd_courses.jsonl").read_text(encoding="utf-8").splitlines()
    courses = [json.loads(line) for line in lines]
    return [
        asset(f"{n:05}", course["title"], course.get("description", ""), notation=course["code"])
        for n, course in enumerate(courses)
    ]


@pytest.mark.real_data
def test_a_university_catalog_has_its_cross_listed_courses_found(shared_data: Path) -> None:
    assets = _ucsd(shared_data)
    codes = {one.notation: one.id for one in assets}
    report = cg.duplicates(assets)
    bands = {(row.left, row.right): row.band for row in report}
    listed = [("ANSC 147", "GLBH 147"), ("MAE 254", "MATS 256"), ("BENG 209", "MAE 209")]
    for left, right in listed:
        first, second = sorted((codes[left], codes[right]))
        assert bands[first, second] == "same", (left, right)
    generic = {one.id for one in assets if one.title in {"Independent Study", "Directed Group Study"}}
    assert not any(row.band == "same" for row in report if {row.left, row.right} <= generic)


def named_otherwise(left: str, right: str, *renames: tuple[str, str], verdict: str = "different") -> cg.Decisions:
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    stated = [cg.Decision(kind="duplicate", subject=left, object=right, verdict=verdict, by="x", at=at)]
    stated += [
        cg.Decision(kind="rename", subject=old, object=new, verdict="accepted", by="x", at=at) for old, new in renames
    ]
    return cg.Decisions(id="dec:a", prefixes={"own": "https://example.org/"}, decisions=stated)


PREFIXED = cg.Catalog(
    id="ex:cat",
    prefixes={"ex": "https://example.org/"},
    assets=[cg.LearningAsset(id=f"ex:{name}", title="Privacy and Consent Law", description=PRIVACY) for name in "ab"],
)


@pytest.mark.parametrize(
    "said",
    [
        named_otherwise("ex:a", "ex:b"),
        named_otherwise("https://example.org/b", "https://example.org/a"),
        named_otherwise("own:a", "ex:b"),
        named_otherwise("old:1", "ex:b", ("old:1", "old:2"), ("old:2", "ex:a")),
    ],
)
def test_a_verdict_counts_in_any_spelling_and_after_a_rename(said: cg.Decisions) -> None:
    assert len(cg.duplicates(PREFIXED)) == 1
    for subject in (cg.CapabilityGraph(PREFIXED, said), [PREFIXED, said]):
        assert not len(cg.duplicates(subject))
    for apart in (cg.CapabilityGraph(PREFIXED), PREFIXED, [PREFIXED]):
        assert not len(cg.duplicates(apart, decisions=said))


def test_a_rename_says_nothing_while_the_old_id_is_in_use_and_goes_round_no_circle() -> None:
    kept = named_otherwise("old:1", "ex:b", ("old:1", "old:2"), ("old:2", "old:1"))
    assert len(cg.duplicates(PREFIXED, decisions=kept)) == 1
    used = named_otherwise("ex:a", "old:9", ("ex:a", "ex:b"))
    assert len(cg.duplicates(PREFIXED, decisions=used)) == 1


def test_a_rename_that_was_taken_back_carries_no_verdict() -> None:
    said = named_otherwise("old:1", "ex:b", ("old:1", "ex:a"))
    at = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    back = cg.Decision(kind="rename", subject="old:1", object="ex:a", verdict="rejected", by="x", at=at)
    assert not len(cg.duplicates(PREFIXED, decisions=said))
    assert len(cg.duplicates(PREFIXED, decisions=said.replace(decisions=[*said.decisions, back]))) == 1
    other = back.replace(object="ex:b")
    assert not len(cg.duplicates(PREFIXED, decisions=said.replace(decisions=[*said.decisions, other])))


def test_verdicts_about_a_stream_follow_renames() -> None:
    found = [asset("a", "Privacy and Consent Law", PRIVACY), asset("b", "Privacy and Consent Law", PRIVACY)]
    said = named_otherwise("asset:old", "asset:b", ("asset:old", "asset:a"))
    assert not len(cg.duplicates(iter(found), decisions=said))
