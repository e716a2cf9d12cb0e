"""Differences of two figures, with the interval that the numbers allow."""

from __future__ import annotations

import math
from statistics import NormalDist, fmean, variance
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENOUGH = 3


class Difference(NamedTuple):
    """A difference and its interval."""

    value: float
    """After less before."""
    low: float | None
    """The lower end of the interval; None where the numbers allow none."""
    high: float | None
    """The upper end."""


def of_shares(pairs: Sequence[tuple[bool, bool]], *, level: float = 0.95) -> Difference | None:
    """Return how much the share of people who show something differs between two looks at the same people.

    The interval is Newcombe's hybrid score interval for paired proportions (method 10), which stays within -1 and 1 and
    holds for small groups.

    Parameters
    ----------
    pairs : sequence of (bool, bool)
        For each person whether it was shown before, and after.
    level : float
        The level of the interval, between 0 and 1.

    Returns
    -------
    Difference or None
        None without people.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial proportions based on
    paired data. *Statistics in Medicine* 17, 2635-2650.

    Examples
    --------
    >>> found = of_shares([(True, True)] * 36 + [(True, False)] * 12 + [(False, True)] * 2)
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (-0.2, -0.34, -0.057)
    """
    n = len(pairs)
    if n == 0:
        return None
    both, lost, won, none = (
        sum(pair == kind for pair in pairs) for kind in ((True, True), (True, False), (False, True), (False, False))
    )
    before, after = (both + lost) / n, (both + won) / n
    (low_before, high_before), (low_after, high_after) = _wilson(before, n, level), _wilson(after, n, level)
    phi = _phi(both, lost, won, none)
    down = math.sqrt(_spread(after - low_after, high_before - before, phi))
    up = math.sqrt(_spread(high_after - after, before - low_before, phi))
    return Difference(after - before, after - before - down, after - before + up)


def of_means(before: Sequence[float], after: Sequence[float], *, level: float = 0.95) -> Difference | None:
    """Return how much the mean of some readings differs from the mean of earlier ones.

    The interval is Welch's, from three readings on each side; it takes readings for independent, which readings of one
    metric over time are only in part.

    Parameters
    ----------
    before, after : sequence of float
        The readings.
    level : float
        The level of the interval, between 0 and 1.

    Returns
    -------
    Difference or None
        None where one side has no readings.

    Examples
    --------
    >>> of_means([10.0, 12.0], [7.0])
    Difference(value=-4.0, low=None, high=None)
    """
    if not before or not after:
        return None
    value = fmean(after) - fmean(before)
    if min(len(before), len(after)) < _ENOUGH:
        return Difference(value, None, None)
    parts = [variance(side) / len(side) for side in (before, after)]
    total = sum(parts)
    if total == 0:
        return Difference(value, value, value)
    from scipy.stats import t

    freedom = total**2 / sum(part**2 / (len(side) - 1) for part, side in zip(parts, (before, after), strict=True))
    reach = float(t.ppf((1 + level) / 2, freedom)) * math.sqrt(total)
    return Difference(value, value - reach, value + reach)


def _wilson(share: float, n: int, level: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    middle = share + z * z / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def _phi(both: int, lost: int, won: int, none: int) -> float:
    """Return the correlation of both looks, corrected for continuity; 0 where one look has no variation."""
    product = (both + lost) * (won + none) * (both + won) * (lost + none)
    if product == 0:
        return 0.0
    crossed = both * none - lost * won
    n = both + lost + won + none
    corrected = max(crossed - n / 2, 0) if crossed > 0 else crossed
    return corrected / math.sqrt(product)


def _spread(one: float, other: float, phi: float) -> float:
    """Return the squared reach of the interval to one side."""
    return max(0.0, one * one - 2 * phi * one * other + other * other)
