"""What catalogs of universities do to duplicates: departments, levels, cross-listings, stubs and forms of courses."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

import capgraph as cg

if TYPE_CHECKING:
    from capgraph.analysis.pairs import DuplicateRow

DEPARTMENTS = (
    "ANTH",
    "ART",
    "BIO",
    "CHEM",
    "ECON",
    "ENGL",
    "GEOL",
    "HIST",
    "LING",
    "MATH",
    "MUS",
    "PHIL",
    "PSY",
    "SOC",
)
TEXT = (
    "How sound carries meaning, from the physics of vowels to the grammar of tone, with field recordings of four "
    "languages and a small corpus that each student transcribes."
)
OTHER = (
    "Proofs, counterexamples and the habits of careful argument, practised on numbers, graphs and simple geometry "
    "before the abstract algebra of the second year."
)


def course(code: str, title: str, description: str = "") -> cg.LearningAsset:
    return cg.LearningAsset(id="course:" + code.replace(" ", "-"), title=title, description=description, notation=code)


def catalog() -> list[cg.LearningAsset]:
    """Return courses of many departments, each with a text of its own."""
    draw = random.Random(4)  # noqa: S311 - not for secrets
    letters = "abdeghiklmnoprstuv"
    words = ["".join(draw.choices(letters, k=draw.randint(5, 9))) for _ in range(400)]
    return [
        course(f"{name} {900 + place}", " ".join(draw.sample(words, 3)), " ".join(draw.sample(words, 25)))
        for name in DEPARTMENTS
        for place in range(3)
    ]


def judged(left: cg.LearningAsset, right: cg.LearningAsset) -> DuplicateRow:
    """Return the verdict on two courses in a catalog of many departments."""
    report = cg.duplicates([left, right, *catalog()], pairs=[(left.id, right.id)])
    return report.records[0]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("LING 110", "Phonetics of Tone Languages", TEXT), ("ANTH 145", "Phonetics of Tone Languages", TEXT)),
        (("LING 110", "Phonetics of Tone Languages", TEXT), ("ANTH 110", "Phonetics of Tone Languages", "")),
        (("LING 110", "Sound", f"{TEXT} Same as ANTH 145."), ("ANTH 145", "Sound and Meaning", "See LING 110.")),
        (("LING 110", "Sound", TEXT), ("ANTH 145", "Sound", f"{TEXT} (Cross-listed with LING 110.)")),
        (("LING 110", "Tone Languages", TEXT), ("ANTH 145", "Tone Languages", "Same as Linguistics 110.")),
        (("LING 110", "Topics in Phonetics", f"{TEXT} Same as ANTH 245."), ("ANTH 245", "Topics in Phonetics", "")),
        (("LING 110/ANTH 145", "Tone Languages", TEXT), ("SOC 12", "Tone and Language", f"{TEXT} Same as ANTH 145.")),
    ],
)
def test_cross_listed_courses_are_the_same(left: tuple[str, str, str], right: tuple[str, str, str]) -> None:
    assert judged(course(*left), course(*right)).band == "same"


@pytest.mark.parametrize(
    ("left", "right", "differs"),
    [
        (("LING 110", "Tone Languages", TEXT), ("ANTH 245", "Tone Languages", TEXT), "course level"),
        (("LING 110", "Tone Languages", TEXT), ("LING 210", "Tone Languages", TEXT), "course level"),
        (("LING 110", "Tone Languages", TEXT), ("LING 112", "Tone Languages", TEXT), ""),
        (("LING 110", "Tone Languages I", TEXT), ("ANTH 110", "Tone Languages II", TEXT), "part"),
        (("LING 110", "Tone Languages", TEXT), ("ANTH 110", "Honors Tone Languages", TEXT), "level"),
        (("LING 110", "Tone Languages", TEXT), ("ANTH 110", "Tone Languages Laboratory", TEXT), "session"),
        (("LING 110", "Tone Languages Lecture", TEXT), ("ANTH 110", "Tone Languages Lab", TEXT), "session"),
        (("LING 110", "Tone Languages", TEXT), ("ANTH 110", "Tone Languages", OTHER), ""),
        (
            ("LING 110", "Tone Languages", f"{TEXT} No credit for both LING 110 and MATH 140."),
            ("MATH 140", "Languages of Tone and Number", OTHER),
            "",
        ),
    ],
)
def test_look_alikes_are_not_the_same(left: tuple[str, str, str], right: tuple[str, str, str], differs: str) -> None:
    row = judged(course(*left), course(*right))
    assert row.band != "same"
    assert not differs or differs in row.differs


def test_shared_credit_makes_a_pair_worth_a_look() -> None:
    left = course("LING 110", "Tone Languages", f"{TEXT} No credit for both LING 110 and MATH 140.")
    row = judged(left, course("MATH 140", "Vowels", OTHER))
    assert row.band == "possible"
    assert any("no credit for both" in fact.text for fact in row.because)


@pytest.mark.parametrize(
    "title", ["Independent Study", "Special Topics", "Thesis Research", "Special Projects: Writing"]
)
@pytest.mark.parametrize("description", ["", "Arranged with a member of the faculty. Consent of the department."])
def test_forms_of_courses_are_no_content(title: str, description: str) -> None:
    assets = [course(f"{name} 199", title, description) for name in DEPARTMENTS]
    assert cg.duplicates([*assets, *catalog()]).same == 0


def test_a_stub_that_says_see_is_no_text_to_compare() -> None:
    left = course("LING 110", "Tone", "See ANTH 145.")
    row = judged(left, course("SOC 30", "Vowels", "See ANTH 145."))
    assert row.score < 0.5
