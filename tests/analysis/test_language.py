"""The language of a text, and labels of that language first."""

# ruff: noqa: RUF001 - texts of several scripts
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.language import language_of
from capgraph.analysis.matcher import Matcher
from capgraph.analysis.segments import in_languages, segments

LABELS = {
    "en": ("manage databases", "bread baking"),
    "de": ("Datenbanken verwalten", "Brot backen"),
    "fr": ("gérer des bases de données", "boulangerie"),
    "es": ("gestionar bases de datos", "panadería"),
    "el": ("διαχείριση βάσεων δεδομένων", "αρτοποιία"),
    "ru": ("управление базами данных", "выпечка хлеба"),
    "ar": ("إدارة قواعد البيانات", "خبز الخبز"),
    "zh": ("数据库管理", "面包烘焙"),
    "ja": ("データベース管理", "パン作り"),
}
TEXTS = {
    "en": "You will learn how to manage the databases of a company.",
    "de": "Sie lernen, wie man die Datenbanken der Firma verwaltet.",
    "fr": "Vous apprenez à gérer les bases de données de l'entreprise.",
    "es": "En el curso aprenderá a gestionar las bases de datos de la empresa.",
    "el": "Θα μάθετε τη διαχείριση των βάσεων δεδομένων.",
    "ru": "На курсе вы изучите управление базами данных.",
    "ar": "سوف تتعلم إدارة قواعد البيانات",
    "zh": "本课程学习数据库管理的方法",
    "ja": "このコースではデータベース管理を学びます",
}


def capability(place: int) -> cg.Capability:
    own, *others = LABELS
    translations = [cg.model.Translation(language=one, label=LABELS[one][place]) for one in others]
    return cg.Capability(id=f"cap:{place}", label=LABELS[own][place], translations=translations)


MANY = cg.Framework(id="fw:many", capabilities=[capability(0), capability(1)])


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_sentence_is_told(language: str) -> None:
    assert language_of(TEXTS[language]) == language
    assert language_of(TEXTS[language], among=[*LABELS]) == language


@pytest.mark.parametrize("text", ["", "SQL", "🙂 42", "\u200b", "xxxx"])
def test_a_text_that_does_not_tell_has_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_only_possible_languages_are_told() -> None:
    assert language_of("Gestão de projetos para todos os que trabalham", among=["es", "en-GB"]) == "es"
    assert language_of("データ", among=["en", "de"]) == ""


@given(st.text(max_size=200))
def test_any_text_has_at_most_one_language(text: str) -> None:
    assert language_of(text) == "" or len(language_of(text)) == 2
    assert language_of(text, among=["de"]) in {"", "de"}


@pytest.mark.parametrize("language", TEXTS)
def test_labels_of_the_language_of_the_text_are_matched(language: str) -> None:
    best = cg.suggest_requirements(TEXTS[language], MANY, min_confidence=0).records[0]
    assert best.capability == "cap:0"
    assert best.label == LABELS[language][0]
    assert best.capability_label == "manage databases"


def test_labels_of_the_language_of_the_text_come_first_and_others_are_fallen_back_to() -> None:
    gift = cg.Capability(id="cap:poison", label="poisons", translations=[
        cg.model.Translation(language="de", label="Gift")])  # fmt: skip
    present = cg.Capability(id="cap:present", label="gift")
    framework = cg.Framework(id="fw:gift", capabilities=[gift, present])
    german = cg.suggest_requirements(
        "Sie kennen die Wirkung von Gift und anderen Stoffen.", framework, min_confidence=0
    )
    english = cg.suggest_requirements("You will choose a gift for each of the guests.", framework, min_confidence=0)
    assert [row.capability for row in german][:2] == ["cap:poison", "cap:present"], "the other one is still offered"
    assert german.records[0].score > german.records[1].score
    assert english.records[0].capability == "cap:present"


def test_each_segment_of_a_mixed_text_has_its_own_language() -> None:
    text = "You will learn to manage the team. Sie lernen, wie man Brot und Kuchen backen kann. SQL."
    assert [one.language for one in in_languages(list(segments(text)), ["en", "de"])][:2] == ["en", "de"]
    found = cg.suggest_requirements(
        f"{TEXTS['en']} {TEXTS['ja']}。 Sie werden mit uns Brot backen.", MANY, min_confidence=0.1
    )
    assert {row.capability for row in found} == {"cap:0", "cap:1"}


def test_a_title_that_does_not_tell_is_read_in_several_languages_or_in_that_of_the_asset() -> None:
    title = cg.LearningAsset(id="asset:t", title="Brot backen")
    assert cg.suggest_alignments([title], MANY, min_confidence=0).records[0].label == "Brot backen"
    stated = title.replace(language="de-AT")
    assert cg.suggest_alignments([stated], MANY, min_confidence=0).records[0].label == "Brot backen"
    assert [one.language for one in in_languages(list(segments("SQL", language="de-AT")), ["en", "de"])] == ["de-AT"]


def test_languages_of_labels_are_known() -> None:
    lexicon = Matcher(MANY).lexicon
    assert lexicon.languages[0] == "en"
    assert set(lexicon.languages) == set(LABELS)


def test_a_tag_read_in_several_languages_is_named_as_a_whole() -> None:
    tagged = cg.LearningAsset(id="asset:t", title="Kurs", keywords=["Datenbanken verwalten"])
    row = cg.suggest_alignments([tagged], MANY, min_confidence=0).records[0]
    assert (row.capability, row.label) == ("cap:0", "Datenbanken verwalten")
    assert row.score > 0.5
