"""What a plan leaves open, and which limit or missing asset is to blame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from capgraph.analysis.plan_model import Atom, Offer, atoms_of
from capgraph.analysis.plan_order import reachable
from capgraph.analysis.teaching import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.analysis.plan_goal import Brief, Goal
    from capgraph.analysis.planner import Solved

_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGoal:
    """A goal that the plan does not reach."""

    subject: str
    """The capability or asset."""
    level: int | None
    """The level wanted."""
    reached: int | None
    """The level that the plan reaches; None where it reaches none, or where there are none."""
    necessity: str
    """Whether it is a gate."""
    reason: str
    """Why it stays open, in a few words."""

    def __str__(self) -> str:
        level = "" if self.level is None else f" {self.level}"
        return f"{self.subject}{level}: {self.reason}"


def open_goals(solved: Solved, brief: Brief) -> tuple[OpenGoal, ...]:
    """Return the goals that a plan does not reach, gates first, then by subject and level."""
    arrangement = solved.outcome.arrangement
    held = arrangement.held if arrangement else brief.held
    found = []
    for goal in brief.goals:
        left = [atom for atom in goal.missing if atom not in held]
        if not left and not goal.problem:
            continue
        ranks = [atom.rank for atom in held if isinstance(atom, Step) and atom.capability == goal.subject]
        reached = max((rank for rank in ranks if rank is not None), default=None)
        found.append(
            OpenGoal(
                subject=goal.subject,
                level=goal.level,
                reached=reached,
                necessity=goal.necessity,
                reason=goal.problem or _reason(solved, goal, left[0]),
            )
        )
    return tuple(sorted(found, key=lambda goal: goal.necessity != "mandatory"))


def _reason(solved: Solved, goal: Goal, atom: Atom) -> str:
    """Return why the first missing part of a goal is not reached."""
    sources = sorted(set(solved.shelf.sources(atom)))
    if not sources:
        return f"no asset teaches {_named(atom)}" if isinstance(atom, Step) else "no catalog offers it"
    done = [asset for asset in sources if asset in solved.problem.held]
    barred = {asset: solved.shelf.barred[asset] for asset in sources if asset in solved.shelf.barred}
    if len(done) == len(sources):
        return f"everything that teaches {_named(atom)} is completed already: assess again"
    if len(done) + len(barred) == len(sources):
        reasons = "; ".join(f"{asset}: {why}" for asset, why in list(barred.items())[:_SHOWN])
        return f"ruled out ({reasons})"
    if atom not in {target.atom for target in solved.problem.targets}:
        return f"{_named(atom)} needs {_named_all(solved, _blockers(solved, goal))}"
    return "does not fit within the limits"


def _blockers(solved: Solved, goal: Goal) -> list[Atom]:
    """Return what the assets for a goal wait for and nobody yields, or what they wait for in a circle."""
    state = reachable(solved.candidates, solved.problem.held)
    offers = {offer.asset: offer for offer in solved.candidates if offer.asset not in state}
    yielded = {atom for offer in solved.candidates for atom in offer.yields()}
    found: dict[Atom, None] = {}
    pending: list[Atom] = [atom for atom in goal.missing if atom not in state]
    seen = set(pending)
    while pending:
        atom = pending.pop(0)
        for offer in (offer for offer in offers.values() if atom in offer.yields()):
            for wanted in dict.fromkeys((*atoms_of(offer.entry), *atoms_of(offer.beside), *_starts(offer))):
                if wanted not in state and wanted not in yielded:
                    found[wanted] = None
                elif wanted not in state and wanted not in seen:
                    pending.append(wanted)
                    seen.add(wanted)
    return list(found) or sorted(atom for atom in seen if isinstance(atom, str)) or list(goal.missing)


def _starts(offer: Offer) -> Iterator[Atom]:
    """Yield the steps on which the gains of an offer build."""
    yield from (gain.start for gain in offer.gains if gain.start is not None)


def cycles(solved: Solved) -> tuple[tuple[str, ...], ...]:
    """Return a chain for every knot of assets that are each other's prerequisites, by the first id of the chain."""
    offers = {offer.asset: offer for offer in solved.candidates}
    network: nx.DiGraph[str] = nx.DiGraph()
    for asset in sorted(offers):
        for atom in atoms_of(offers[asset].entry):
            if isinstance(atom, str) and atom in offers:
                network.add_edge(asset, atom)
    chains = []
    for knot in nx.strongly_connected_components(network):
        first = min(knot)
        inner = network.subgraph(sorted(knot))
        if inner.number_of_edges():
            loop = [edge[0] for edge in nx.find_cycle(inner, first)]
            least = loop.index(min(loop))
            chains.append((*loop[least:], *loop[:least], loop[least]))
    return tuple(sorted(chains))


def unknown_assets(solved: Solved) -> dict[str, tuple[str, ...]]:
    """Return the assets that prerequisites name and no catalog holds, with the assets that name them."""
    graph, held = solved.shelf.graph, solved.problem.held
    found: dict[str, list[str]] = {}
    for offer in solved.candidates:
        for atom in (*atoms_of(offer.entry), *atoms_of(offer.beside)):
            if isinstance(atom, str) and atom not in held and atom not in graph:
                found.setdefault(atom, []).append(offer.asset)
    return {asset: tuple(dict.fromkeys(found[asset])) for asset in sorted(found)}


def _named(atom: Atom) -> str:
    """Return an atom as people read it."""
    if isinstance(atom, str):
        return atom
    return atom.capability if atom.rank is None else f"{atom.capability} at level {atom.rank}"


def _named_all(solved: Solved, atoms: list[Atom]) -> str:
    """Return the first few atoms as people read them, with why nothing leads to each."""
    more = f" and {len(atoms) - _SHOWN} more" if len(atoms) > _SHOWN else ""
    told = [(_named(atom), _obstacle(solved, atom)) for atom in atoms[:_SHOWN]]
    if any(why for _, why in told):
        return "; ".join(f"{name}, {why}" for name, why in told if why) + more
    return f"what waits for it in a circle: {', '.join(name for name, _ in told)}{more}"


def _obstacle(solved: Solved, atom: Atom) -> str:
    """Return why an atom that something waits for cannot be had; nothing where it waits for something itself."""
    sources = sorted(set(solved.shelf.sources(atom)))
    barred = {asset: solved.shelf.barred[asset] for asset in sources if asset in solved.shelf.barred}
    if sources and len(barred) == len(sources):
        reasons = (why if asset == atom else f"{asset}: {why}" for asset, why in list(barred.items())[:_SHOWN])
        return f"which is ruled out ({'; '.join(reasons)})"
    return "" if sources else "which nothing leads to"
