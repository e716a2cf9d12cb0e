"""Importing catalogs: what every row becomes, what a second import does, what people have decided."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capgraph.errors import ParseError
from capgraph.ingest import import_catalog
from capgraph.ingest.profile import parse_profile, presets
from capgraph.model import Capability, Decision, Decisions, Framework
from capgraph.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.ingest.plan import ImportPlan

HEAD = "Course ID,Course Title,Duration (h),Skills,Status\n"
BODY = "A-1,Data quality,1.5,SQL; Statistics,active\nA-2,Negotiation,2,Negotiation,active\n"
FRAMEWORK = Framework(
    id="fw:a",
    capabilities=[
        Capability(id="cap:sql", label="SQL", alternative_labels=["Structured query language"]),
        Capability(id="cap:stats", label="Statistics"),
        Capability(id="cap:neg", label="Negotiation skills"),
    ],
)


def _assets(plan: ImportPlan) -> dict[str, Any]:
    document: Any = plan.document
    return {asset.notation or asset.title: asset for asset in document.assets}


def _named(text: str, name: str = "courses.csv") -> dict[str, bytes]:
    return {name: text.encode()}


def test_an_export_never_seen_before_is_read_in_one_call() -> None:
    plan = import_catalog(_named(HEAD + BODY))
    asset = _assets(plan)["A-1"]
    assert (asset.title, asset.duration, asset.keywords) == ("Data quality", 90, ("SQL", "Statistics"))
    assert asset.provenance[0].source == "courses.csv"
    assert asset.provenance[0].locator == "row:2"
    assert (asset.other_ids[0].scheme, asset.other_ids[0].value) == ("courses", "A-1")
    assert not plan.applied


def test_every_row_is_told() -> None:
    text = (
        HEAD
        + BODY
        + "A-1,Data quality,1.5,SQL; Statistics,active\n,No id,1,,\nA-3,,1,,\nA-1,Other,1,x,\n\nTotal,,4,,\n"
    )
    plan = import_catalog(_named(text))
    told = {row.locator: (row.action, row.reason) for row in plan.records}
    assert told == {
        "row:2": ("added", ""),
        "row:3": ("added", ""),
        "row:4": ("duplicate", "same-cells"),
        "row:5": ("rejected", "missing-id"),
        "row:6": ("rejected", "missing-title"),
        "row:7": ("duplicate", "id-used-with-other-title"),
        "row:8": ("ignored", "blank"),
        "row:9": ("ignored", "total"),
    }
    assert plan.records_read == 8
    assert plan.counts() == {"added": 2, "rejected": 2, "duplicate": 2, "ignored": 2}
    assert plan.summary()["rejected"] == 2


def test_importing_twice_changes_nothing_and_a_change_is_told_field_by_field(tmp_path: Path) -> None:
    path = tmp_path / "courses_20260301.csv"
    path.write_text(HEAD + BODY, "utf-8")
    newer = tmp_path / "courses_20260401.csv"
    newer.write_text(HEAD + BODY.replace(",2,", ",3,") + "A-3,New,1,,active\n", "utf-8")
    with Store("sqlite://") as store:
        first = import_catalog(path, into=store, author="amina")
        again = import_catalog(path, into=store)
        changed = import_catalog(newer, into=store)
        stored: Any = store.load("catalog:courses")
    assert first.applied
    assert first.revision.author == "amina"
    assert again.counts() == {"unchanged": 2}
    assert again.revision is None
    (row,) = changed.changed
    assert (row.field, row.before, row.after) == ("duration", 120, 180)
    assert len(changed.added) == 1
    assert len(stored.assets) == 3


def test_what_the_source_lacks_stays_unless_sync_is_asked_for() -> None:
    before: Any = import_catalog(_named(HEAD + BODY)).document
    shorter = _named(HEAD + BODY.splitlines()[0])
    plan = import_catalog(shorter, before=before)
    assert [row.asset for row in plan.missing] == [_assets(import_catalog(_named(HEAD + BODY)))["A-2"].id]
    assert len(_assets(plan)) == 2
    synced = import_catalog(shorter, before=before, sync=True)
    assert [row.action for row in synced.missing] == ["removed"]
    assert len(_assets(synced)) == 1


def test_an_empty_cell_keeps_what_is_known() -> None:
    before: Any = import_catalog(_named(HEAD + BODY)).document
    plan = import_catalog(_named(HEAD + "A-1,Data quality,,,active\nA-2,Negotiation,2,,active\n"), before=before)
    assert not plan.changed
    assert _assets(plan)["A-1"].duration == 90


def test_a_dry_run_writes_nothing() -> None:
    with Store("sqlite://") as store:
        plan = import_catalog(_named(HEAD + BODY), into=store, apply=False)
        assert not store.documents()
        applied = plan.apply()
        assert applied.applied
        assert store.documents()
    with pytest.raises(ValueError, match="no store"):
        import_catalog(_named(HEAD + BODY)).apply()


def test_tags_become_proposals_by_label_other_label_and_likeness() -> None:
    text = HEAD + "A-1,T,1,structured query language; statistics; Negotiation skill; Juggling,active\n"
    plan = import_catalog(_named(text), framework=FRAMEWORK)
    found = {item.target: (item.state, item.method) for item in _assets(plan)["A-1"].alignments}
    assert found == {
        "cap:sql": ("proposed", "tag: other label"),
        "cap:stats": ("proposed", "tag: same label"),
        "cap:neg": ("proposed", "tag: similar label"),
    }
    assert len([row for row in plan.records if row.action == "proposed"]) == 3


def test_the_verdicts_of_people_survive_every_import() -> None:
    plan = import_catalog(_named(HEAD + BODY), framework=FRAMEWORK)
    id_ = _assets(plan)["A-1"].id
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    shared = {"kind": "alignment", "subject": id_, "by": "amina", "at": at}
    verdicts = [
        Decision(**shared, object="cap:sql", verdict="accepted", level_to=2),
        Decision(**shared, object="cap:stats", verdict="rejected"),
    ]
    decisions = Decisions(id="decisions:a", decisions=verdicts)
    decided: Any = import_catalog(_named(HEAD + BODY), framework=FRAMEWORK, decisions=decisions).document
    again = import_catalog(_named(HEAD + BODY), before=decided, framework=FRAMEWORK)
    documents: list[Any] = [decided, again.document]
    for document in documents:
        found = {item.target: item.state for asset in document.assets for item in asset.alignments if asset.id == id_}
        assert found == {"cap:sql": "accepted", "cap:stats": "rejected"}
    assert not again.changed


def test_rejected_records_come_back_in_the_layout_of_their_source(tmp_path: Path) -> None:
    text = HEAD + BODY + ",=Formula title,1,SQL,active\nA-9,,1,SQL,active\n"
    plan = import_catalog(_named(text))
    (path,) = plan.write_rejected(tmp_path)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    assert rows[0][:5] == HEAD.strip().split(",")
    assert rows[1][1] == "'=Formula title"
    assert [row[6] for row in rows[1:]] == ["missing-id", "missing-title"]
    fixed = path.read_text("utf-8-sig").replace(",'=Formula", "A-8,'=Formula", 1).replace("A-9,,", "A-9,Fixed,", 1)
    again = import_catalog(_named(fixed, "rejected.csv"))
    assert {key: asset.title for key, asset in _assets(again).items()} == {"A-8": "=Formula title", "A-9": "Fixed"}
    assert import_catalog(_named(HEAD + BODY)).write_rejected(tmp_path / "none") == []


def test_one_row_for_each_skill_is_one_course() -> None:
    text = HEAD + "A-1,Data quality,1.5,SQL,active\nA-1,Data quality,1.5,Statistics,active\n"
    plan = import_catalog(_named(text))
    assert _assets(plan)["A-1"].keywords == ("SQL", "Statistics")
    assert plan.counts() == {"added": 1, "merged": 1}


@pytest.mark.parametrize("text", ["A-1 and (" * 600, "A-1, (A-1 or " * 600, '{""all"": [' * 2000])
def test_brackets_without_end_are_kept_as_text(text: str) -> None:
    plan = import_catalog(_named(f'Course ID,Course Title,Prerequisites\nA-1,Data quality,"{text}"\n'))
    asset = _assets(plan)["A-1"]
    assert asset.prerequisites is None
    assert len(asset.extensions["csv"]["prerequisites"]) > 1000


@pytest.mark.parametrize("text", ["fields = 3", "[fields]\ntitle = 1", "columns = 'Title'"])
def test_a_profile_without_its_tables_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="stands where a table does"):
        parse_profile(text)


@pytest.mark.parametrize(("column", "cell"), [("Price", "1e400"), ("Price", "9" * 40), ("Duration", "1e400")])
def test_quantities_beyond_all_bounds_are_told(column: str, cell: str) -> None:
    plan = import_catalog(_named(f"Course ID,Course Title,{column}\nA-1,Data quality,{cell}\n"))
    assert any("unreadable" in row.reason for row in plan)
    assert list(_assets(plan)) == ["A-1"]


def test_prerequisites_become_conditions_and_their_oddities_are_told() -> None:
    head = "Code,Title,Prerequisites\n"
    text = head + (
        "C 1,One,C 3\nC 2,Two,C 1 and (C 3 or XY 9)\nC 3,Three,One; C 3\nC 4,Four,two of C 1, C 2, C 3\n"
        "C 5,Five,None\nC 6,Six,Some experience with spreadsheets\n"
    )
    plan = import_catalog(_named(text.replace("two of C 1, C 2, C 3", '"two of C 1, C 2, C 3"')))
    assets = _assets(plan)
    ids = {key: asset.id for key, asset in assets.items()}
    assert assets["C 1"].prerequisites.asset == ids["C 3"]
    assert assets["C 2"].prerequisites.all_of[0].asset == ids["C 1"]
    assert assets["C 2"].prerequisites.all_of[1].any_of[0].asset == ids["C 3"]
    assert assets["C 3"].prerequisites.asset == ids["C 1"]
    assert (assets["C 4"].prerequisites.at_least, len(assets["C 4"].prerequisites.of)) == (2, 3)
    assert assets["C 5"].prerequisites is None
    assert assets["C 6"].extensions["csv"]["prerequisites"] == "Some experience with spreadsheets"
    told = {row.reason: row.after for row in plan.records if row.action == "remark"}
    assert told["dangling-prerequisite"] == "XY 9"
    assert told["prerequisite-cycle"] == "C 1 → C 3 → C 1"
    assert "requires-itself" in told


def test_the_same_course_in_two_systems_stays_two_and_is_suspected() -> None:
    left = {"alpha.csv": (HEAD + BODY).encode()}
    right = {"beta.csv": b"Code,Name\nZ1,DATA QUALITY (2025)\n"}
    plan = import_catalog([left, right], catalog="catalog:all")
    assert len(_assets(plan)) == 3
    assert [row.reason for row in plan.duplicates] == ["same-title"]


def test_a_course_of_another_catalog_of_the_store_is_suspected() -> None:
    with Store("sqlite://") as store:
        import_catalog({"alpha.csv": (HEAD + BODY).encode()}, into=store)
        plan = import_catalog({"beta.csv": b"Code,Name\nZ1,Negotiation\nZ2,Weaving\n"}, into=store)
    (row,) = plan.duplicates
    assert (row.action, row.reason, row.before) == ("suspected", "same-title", "Negotiation")


def test_a_broken_file_among_others_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + BODY, "utf-8")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 cut")
    (tmp_path / "c.xml").write_text('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "utf-8")
    plan = import_catalog(tmp_path)
    assert len(plan.added) == 2
    assert {(row.source, row.reason) for row in plan.rejected} == {
        ("b.xlsx", "damaged-archive"),
        ("c.xml", "hostile-xml"),
    }


def test_hostile_and_missing_sources_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../evil.csv", HEAD)
    with pytest.raises(ParseError, match="leads out of the archive"):
        import_catalog(stream.getvalue())
    with pytest.raises(ParseError, match="neither a file nor a folder"):
        import_catalog(tmp_path / "none.csv")
    with pytest.raises(ParseError, match="no table of courses"):
        import_catalog(_named("Amount,Sum\n1,2\n3,4\n"))


def test_a_zip_of_exports_is_read_like_a_folder() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("one/a.csv", HEAD + BODY)
        archive.writestr("two/b.json", json.dumps([{"code": "J1", "name": "From JSON", "tags": ["x", "y"]}]))
    plan = import_catalog({"all.zip": stream.getvalue()})
    assert _assets(plan)["J1"].keywords == ("x", "y")
    assert len(plan.added) == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"data": {"items": [{"courseId": "X1", "courseTitle": "T", "timeRequired": "PT1H"}]}}'),
        ("a.jsonl", '{"courseId": "X1", "courseTitle": "T", "timeRequired": "PT1H"}\n'),
        ("a.xml", "<all><course id='X1'><title>T</title><duration>60 min</duration></course></all>"),
        (
            "a.html",
            (
                "<html><head><script type='application/ld+json'>"
                '{"@graph": [{"@type": "Course", "courseCode": "X1", "name": "T", "timeRequired": "PT1H"}]}'
                "</script></head></html>"
            ),
        ),
    ],
)
def test_nested_records_are_found(name: str, text: str) -> None:
    asset = _assets(import_catalog(_named(text, name)))["X1"]
    assert (asset.title, asset.duration) == ("T", 60)


def test_rows_and_columns_can_be_given() -> None:
    plan = import_catalog([{"Kurs": "Eins", "Zeit": "2"}], columns={"title": "Kurs", "duration": "Zeit"})
    assert _assets(plan)["Eins"].duration == 2
    assert "minutes" in " ".join(plan.notes)


def test_a_profile_states_units_values_and_constants() -> None:
    profile = parse_profile(
        """
        name = "mine"
        required = ["url"]
        [columns]
        id = "K"
        title = "T"
        url = "U"
        kind = "A"
        duration = "D"
        [fields.kind.values]
        job_aid = ["Merkzettel"]
        [fields.duration]
        unit = "day"
        [constants]
        provider = "House"
        """
    )
    text = "K;T;U;A;D\n1;One;https://example.com/1;Merkzettel;2\n2;Two;;x;1\n"
    plan = import_catalog(_named(text), profile=profile)
    asset = _assets(plan)["1"]
    assert (asset.kind, asset.duration, asset.provider, asset.other_ids[0].scheme) == (
        "job_aid",
        960,
        "House",
        "courses",
    )
    assert [row.reason for row in plan.rejected] == ["missing-url"]


def test_a_guessed_profile_reads_the_same_again() -> None:
    plan = import_catalog(_named(HEAD + BODY))
    written = parse_profile(plan.profile().to_toml())
    again = import_catalog(_named(HEAD + BODY), profile=written)
    assert _assets(again) == _assets(plan)
    used = {row.column: row.field for row in plan.explanation() if row.use == "used"}
    assert used["Duration (h)"] == "duration"


def test_wrong_profiles_list_all_that_is_wrong() -> None:
    with pytest.raises(ParseError) as caught:
        parse_profile('nmae = "x"\n[columns]\ntitel = "T"\n[fields.kind]\nvalue = 1\n')
    assert [issue.ids for issue in caught.value.issues] == [("nmae",), ("titel",), ("value",)]
    assert "did you mean 'title'?" in str(caught.value)
    with pytest.raises(ParseError, match="neither a preset nor a file"):
        import_catalog(_named(HEAD + BODY), profile="degree")


def test_presets_are_whole() -> None:
    assert {"cornerstone", "degreed", "percipio", "udemy", "viva"} <= {profile.name for profile in presets()}
    for profile in presets():
        assert parse_profile(profile.to_toml()) == profile


def test_the_plan_is_ordered_and_progress_is_told() -> None:
    calls: list[int] = []
    rows = "".join(f"B-{number},Course {number},1,SQL,active\n" for number in range(2500))
    plan = import_catalog(_named(HEAD + rows), progress=calls.append)
    assert calls == [1000, 2000]
    numbers = [int(row.locator.removeprefix("row:")) for row in plan.added]
    assert numbers == sorted(numbers)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=8)] * 4), max_size=8
    )
)
def test_no_row_is_ever_lost(rows: list[tuple[str, ...]]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["id", "title", "duration", "skills"])
    writer.writerows([*rows, ("end", "The last course", "60", "")])
    plan = import_catalog(_named(stream.getvalue()))
    whole = {"added", "rejected", "duplicate", "ignored", "merged"}
    assert len({row.locator for row in plan.records if row.action in whole}) == plan.records_read


def test_prerequisites_may_be_nested_objects() -> None:
    rows = [
        {"code": "A 1", "title": "One"},
        {"code": "A 2", "title": "Two", "prereqs": "A 1"},
        {
            "code": "A 3",
            "title": "Three",
            "prereqs": {"type": "one", "courses": ["A 1", {"type": "all", "courses": ["A 2", "B 9"]}]},
        },
    ]
    plan = import_catalog(rows)
    assets = _assets(plan)
    tree = assets["A 3"].prerequisites
    assert assets["A 2"].prerequisites.asset == assets["A 1"].id
    assert [part.asset or len(part.all_of) for part in tree.any_of] == [assets["A 1"].id, 2]
    assert {asset.kind for asset in assets.values()} == {"course"}


def test_a_list_kept_by_hand_is_read_with_its_own_words() -> None:
    text = (
        "LEARNING CATALOGUE FY25;;;;\n\nLearning Item;Type;Length;Cost/person;Where\n"
        "Leadership Essentials;Classroom;2 days;€ 1.250,-;Berlin\n;;;;\nIT;;;;\nPython 101;Online;PT4H;kostenlos;\n"
    )
    plan = import_catalog(_named(text))
    assets = _assets(plan)
    assert {row.reason for row in plan.records if row.action == "ignored"} == {"blank", "section-heading"}
    first = assets["Leadership Essentials"]
    assert (first.kind, first.duration, first.cost.amount, first.sites) == ("workshop", 960, 1250, ("Berlin",))
    assert (assets["Python 101"].kind, assets["Python 101"].cost.amount) == ("course", 0)


@pytest.mark.parametrize("library", ["pandas", "polars", "lazy polars", "pyarrow", "duckdb", "rows"])
def test_a_data_frame_is_a_table(library: str) -> None:
    """A frame of any library is read as its rows are; what is not a number, or not a time, holds nothing."""
    pd, pl, duckdb = (pytest.importorskip(name) for name in ("pandas", "polars", "duckdb"))
    columns = {
        "Course ID": ["A-1", "A-2"],
        "Title": ["SQL", "Python basics"],
        "Duration (h)": [1.5, float("nan")],
        "Last modified": pd.to_datetime(["2026-01-31", None]),
    }
    frame = pd.DataFrame(columns)
    given: Any = {
        "pandas": lambda: frame,
        "polars": lambda: pl.from_pandas(frame),
        "lazy polars": lambda: pl.from_pandas(frame).lazy(),
        "pyarrow": lambda: pl.from_pandas(frame).to_arrow(),
        "duckdb": lambda: duckdb.from_df(frame),
        "rows": lambda: frame.to_dict("records"),
    }[library]()
    assets = _assets(import_catalog(given))
    assert [(assets[key].duration, assets[key].modified) for key in ("A-1", "A-2")] == [
        (90, dt.date(2026, 1, 31)),
        (None, None),
    ]
