"""Suggestions from text: what is found, where, how surely; what is left alone; what people have decided."""

# ruff: noqa: RUF001 - texts of several scripts
from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.calibration import Calibration, Signals, calibration_error, reliability
from capgraph.analysis.embedding import UnitVectors, unit_vectors
from capgraph.analysis.matcher import Matcher
from capgraph.analysis.reviewing import accept, reject, with_alignments
from capgraph.analysis.segments import plain_text, segments
from capgraph.analysis.stems import split_compound, terms

AT = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
FRAMEWORK = cg.Framework(
    id="fw:x",
    default_scale="scale:s",
    scales=[
        cg.ProficiencyScale(
            id="scale:s", label="S", levels=[cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in (0, 1, 2, 3)]
        )
    ],
    capabilities=[
        cg.Capability(id="cap:data", label="data", kind="domain"),
        cg.Capability(
            id="cap:modeling", label="data modelling", alternative_labels=["design data models"], broader=["cap:data"]
        ),
        cg.Capability(id="cap:sql", label="SQL", broader=["cap:data"], description="query language of databases"),
        cg.Capability(id="cap:java", label="Java (computer programming)"),
        cg.Capability(id="cap:pm", label="project management", alternative_labels=["manage projects"]),
        cg.Capability(id="cap:agile", label="agile project management"),
        cg.Capability(id="cap:seo", label="search engine optimisation"),
        cg.Capability(id="cap:cpp", label="C++"),
        cg.Capability(id="cap:c", label="C"),
        cg.Capability(id="cap:old", label="punch cards", status="deprecated", replaced_by=["cap:sql"]),
    ],
    behaviors=[
        cg.Behavior(id="beh:m", capability="cap:modeling", level=2, statement="Draws entity relationship diagrams"),
    ],
)


def asset(title: str, description: str = "", *, id_: str = "asset:a", **more: object) -> cg.LearningAsset:
    return cg.LearningAsset(id=id_, title=title, description=description, **more)


def found(title: str, description: str = "", **options: object) -> list[str]:
    options.setdefault("min_confidence", 0.3)
    report = cg.suggest_alignments([asset(title, description)], FRAMEWORK, **options)  # type: ignore[arg-type]
    return [row.capability for row in report]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Designing data models", "cap:modeling"),
        ("Data modeling", "cap:modeling"),
        ("Managing your projects", "cap:pm"),
        ("Java", "cap:java"),
        ("SEO workshop", "cap:seo"),
        ("Modern C++", "cap:cpp"),
        ("Queries in SQL", "cap:sql"),
    ],
)
def test_labels_inflections_qualifiers_and_acronyms_are_found(title: str, expected: str) -> None:
    assert found(title, min_confidence=0.2)[0] == expected


def test_an_acronym_needs_capitals_and_a_sign_is_part_of_a_word() -> None:
    assert "cap:seo" not in found("Mrs. seo tells a story")
    assert "cap:cpp" not in found("Programming in C")


def test_nothing_is_suggested_where_nothing_fits() -> None:
    report = cg.suggest_alignments([asset("Yoga at lunch"), asset("SQL", id_="asset:b")], FRAMEWORK, min_confidence=0.3)
    assert report.abstained == ("asset:a",)
    assert [row.asset for row in report] == ["asset:b"]
    assert "cap:data" not in {row.capability for row in report}, "domains only group"
    assert "cap:old" not in found("Punch cards"), "deprecated entries are not proposed"


def test_a_match_inside_a_longer_complete_one_counts_less() -> None:
    report = cg.suggest_alignments([asset("Agile project management")], FRAMEWORK, min_confidence=0)
    rows = {row.capability: row for row in report}
    assert report.records[0].capability == "cap:agile"
    assert rows["cap:pm"].score < rows["cap:agile"].score * 0.8


def test_the_span_is_the_stretch_of_text_that_holds_the_words() -> None:
    text = "In this course, after data and more data, you learn how models of data are drawn."
    row = cg.suggest_alignments([asset("Course 7", text)], FRAMEWORK, min_confidence=0).records[0]
    assert row.capability == "cap:modeling"
    assert row.span == "models of data"
    assert row.label in {"data modelling", "design data models"}
    assert any("label" in fact.text for fact in row.because)


def test_prerequisites_are_required_and_levels_come_from_the_title() -> None:
    described = asset("Advanced data modelling", "Prerequisites: SQL. You draw diagrams.")
    rows = {row.capability: row for row in cg.suggest_alignments([described], FRAMEWORK, min_confidence=0.2)}
    assert (rows["cap:modeling"].relation, rows["cap:modeling"].level) == ("teaches", 3)
    assert rows["cap:sql"].relation == "requires"
    basic = cg.suggest_alignments([asset("Introduction to SQL")], FRAMEWORK, min_confidence=0.2)
    assert basic.records[0].level == 1
    assert cg.suggest_alignments([asset("SQL")], FRAMEWORK, min_confidence=0.2).records[0].level is None


def test_behaviors_bring_their_level() -> None:
    report = cg.suggest_alignments(
        [asset("Drawing entity relationship diagrams")], FRAMEWORK, of="behaviors", min_confidence=0.3
    )
    row = report.records[0]
    assert (row.capability, row.behavior, row.level, row.target) == ("cap:modeling", "beh:m", 2, "beh:m")


def test_two_capabilities_of_one_label_are_both_offered_and_the_ambiguity_is_said() -> None:
    twins = cg.Framework(
        id="fw:t", capabilities=[cg.Capability(id=f"cap:{n}", label="quality control") for n in (1, 2)]
    )
    report = cg.suggest_alignments([asset("Quality control")], twins, min_confidence=0.3)
    assert [(row.capability, row.ambiguous_with) for row in report] == [("cap:1", ("cap:2",)), ("cap:2", ("cap:1",))]
    alone = twins.replace(capabilities=twins.capabilities[:1])
    sure = cg.suggest_alignments([asset("Quality control")], alone, min_confidence=0.3).records[0]
    assert report.records[0].confidence == pytest.approx(sure.confidence / 2, abs=0.02)


def test_rivals_pass_together_and_a_rejected_one_gives_its_share_back() -> None:
    twins = cg.Framework(
        id="fw:t", capabilities=[cg.Capability(id=f"cap:{n}", label="quality control") for n in (1, 2)]
    )
    both = cg.suggest_alignments([asset("Quality control")], twins, min_confidence=0.9)
    assert [row.confidence < 0.5 for row in both] == [True, True], "that one of them is meant is sure"
    decided = reject([both.records[0]], by="role:x", decisions=cg.Decisions(id="d:x"), at=AT)
    (left,) = cg.suggest_alignments([asset("Quality control")], twins, min_confidence=0.9, decisions=decided)
    assert (left.capability, left.ambiguous_with) == ("cap:2", ())
    assert left.confidence > 0.9


@pytest.mark.parametrize(
    ("language", "label", "text"),
    [
        ("de", "Projekte managen", "Sie lernen Projektmanagement."),
        ("de", "Datenbanken verwalten", "Verwaltung von Datenbanken"),
        ("fr", "gérer des équipes", "Gestion et équipe : gérer une équipe"),
        ("es", "gestión de proyectos", "Curso de gestion de proyecto"),
        ("ru", "управление проектами", "Курс по управлению проектом"),
        ("ja", "データ分析", "このコースではデータ分析を学びます"),
        ("zh", "项目管理", "学习项目管理的方法"),
        ("ko", "데이터 분석", "이 과정에서는 데이터를 분석하는 방법을 배웁니다"),
        ("el", "διαχείριση έργων", "Μαθαίνετε τη διαχείριση ενός έργου"),
        ("ar", "إدارة المشاريع", "تتعلم في هذه الدورة إدارة مشاريع كبيرة"),
        ("he", "ניהול פרויקטים", "קורס בניהול הפרויקטים"),
        ("it", "analisi dei dati", "Corso di analisi dati"),
        ("pl", "zarządzanie projektami", "Kurs zarządzania projektem"),
    ],
)
def test_languages(language: str, label: str, text: str) -> None:
    framework = cg.Framework(
        id="fw:l",
        language=language,
        capabilities=[
            cg.Capability(id="cap:right", label=label),
            cg.Capability(id="cap:wrong", label="Gartenbau 園芸 садоводство"),
        ],
    )
    report = cg.suggest_alignments([asset(text)], framework, min_confidence=0.1)
    assert [row.capability for row in report][:1] == ["cap:right"]


def test_a_compound_is_split_only_into_known_words() -> None:
    known = frozenset({"projekt", "management", "garten"})
    assert split_compound("projektmanagement", known, "de-AT") == ("projekt", "management")
    assert split_compound("gartenhaus", known, "de") == ()
    assert split_compound("projektmanagement", known, "en") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "🙂🙃",
        "<p></p>",
        "<script>alert('SQL')</script>",
        "x" * 1_000_000,
        "data " * 200_000,
        "\u200b\u0301",
        "<" * 5000,
    ],
)
def test_bad_texts_do_no_harm(text: str) -> None:
    report = cg.suggest_requirements(text, FRAMEWORK)
    assert all(0 <= row.confidence <= 1 for row in report)
    assert not [row for row in report if row.capability == "cap:sql"]


def test_markup_is_read_as_text() -> None:
    html = "<ul><li>SQL&nbsp;queries</li><li>data&#32;<b>modelling</b> 🙂</li></ul>"
    report = cg.suggest_requirements(html, FRAMEWORK, min_confidence=0.2)
    assert {row.capability for row in report} == {"cap:sql", "cap:modeling"}
    assert plain_text("a <b>c</b> &lt;d&gt;") == "a  c  <d>"


def test_a_framework_without_labels_to_match_or_without_entries_abstains() -> None:
    bare = cg.Framework(id="fw:e")
    assert cg.suggest_alignments([asset("SQL")], bare).abstained == ("asset:a",)
    signs = cg.Framework(id="fw:e", capabilities=[cg.Capability(id="cap:e", label="— !!! —")])
    assert cg.suggest_alignments([asset("SQL")], signs, embed=lambda texts: np.ones((len(texts), 2))).abstained


@pytest.mark.parametrize(
    ("subject", "target", "prefixes"),
    [
        ("https://example.org/a/1", "https://example.org/c/sql", {}),
        ("x:1", "y:sql", {"x": "https://example.org/a/", "y": "https://example.org/c/"}),
        ("as:1", "ex:sql", {}),
    ],
)
def test_decisions_count_in_any_spelling(subject: str, target: str, prefixes: dict[str, str]) -> None:
    """What was rejected is not proposed again where a document writes IRIs, or has prefixes of its own."""
    framework = cg.Framework(
        id="fw:s", prefixes={"ex": "https://example.org/c/"}, capabilities=[cg.Capability(id="ex:sql", label="SQL")]
    )
    catalog = cg.Catalog(id="cat:s", prefixes={"as": "https://example.org/a/"}, assets=[asset("SQL", id_="as:1")])
    stated = cg.Decision(kind="alignment", subject=subject, object=target, verdict="rejected", by="role:x", at=AT)
    decisions = cg.Decisions(id="dec:s", prefixes=prefixes, decisions=[stated])
    assert len(cg.suggest_alignments(catalog, framework, min_confidence=0.2)) == 1
    left = cg.suggest_alignments(catalog, framework, min_confidence=0.2, decisions=decisions)
    assert (len(left), left.rejected) == (0, 1)


def test_decisions_are_respected_and_teach_labels() -> None:
    catalog = cg.Catalog(id="cat:x", assets=[asset("Slicing numbers"), asset("SQL basics", id_="asset:b")])
    first = cg.suggest_alignments(catalog, FRAMEWORK, min_confidence=0.2)
    decided = reject(first, by="role:curator", decisions=cg.Decisions(id="dec:x"), at=AT)
    chosen = cg.Decision(
        kind="alignment",
        subject="asset:a",
        object="cap:old",
        verdict="accepted",
        by="role:curator",
        at=AT,
        label="slicing numbers",
        level_to=2,
    )
    decided = decided.replace(decisions=[*decided.decisions, chosen])
    again = cg.suggest_alignments(catalog, FRAMEWORK, min_confidence=0.2, decisions=decided)
    assert [(row.asset, row.capability, row.state, row.level) for row in again] == [
        ("asset:a", "cap:sql", "accepted", 2)
    ], "a decision about a replaced capability counts for the one that replaces it"
    assert (again.rejected, again.abstained) == (1, ("asset:b",))
    new = cg.suggest_alignments([asset("Slicing numbers fast", id_="asset:c")], FRAMEWORK, decisions=[decided])
    assert [(row.capability, row.label) for row in new] == [("cap:sql", "slicing numbers")]


def test_an_accepted_link_stays_when_the_text_says_nothing_of_it() -> None:
    chosen = cg.Decision(kind="alignment", subject="asset:a", object="cap:pm", verdict="accepted", by="x", at=AT)
    report = cg.suggest_alignments([asset("Yoga")], FRAMEWORK, decisions=cg.Decisions(id="dec:x", decisions=[chosen]))
    assert [(row.capability, row.state, row.confidence) for row in report] == [("cap:pm", "accepted", 1.0)]
    assert report.abstained == ()


def test_a_later_decision_replaces_an_earlier_one() -> None:
    report = cg.suggest_alignments([asset("SQL")], FRAMEWORK, min_confidence=0.2)
    rejected = reject(report, by="x", decisions=cg.Decisions(id="dec:x"), at=AT)
    accepted = accept(report, by="y", decisions=rejected, at=AT + dt.timedelta(days=1))
    again = cg.suggest_alignments([asset("SQL")], FRAMEWORK, decisions=accepted)
    assert [row.state for row in again] == ["accepted"]


def test_suggestions_become_proposed_alignments_and_nothing_else_changes() -> None:
    own = cg.Alignment(target="cap:pm", relation="teaches", state="rejected")
    catalog = cg.Catalog(id="cat:x", assets=[asset("Project management with SQL", alignments=[own])])
    report = cg.suggest_alignments(catalog, FRAMEWORK, min_confidence=0.1)
    tagged = with_alignments(catalog, report)
    states = {(one.target, one.state) for one in tagged.assets[0].alignments}
    assert ("cap:pm", "rejected") in states
    assert ("cap:pm", "proposed") not in states
    assert ("cap:sql", "proposed") in states
    assert catalog.assets[0].alignments == (own,)


def test_boilerplate_counts_half() -> None:
    shared = "This course is part of our project management"
    assets = [asset(f"Course {n}", f"{shared}.", id_=f"asset:{n:03}") for n in range(100)]
    many = cg.suggest_alignments(assets, FRAMEWORK, min_confidence=0)
    alone = cg.suggest_alignments(assets[:1], FRAMEWORK, min_confidence=0)
    assert many.records[0].score < alone.records[0].score


def test_an_embedding_finds_what_shares_no_word() -> None:
    def embed(texts: object) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.array([[1.0, 0.0] if "quer" in text or "SQL" in text else [0.0, 1.0] for text in texts])  # type: ignore[attr-defined]

    report = cg.suggest_alignments([asset("Write queries")], FRAMEWORK, embed=embed, min_confidence=0)
    assert report.records[0].capability == "cap:sql"
    assert "meaning" in report.records[0].because[0].text
    with pytest.raises(ValueError, match="one row for each text"):
        Matcher(FRAMEWORK, embed=lambda _: [1.0])
    with pytest.raises(ValueError, match="'word2vec' is no embedding"):
        Matcher(FRAMEWORK, embed="word2vec")


def test_the_model_of_the_extra_works_offline() -> None:
    assert found("Writing database queries", embed="wordllama", min_confidence=0.0)[0] == "cap:sql"


def test_limits_and_progress() -> None:
    told: list[tuple[int, int]] = []
    report = cg.suggest_alignments(
        [asset("SQL, Java, C++ and project management")],
        FRAMEWORK,
        min_confidence=0,
        limit=2,
        progress=lambda done, total: told.append((done, total)),
    )
    assert (len(report), told) == (2, [(1, 1)])
    with pytest.raises(ValueError, match=r"min_confidence 2 is no share"):
        cg.suggest_alignments([], FRAMEWORK, min_confidence=2)


def test_a_text_tells_which_sentences_found_nothing() -> None:
    report = cg.suggest_requirements("You know SQL. We have a nice garden.", FRAMEWORK, min_confidence=0.2)
    assert [(row.capability, row.relation, row.asset) for row in report] == [("cap:sql", "requires", "text")]
    assert report.abstained == ("We have a nice garden",)


@given(st.permutations(list(FRAMEWORK.capabilities)))
def test_the_order_of_capabilities_changes_nothing(capabilities: list[cg.Capability]) -> None:
    shuffled = FRAMEWORK.replace(capabilities=capabilities)
    text = "SQL, data models, agile project management and Java"
    assert cg.suggest_requirements(text, shuffled).rows() == cg.suggest_requirements(text, FRAMEWORK).rows()


@given(st.text(max_size=300))
def test_any_text_has_spans_inside_it_and_shares_between_0_and_1(text: str) -> None:
    for term in terms(text):
        assert 0 <= term.start < term.end <= len(text)
    for row in cg.suggest_requirements(text, FRAMEWORK, min_confidence=0):
        assert 0 <= row.score <= 1
        assert 0 <= row.confidence <= 1
    assert all(part.text for part in segments(text))


def test_calibration_is_monotone_in_the_score_and_measured_by_tenths() -> None:
    from capgraph.analysis.calibration import LEXICAL, SEMANTIC

    for model in (LEXICAL, SEMANTIC):
        values = [model.confidence(Signals(score / 10, 0.5, 0.3, 2)) for score in range(40)]
        assert values == sorted(values)
    curve = reliability([0.05, 0.95, 0.95, 1.0], [False, True, True, False])
    assert [(round(mean, 3), round(share, 3), size) for mean, share, size in curve] == [
        (0.05, 0.0, 1),
        (0.967, 0.667, 3),
    ]
    assert calibration_error([0.5, 0.5], [True, False]) == 0
    with pytest.raises(ValueError, match="cannot be fitted"):
        Calibration.fitted([], [])


@pytest.mark.parametrize("texts", [1, 5, 16, 17])
@pytest.mark.parametrize("names", [1, 127, 128, 129])
def test_cosines_in_blocks_are_those_of_the_whole(names: int, texts: int) -> None:
    rng = np.random.default_rng(names)
    held, asked = (unit_vectors(lambda rows: rng.normal(size=(len(rows), 256)), ["a"] * n) for n in (names, texts))
    cosines = UnitVectors(held).to(asked)
    assert cosines.shape == (texts, names)
    assert np.allclose(cosines, np.maximum(asked @ held.T, 0.0), atol=1e-6)


def sureness(assets: list[cg.LearningAsset]) -> float:
    rows = cg.suggest_alignments(assets, FRAMEWORK, min_confidence=0.0)
    return next(row.confidence for row in rows if (row.asset, row.capability) == ("asset:a", "cap:sql"))


def test_a_word_of_the_title_counts_less_where_the_rest_of_the_text_is_silent_about_it() -> None:
    alone, silent = sureness([asset("Tables in SQL")]), sureness([asset("Tables in SQL", "Of wood, with four legs.")])
    assert silent < alone
    assert sureness([asset("Tables in SQL", keywords=("Carpentry",))]) == silent
    assert sureness([asset("Tables in SQL", "The legs of SQL.")]) == alone
    assert sureness([asset("Tables in SQL", "tables in sql")]) == alone


def test_boilerplate_confirms_no_title() -> None:
    shared = "SQL and tables and chairs are the pride of all our learners"
    others = [asset("Yoga", shared, id_=f"asset:{n}") for n in range(6)]
    course = asset("Tables in SQL", f"Of wood, with four legs. {shared}.")
    assert sureness([course, *others]) < sureness([course])


@pytest.mark.parametrize(
    "options",
    [
        {"limit": 0},
        {"limit": -1},
        {"min_confidence": float("nan")},
        {"min_confidence": 2},
        {"of": "skills"},
        {"embed": "bert"},
        {"embed": lambda texts: [[str(len(texts)), "x"]]},
    ],
)
def test_options_without_a_meaning_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"give|use|return"):
        cg.suggest_requirements("SQL", FRAMEWORK, **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"give|use|return"):
        cg.suggest_crosswalk(FRAMEWORK, FRAMEWORK, **options)  # type: ignore[arg-type]
