"""The bands of scores: from when two entries are called the same."""

from __future__ import annotations

from typing import Literal

Band = Literal["same", "probable", "possible"]
SAME, PROBABLE, POSSIBLE = 0.85, 0.70, 0.50
"""The least score of each band."""
UNSURE = SAME - 0.01
"""The most that a score can be where something speaks against calling a pair the same."""


def band(score: float) -> Band | None:
    """Return the band of a score, or None below all bands.

    Examples
    --------
    >>> band(0.9), band(0.84), band(0.2)
    ('same', 'probable', None)
    """
    if score >= SAME:
        return "same"
    if score >= PROBABLE:
        return "probable"
    return "possible" if score >= POSSIBLE else None
