"""Invented catalogs for the benches: words by Zipf's law, and near-copies of a known share of the assets."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

import capgraph as cg

if TYPE_CHECKING:
    from collections.abc import Iterator

SYLLABLES = [first + second for first in "bdfgklmnprst" for second in ("a", "e", "i", "o", "u", "an", "er")]
VOCABULARY = 40_000
WRAPPING = ("[NEW] {}", "{} (online)", "{} 2025", "2026 {}", "Introduction to {}", "{}: a practical course", "{}")
COPIES = 0.15
TYPING_ERRORS = 0.2


def words(seed: int = 7) -> list[str]:
    """Return the vocabulary, the commonest word first."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(draw.choices(SYLLABLES, k=draw.randint(2, 4)))] = None
    return list(found)


def texts(count: int, *, seed: int = 11) -> Iterator[tuple[str, str]]:
    """Yield titles and descriptions; every seventh or so is a near-copy of one of the last thousand."""
    vocabulary = words()
    numbers = np.random.default_rng(seed)
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    recent: list[tuple[str, str]] = []
    for _ in range(count):
        if recent and draw.random() < COPIES:
            title, description = _near_copy(*draw.choice(recent), draw, vocabulary)
        else:
            places = numbers.zipf(1.25, 90)
            drawn = [vocabulary[place % VOCABULARY] for place in places]
            title = " ".join(vocabulary[200 + int(place)] for place in numbers.integers(0, 8_000, draw.randint(3, 6)))
            description = " ".join(drawn[: draw.randint(25, 60)]).capitalize() + "."
            recent.append((title, description))
            del recent[:-1000]
        yield title.title(), description


def _near_copy(title: str, description: str, draw: random.Random, vocabulary: list[str]) -> tuple[str, str]:
    """Return the texts with another wrapping, a typing error or other words."""
    copied = description.split()
    for _ in range(draw.randint(0, 4)):
        copied[draw.randrange(len(copied))] = draw.choice(vocabulary)
    title = draw.choice(WRAPPING).format(title)
    if draw.random() < TYPING_ERRORS:
        place = draw.randrange(len(title) - 1)
        title = title[:place] + title[place + 1] + title[place] + title[place + 2 :]
    return title, " ".join(copied)


def assets(count: int, *, seed: int = 11) -> Iterator[cg.LearningAsset]:
    """Yield assets with these titles and descriptions."""
    for number, (title, description) in enumerate(texts(count, seed=seed)):
        yield cg.LearningAsset(id=f"asset:{number:07}", title=title, description=description)
