"""Which assets a plan may use: those that can help, that the limits admit, and that can be reached at all."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING

from capgraph.analysis.plan_model import NOTHING, Atom, Gain, Need, Offer, atoms_of
from capgraph.analysis.plan_order import reachable
from capgraph.analysis.remembered import remembered
from capgraph.analysis.teaching import AlignmentChoice, Step, Teaching, counts, require_choice, teachings
from capgraph.model import Alignment, Condition, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from capgraph.graph import CapabilityGraph
    from capgraph.model import Model


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What restricts a plan; each may be lifted on its own to see what it costs."""

    max_hours: float | None = None
    """The limit of time, in hours."""
    deadline: float | None = None
    """The hours until the deadline."""
    max_cost: float | None = None
    """The limit of money."""
    currency: str | None = None
    """The currency of the limit and of the prices; None where there is none or several."""
    languages: frozenset[str] | None = None
    """The languages in which assets may be."""
    kinds: frozenset[str] | None = None
    """The kinds of asset that may be used."""
    exclude: frozenset[str] = frozenset()
    """Assets that may not be used."""
    include: frozenset[str] = frozenset()
    """Assets that must be used."""
    prior: frozenset[str] | None = None
    """The assets of an earlier plan to stay close to."""
    assume_hours: float | None = None
    """What an asset without a duration is taken to last; None where nothing is assumed."""
    assume_cost: float | None = None
    """What an asset without a price is taken to cost; None where nothing is assumed."""
    wants_cost: bool = False
    """Whether money is in the objective."""
    has_sessions: bool = False
    """Whether sessions are paid too, besides what each learner costs."""

    @property
    def hours(self) -> float | None:
        """The tighter of the limits of time."""
        return min((limit for limit in (self.max_hours, self.deadline) if limit is not None), default=None)


class Shelf:
    """The assets of a graph as offers, built where they are asked for.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    limits : Limits
        What the plan may use.
    alignments : str
        Which alignments count.
    min_confidence : float
        The least confidence of a proposed alignment.
    """

    def __init__(
        self, graph: CapabilityGraph, limits: Limits, *, alignments: AlignmentChoice, min_confidence: float
    ) -> None:
        self.graph = graph
        self.limits = limits
        self._choice: AlignmentChoice = alignments
        self._confidence = min_confidence
        require_choice(alignments, min_confidence)
        self._places = remembered(graph, "places of assets", lambda: _places(graph))
        key = ("teachings", alignments, min_confidence)
        supply = remembered(graph, key, lambda: _supply(graph, alignments, min_confidence))
        self.supply, self.taught = supply
        self.barred: dict[str, str] = {}
        self._offers: dict[str, Offer | None] = {}

    def offer(self, asset: str) -> Offer | None:
        """Return an asset as an offer; None where the limits or its state bar it, which `barred` then explains."""
        if asset not in self._offers:
            reason = self._bar(asset)
            if reason:
                self.barred[asset] = reason
            self._offers[asset] = None if reason else self._built(asset)
        return self._offers[asset]

    def sources(self, atom: Atom) -> Iterator[str]:
        """Yield the assets that yield an atom, whether they may be used or not."""
        if isinstance(atom, str):
            if atom in self._places:
                yield atom
            return
        for teaching in self.supply.get(atom.capability, ()):
            if atom.rank is None or atom in teaching.steps:
                yield teaching.asset

    def relevant(self, wanted: Iterable[Atom], held: frozenset[Atom]) -> tuple[Offer, ...]:
        """Return the offers that can help towards what is wanted, by id, whether they can be reached or not."""
        found: dict[str, Offer] = {}
        seen: set[Atom] = set(held)
        pending = [*wanted, *self.limits.include, *(self.limits.prior or ())]
        while pending:
            atom = pending.pop()
            if atom in seen:
                continue
            seen.add(atom)
            for asset in self.sources(atom):
                offer = self.offer(asset)
                if offer is None or asset in held:
                    continue
                found[asset] = offer
                pending.extend(_waited_for(offer, atom))
        return tuple(found[asset] for asset in sorted(found))

    def _bar(self, asset: str) -> str:
        """Return why an asset may not be used, or nothing: the first reason in the order below."""
        node, limits = self.graph[asset], self.limits
        if not isinstance(node, LearningAsset) or node.status == "deprecated":
            return "is deprecated"
        if asset in limits.include:
            return ""
        counts_money = limits.max_cost is not None or limits.wants_cost
        reasons = {
            "exclude": asset in limits.exclude,
            "kinds": limits.kinds is not None and node.kind not in limits.kinds,
            "languages": limits.languages is not None and not _speaks(self._language(node), limits.languages),
            "states no duration": limits.hours is not None and self.minutes(node) is None,
            "currency": counts_money and self._is_foreign(node),
            "states no price": limits.max_cost is not None and self.price(node) is None,
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def _language(self, node: LearningAsset) -> str:
        """Return the language of an asset, or of its catalog."""
        return node.language or self.graph.home(node.id).language

    def _is_foreign(self, node: LearningAsset) -> bool:
        """Return whether an asset is priced in another currency than the plan."""
        stated = (node.cost, node.session_cost if self.limits.has_sessions else None)
        return any(one.amount > 0 and one.currency != self.limits.currency for one in stated if one is not None)

    def minutes(self, node: LearningAsset) -> float | None:
        """Return the time that an asset takes, or what is assumed."""
        assumed = None if self.limits.assume_hours is None else self.limits.assume_hours * 60
        return assumed if node.duration is None else node.duration

    def price(self, node: LearningAsset) -> float | None:
        """Return the price of an asset, or what is assumed; None also for another currency than the plan's."""
        if node.cost is None:
            return self.limits.assume_cost
        return None if self._is_foreign(node) else float(node.cost.amount)

    def _built(self, asset: str) -> Offer | None:
        """Return an asset as an offer."""
        node = self.graph[asset]
        if not isinstance(node, LearningAsset):
            return None
        entry = self._need(asset, "prerequisite", node.prerequisites)
        presumed = tuple(self._presumed(asset))
        return Offer(
            asset=asset,
            place=self._places[asset],
            minutes=self.minutes(node),
            price=self.price(node),
            entry=Need(1 + len(presumed), (entry, *presumed)) if presumed else entry,
            beside=self._need(asset, "corequisite", node.corequisites),
            gains=tuple(dict.fromkeys(map(_gain, self.taught.get(asset, ())))),
        )

    def _need(self, asset: str, relation: str, condition: Condition | None) -> Need:
        """Return the need that a condition states, with the ids as the graph hands them out."""
        if condition is None:
            return NOTHING
        names = {link.data: link.target for link in self.graph.links(asset, relation)}
        need = _compiled(condition, names)
        return need if isinstance(need, Need) else Need(1, (need,))

    def _presumed(self, asset: str) -> Iterator[Step]:
        """Yield the steps that counting ``requires`` alignments ask for."""
        for link in self.graph.links(asset, "presumes"):
            stated = link.data
            if isinstance(stated, Alignment) and counts(
                stated, alignments=self._choice, min_confidence=self._confidence
            ):
                level = stated.level_from if stated.level_to is None else stated.level_to
                yield Step(link.target, level)


def _places(graph: CapabilityGraph) -> dict[str, int]:
    """Return the place of every asset in id order, from 1."""
    return {asset: place for place, asset in enumerate(graph.ids(LearningAsset), 1)}


def _supply(
    graph: CapabilityGraph, alignments: AlignmentChoice, min_confidence: float
) -> tuple[dict[str, list[Teaching]], dict[str, list[Teaching]]]:
    """Return the counting teachings by capability, and by asset."""
    by_capability: dict[str, list[Teaching]] = defaultdict(list)
    by_asset: dict[str, list[Teaching]] = defaultdict(list)
    for teaching in teachings(graph, alignments=alignments, min_confidence=min_confidence):
        by_capability[teaching.capability].append(teaching)
        by_asset[teaching.asset].append(teaching)
    return dict(by_capability), dict(by_asset)


def _waited_for(offer: Offer, atom: Atom) -> Iterator[Atom]:
    """Yield what must be held so that an offer yields an atom."""
    yield from atoms_of(offer.entry)
    yield from atoms_of(offer.beside)
    for gain in offer.gains:
        if gain.start is not None and atom in gain.yields:
            yield gain.start


def _gain(teaching: Teaching) -> Gain:
    """Return what a teaching yields; any step of a capability makes it held."""
    start = None if teaching.start is None else Step(teaching.capability, teaching.start)
    return Gain(start, tuple(dict.fromkeys((Step(teaching.capability, None), *teaching.steps))))


def _compiled(condition: Condition, names: Mapping[Model | None, str]) -> Atom | Need:
    """Return a condition as a need."""
    if condition.asset is not None:
        return names.get(condition, condition.asset)
    if condition.capability is not None:
        return Step(names.get(condition, condition.capability), condition.level)
    parts = tuple(_compiled(part, names) for part in condition.parts)
    count = condition.at_least or (len(parts) if condition.all_of else 1)
    return Need(count, parts)


def _speaks(language: str, wanted: frozenset[str]) -> bool:
    """Return whether a language is one of those wanted, or a regional form of one."""
    tag = language.casefold()
    return any(tag == one.casefold() or tag.startswith(f"{one.casefold()}-") for one in wanted)


def attainable(offers: tuple[Offer, ...], held: frozenset[Atom], wanted: Iterable[Atom]) -> tuple[Offer, ...]:
    """Return the offers that can be reached and can help towards what is wanted, by id, with the gains that help."""
    state = reachable(offers, held)
    sources: dict[Atom, list[Offer]] = defaultdict(list)
    for offer in offers:
        for atom in offer.yields() if offer.asset in state else ():
            sources[atom].append(offer)
    found: dict[str, Offer] = {}
    helpful: set[Atom] = set()
    pending = list(wanted)
    while pending:
        atom = pending.pop()
        if atom in held or atom in helpful:
            continue
        helpful.add(atom)
        for offer in sources.get(atom, ()):
            found[offer.asset] = offer
            pending.extend(_waited_for(offer, atom))
    return tuple(_trimmed(found[asset], helpful) for asset in sorted(found))


def _trimmed(offer: Offer, helpful: set[Atom]) -> Offer:
    """Return an offer with only the gains, and of them only the steps, that help."""
    useful = (Gain(gain.start, tuple(step for step in gain.yields if step in helpful)) for gain in offer.gains)
    return dataclasses.replace(offer, gains=tuple(dict.fromkeys(gain for gain in useful if gain.yields)))
