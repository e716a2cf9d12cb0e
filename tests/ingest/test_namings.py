"""What the names of columns say."""

from __future__ import annotations

import pytest

from capgraph.ingest.namings import cores, counted, folded, forms


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Nombre_curso", ["nombre"]),
        ("título del curso", ["titulo"]),
        ("idFormation", ["id"]),
        ("dureeFormation", ["duree"]),
        ("nomsFormations", ["noms", "nom"]),
        ("Title EN", ["title"]),
        ("primary_language", ["language"]),
        ("nome da disciplina", ["nome"]),
        ("hours of training", ["hours", "hour"]),
        ("course", []),
        ("Kurs", []),
        ("descricao_curta", ["descricao"]),
        ("average course rating", ["rating"]),
        ("number of courses", []),
        ("Nombre de cours", []),
        ("title", []),
    ],
)
def test_the_subject_goes_without_saying(name: str, said: list[str]) -> None:
    assert list(cores(name)) == said


def test_counts_are_of_what_is_counted() -> None:
    assert list(counted("n_enrolled")) == ["enrolled", "enrolleds"]
    assert list(counted("Number of Students")) == ["students"]
    assert list(counted("students")) == list(counted("number")) == []


def test_accents_make_no_difference_and_other_marks_do() -> None:
    assert folded("Durée") == "duree"
    assert folded("ガイド") != folded("カイト")


def test_the_exact_form_comes_last() -> None:
    assert forms("Course Duration (hours)", None)[-1] == "course duration (hours)"
