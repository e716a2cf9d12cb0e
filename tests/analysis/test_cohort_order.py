from __future__ import annotations

from capgraph.analysis.cohort_order import Choice, CohortOrder, Session
from capgraph.analysis.plan_model import Need, Offer

ANY = 1


def offer(name: str, before: tuple[str, ...] = (), beside: tuple[str, ...] = ()) -> Offer:
    entry = Need(ANY, before) if before else Need(0, ())
    return Offer(name, 1, 60, 0.0, entry=entry, beside=Need(len(beside), beside))


def order(sessions: dict[str, Session], paid: dict[str, int] | None = None) -> CohortOrder:
    """Return the order of two learners: a can only begin with r and s, b only with p and q, each pair together."""
    offers = (
        offer("p", ("w", "r"), ("q",)),
        offer("q", ("w", "r"), ("p",)),
        offer("r", ("v", "p"), ("s",)),
        offer("s", ("v", "p"), ("r",)),
    )
    choices = {"a": Choice(frozenset({"v"}), offers, {}), "b": Choice(frozenset({"w"}), offers, {})}
    return CohortOrder(choices, sessions, paid or dict.fromkeys("pqrs", 1))


def test_pairs_that_start_together_are_split_together() -> None:
    found = order(dict.fromkeys("pqrs", Session(price=1.0)))
    assert found.knot is not None
    assert (found.knot.people, found.knot.assets) == (("a", "b"), ("p", "q", "r", "s"))
    assert [(wave.step, wave.asset, wave.people) for wave in found.waves] == [
        (1, "r", ("a",)),
        (1, "s", ("a",)),
        (2, "p", ("a", "b")),
        (2, "q", ("a", "b")),
        (3, "r", ("b",)),
        (3, "s", ("b",)),
    ]
    assert found.runs() == {"r": 2, "s": 2, "p": 1, "q": 1}


def test_what_everybody_can_start_is_run_for_all_at_once() -> None:
    offers = (offer("p"), offer("q", ("p",)))
    choices = {name: Choice(frozenset(), offers, {}) for name in "abc"}
    found = CohortOrder(choices, dict.fromkeys("pq", Session(seats=2)), dict.fromkeys("pq", 2))
    assert found.knot is None
    assert [tuple(wave) for wave in found.waves] == [(1, "p", ("a", "b", "c"), 2), (2, "q", ("a", "b", "c"), 2)]


def test_a_session_without_learners_is_none() -> None:
    assert [Session().most(0), Session().most(9), Session(seats=4).most(9)] == [0, 1, 3]
