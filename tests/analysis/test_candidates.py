from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

import capgraph as cg
from capgraph.analysis.candidates import candidates
from capgraph.analysis.corpus import Corpus, hash_text
from capgraph.analysis.entries import entries
from capgraph.analysis.scoring import judge, promising


def asset(place: int, title: str, description: str = "") -> cg.LearningAsset:
    return cg.LearningAsset(id=f"asset:{place:05}", title=title, description=description)


def corpus(*texts: tuple[str, str]) -> Corpus:
    return Corpus(entries(asset(place, title, text) for place, (title, text) in enumerate(texts)))


def pairs(found: Corpus) -> set[tuple[int, int]]:
    lefts, rights = candidates(found)
    return set(zip(lefts.tolist(), rights.tolist(), strict=True))


def near_copies(count: int, seed: int = 3) -> list[tuple[str, str]]:
    """Return texts of which every odd one is a near-copy of the one before it."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    vocabulary = ["".join(draw.choices("abcdefghiklmnoprstu", k=draw.randint(4, 9))) for _ in range(3000)]
    found: list[tuple[str, str]] = []
    for _ in range(count // 2):
        title, words = " ".join(draw.sample(vocabulary, 4)), draw.sample(vocabulary, 40)
        changed = list(words)
        for place in draw.sample(range(40), 4):
            changed[place] = draw.choice(vocabulary)
        other = title.split()
        other[draw.randrange(4)] = draw.choice(vocabulary)
        found += [(title, " ".join(words)), (" ".join(other), " ".join(changed))]
    return found


def test_near_copies_are_candidates() -> None:
    texts = near_copies(1000)
    found = pairs(corpus(*texts))
    planted = {(place, place + 1) for place in range(0, 1000, 2)}
    assert len(planted & found) / len(planted) >= 0.99
    assert len(found) < 20 * len(texts)


def test_short_titles_off_by_one_letter_are_candidates() -> None:
    assert (0, 1) in pairs(corpus(("Existentialism", ""), ("Existentailism", "")))


def test_long_titles_without_descriptions_are_candidates_by_two_rare_words() -> None:
    draw = random.Random(5)  # noqa: S311 - not for secrets
    words = ["".join(draw.choices("abdeghiklmnoprstuv", k=7)) for _ in range(300)]
    fillers = [(" ".join(draw.sample(words, 6)), "") for _ in range(100)]
    left, right = (
        "Quorvex Brindlewick studio deluxe",
        "acme software 10741 quorvex brindlewick studio box for three users",
    )
    assert (0, 1) in pairs(corpus((left, ""), (right, ""), *fillers))
    text = " ".join(words[:40])
    assert (0, 1) not in pairs(corpus((left, text), (right, " ".join(words[40:80])), *fillers))


def test_a_crowd_under_one_key_stays_cheap() -> None:
    assert len(pairs(corpus(*[("Independent Study", f"topic {n}") for n in range(2000)]))) < 40 * 2000


def test_a_key_is_the_same_in_every_process() -> None:
    assert hash_text("title data law") == hash_text("title data law")
    assert hash_text("a") != hash_text("b")
    assert hash_text("title data law") < 2**64


def test_pairs_that_are_passed_over_could_not_reach_a_band() -> None:
    found = corpus(*near_copies(200))
    lefts, rights = candidates(found)
    worth = promising(found, lefts, rights)
    judged = judge(found, lefts[~worth], rights[~worth])
    assert all(one.score < 0.5 for one in judged)


titles = st.lists(
    st.sampled_from(["data", "dtaa", "law", "ethics", "ii", "2025", "for", "managers", "advanced"]), min_size=1
)


@settings(max_examples=80)
@given(titles, titles)
def test_the_score_is_symmetric(left: list[str], right: list[str]) -> None:
    one, other = " ".join(left), " ".join(right)
    scores = []
    for first, second in ((one, other), (other, one)):
        report = cg.duplicates([asset(0, first), asset(1, second)], pairs=[("asset:00000", "asset:00001")])
        scores.append((report.records[0].score, report.records[0].equal, report.records[0].differs))
    assert scores[0] == scores[1]
