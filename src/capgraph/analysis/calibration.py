"""Calibration: how a score becomes the probability that a person would agree."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from capgraph.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

_RIDGE = 1.0
_STEPS = 50
_VERBATIM = 0.999


@dataclass(frozen=True, slots=True)
class Signals:
    """What the confidence of one match rests on."""

    score: float
    """The score that ranks it, 0 or more."""
    complete: float
    """The covered share of the label times how tightly its words stand together, 0 to 1."""
    likeness: float = 0.0
    """The cosine of text and label in the embedding, 0 without one."""
    words: int = 0
    """How many words the matched label has."""

    def row(self) -> tuple[float, ...]:
        """Return the numbers of the logistic model, the constant first."""
        verbatim = self.complete > _VERBATIM
        phrase, word = float(verbatim and self.words > 1), float(verbatim and self.words == 1)
        return 1.0, self.score, self.complete, phrase, word, self.likeness


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model from the signals of a match to the probability that it is right.

    Examples
    --------
    >>> weak, strong = Signals(0.5, 0.2), Signals(3.0, 1.0, words=2)
    >>> model = Calibration.fitted([weak] * 20 + [strong] * 20, [False] * 18 + [True] * 20 + [False] * 2)
    >>> model.confidence(weak) < 0.5 < model.confidence(strong)
    True
    """

    weights: tuple[float, ...]
    """The weights of `Signals.row`."""

    def confidence(self, signals: Signals) -> float:
        """Return the probability that a match is right, from 0 to 1."""
        total = sum(weight * value for weight, value in zip(self.weights, signals.row(), strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    @classmethod
    def fitted(cls, signals: Sequence[Signals], right: Sequence[bool]) -> Calibration:
        """Return the model that fits labelled matches best, with a small ridge so that few rows do not mislead.

        Parameters
        ----------
        signals : sequence of Signals
            The signals of labelled matches; at least one.
        right : sequence of bool
            Whether each is right.

        Raises
        ------
        ValueError
            When there are no matches, or not one verdict for each.

        Notes
        -----
        Newton's method; linear in the matches.
        """
        if not signals or len(signals) != len(right):
            message = (
                f"{len(signals)} matches and {len(right)} verdicts cannot be fitted; give one verdict for each match"
            )
            raise ArgumentError(message)
        rows = np.array([one.row() for one in signals])
        wanted = np.array(right, float)
        weights = np.zeros(rows.shape[1])
        penalty = np.full(rows.shape[1], _RIDGE)
        penalty[0] = 1e-6
        for _ in range(_STEPS):
            guess = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
            slope = rows.T @ (wanted - guess) - penalty * weights
            curve = (rows * (guess * (1 - guess))[:, None]).T @ rows + np.diag(penalty)
            step = np.linalg.solve(curve, slope)
            weights += step
            if float(np.abs(step).max()) < 1e-8:  # noqa: PLR2004 - converged
                break
        return cls(tuple(round(float(weight), 4) for weight in weights))


def reliability(
    confidence: Sequence[float], right: Sequence[bool], *, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Return, for each tenth of confidence that has matches, its mean confidence, its share of right ones, its size."""
    found = []
    for low in range(bins):
        inside = [
            (value, good)
            for value, good in zip(confidence, right, strict=True)
            if low <= min(int(value * bins), bins - 1) < low + 1
        ]
        if inside:
            mean = sum(value for value, _ in inside) / len(inside)
            found.append((mean, sum(good for _, good in inside) / len(inside), len(inside)))
    return found


def calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error: the mean distance of confidence and share of right ones, by tenths."""
    curve = reliability(confidence, right)
    total = sum(size for _, _, size in curve)
    return sum(abs(mean - share) * size for mean, share, size in curve) / total if total else 0.0


LEXICAL = Calibration((-7.82, 4.8, 0.94, -0.03, -0.15, 0.0))
"""For words alone; fitted to sentences of job advertisements and to course descriptions and tags."""
SEMANTIC = Calibration((-6.96, 2.31, 1.77, 0.23, 0.45, -2.31))
"""For words and the embedding of the ``semantic`` extra, fitted to the same."""
