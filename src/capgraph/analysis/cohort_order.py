"""In which order a cohort takes its assets: everybody together where that works, else in waves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.plan_order import Waits, gained, may_start, side_by_side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capgraph.analysis.plan_model import Atom, Offer


class Session(NamedTuple):
    """What it takes to run an asset once."""

    price: float = 0.0
    """The fixed cost."""
    seats: int | None = None
    """How many learners fit in; None for no limit."""
    facilitator_minutes: float = 0.0
    """The time of facilitators."""

    def most(self, learners: int) -> int:
        """Return how many sessions so many learners need."""
        return min(1, learners) if self.seats is None else math.ceil(learners / max(1, self.seats))

    @property
    def is_free(self) -> bool:
        """Whether another session takes nothing from anybody, so that learners need not come together."""
        return self.price == 0 and self.facilitator_minutes == 0


class Choice(NamedTuple):
    """What one learner takes."""

    held: frozenset[Atom]
    """What the learner holds at first."""
    offers: tuple[Offer, ...]
    """The assets."""
    waits: Waits
    """The gains that count on a start which is not held at first."""


class Wave(NamedTuple):
    """Some learners who take an asset at one time."""

    step: int
    """The place in the order, from 1."""
    asset: str
    """The asset."""
    people: tuple[str, ...]
    """The learners, sorted."""
    sessions: int
    """How many sessions they fill."""


class Knot(NamedTuple):
    """Where the learners cannot go on together."""

    people: tuple[str, ...]
    """The learners who are not done, sorted."""
    assets: tuple[str, ...]
    """What they have not taken, sorted."""


class CohortOrder:
    """Puts the choices of a cohort into waves.

    Everything that all its learners can start is run for all of them.  What somebody can start stays startable, so
    that this never spoils anything: where it does not go on, the learners need some assets in opposite orders, which is
    a `Knot`.  Then an asset is split, one that is free to run again before one that is not.

    Parameters
    ----------
    choices : mapping
        What each learner takes.
    sessions : mapping
        What it takes to run each asset.
    paid : mapping
        How many sessions of each asset there are.
    """

    def __init__(self, choices: Mapping[str, Choice], sessions: Mapping[str, Session], paid: Mapping[str, int]) -> None:
        self.knot: Knot | None = None
        self.waves: list[Wave] = []
        self._choices = choices
        self._sessions = sessions
        self._paid = paid
        self._held = {person: set(choice.held) for person, choice in choices.items()}
        self._left = {person: {offer.asset: offer for offer in choice.offers} for person, choice in choices.items()}
        step = 0
        while any(self._left.values()):
            step += 1
            started = self._together() or self._split()
            self._run(step, started)

    def runs(self) -> dict[str, int]:
        """Return how often each asset is run."""
        found: dict[str, int] = {}
        for wave in self.waves:
            found[wave.asset] = found.get(wave.asset, 0) + wave.sessions
        return found

    def _takers(self) -> dict[str, list[str]]:
        """Return who still has to take each asset, by asset."""
        found: dict[str, list[str]] = {}
        for person in sorted(self._left):
            for asset in self._left[person]:
                found.setdefault(asset, []).append(person)
        return {asset: found[asset] for asset in sorted(found)}

    def _startable(self, person: str, among: set[str]) -> set[str]:
        """Return what somebody could start together out of some assets."""
        state, waits = self._held[person], self._choices[person].waits
        ready = [one for one in self._left[person].values() if one.asset in among and may_start(one, state, waits)]
        return {offer.asset for offer in side_by_side(ready, state)}

    def _together(self) -> dict[str, list[str]]:
        """Return every asset that all its learners can start, with them."""
        takers = self._takers()
        among = set(takers)
        while among:
            able = {person: self._startable(person, among) for person in self._left}
            fewer = {asset for asset in among if all(asset in able[person] for person in takers[asset])}
            if fewer == among:
                break
            among = fewer
        return {asset: takers[asset] for asset in sorted(among)}

    def _split(self) -> dict[str, list[str]]:
        """Return an asset with those of its learners who can start it; else whatever the first learner can start."""
        takers = self._takers()
        if self.knot is None:
            self.knot = Knot(tuple(person for person in sorted(self._left) if self._left[person]), tuple(takers))
        able = {
            asset: [person for person in people if asset in self._startable(person, {asset})]
            for asset, people in takers.items()
        }
        options = [asset for asset, people in able.items() if people]
        if options:
            asset = min(options, key=lambda one: (*self._toll(one, len(takers[one]), len(able[one])), one))
            return {asset: able[asset]}
        person = next(one for one in sorted(self._left) if self._startable(one, set(takers)))
        return {asset: [person] for asset in sorted(self._startable(person, set(takers)))}

    def _toll(self, asset: str, everybody: int, some: int) -> tuple[float, int]:
        """Return what it takes to run an asset for some of its learners now and for the others later."""
        session = self._sessions[asset]
        runs = self.runs().get(asset, 0) + session.most(some) + session.most(everybody - some)
        more = max(0, runs - self._paid[asset])
        return 0.0 if session.is_free else more * (session.price + session.facilitator_minutes), everybody - some

    def _run(self, step: int, started: dict[str, list[str]]) -> None:
        """Let learners take assets."""
        fresh: dict[str, set[Atom]] = {}
        for asset, people in started.items():
            self.waves.append(Wave(step, asset, tuple(people), self._sessions[asset].most(len(people))))
            for person in people:
                fresh.setdefault(person, set()).update(gained(self._left[person][asset], self._held[person]))
                del self._left[person][asset]
        for person, atoms in fresh.items():
            self._held[person] |= atoms
