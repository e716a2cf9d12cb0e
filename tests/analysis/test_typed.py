"""Questions refuse arguments of other types than their signatures name, whatever they would do with them."""

from __future__ import annotations

import datetime as dt
import inspect
import pickle
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import capgraph as cg
from capgraph.analysis.typed import typed
from capgraph.errors import ArgumentError
from capgraph.model import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Literal

    from capgraph.analysis.policy import EvidencePolicy

GRAPH = cg.CapabilityGraph(
    cg.Framework.model_validate(
        {
            "id": "fw:f",
            "capabilities": [{"id": "cap:a", "label": "A"}],
            "roles": [
                {"id": f"role:{name}", "label": name, "requirements": [{"capability": "cap:a"}]} for name in "rq"
            ],
        }
    ),
    cg.Catalog(id="cat:c", assets=[cg.LearningAsset(id="asset:a", title="A")]),
    cg.Workforce.model_validate({"id": "wf:w", "people": [{"id": "person:p", "roles": ["role:r"]}]}),
)
CHANGES = cg.diff(GRAPH.documents["fw:f"], GRAPH.documents["fw:f"])
Other = int | str


@typed
def asked(
    graph: cg.CapabilityGraph,
    *,
    word: str | None = None,
    many: Iterable[str] | str = (),
    names: Iterable[str] = (),
    share: float = 0.5,
    cost: Money | Decimal | float | None = None,
    count: int | Iterable[float] = 1,
    yes: bool = False,
    day: dt.date | None = None,
    how: Literal["one", "two"] = "one",
    table: Mapping[str, float] | None = None,
    call: Callable[[int], None] | None = None,
    edits: Iterable[cg.model.Model | str] = (),
    pairs: Iterable[tuple[str, str]] | None = None,
    other: Other = 1,
) -> str:
    """Return that it was asked."""
    del graph, word, many, names, share, cost, count, yes, day, how, table, call, edits, pairs, other
    return "asked"


def _by_place(a: EvidencePolicy | int, b: int = 0) -> int:
    """Return what was given last."""
    return b if isinstance(a, int) else 0


@pytest.mark.parametrize(
    "given",
    [
        {"word": "x"},
        {"word": None},
        {"many": "x"},
        {"many": ["x"]},
        {"many": (one for one in "xy")},
        {"many": {"x": 1}.keys()},
        {"share": 1},
        {"share": np.float32(0.5)},
        {"share": Decimal("0.5")},
        {"cost": Money(amount=Decimal(3), currency="EUR")},
        {"count": np.int64(3)},
        {"count": [0.5, 1]},
        {"yes": np.bool_(True)},  # noqa: FBT003 - the value under test
        {"day": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"how": "two"},
        {"table": {}},
        {"call": print},
        {"edits": [1]},
        {"pairs": [("a", "b")]},
        {"other": object()},
    ],
)
def test_what_a_signature_names_is_taken(given: dict[str, Any]) -> None:
    """Numbers of every library, lists of every kind, and what is no plain type at all."""
    assert asked(GRAPH, **given) == "asked"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"word": 3}, "word is 3; give text or None"),
        ({"many": ["x", 3]}, r"many is \['x', 3\]; give a list of texts or text"),
        ({"many": {"x": 1}}, r"many is \{'x': 1\}; give a list of texts or text"),
        ({"many": GRAPH.documents["fw:f"]}, "many is of the type Framework; give a list of texts or text"),
        ({"names": "en"}, r"names is 'en'; give a list, such as \['en'\]"),
        ({"share": None}, "share is None; give a number"),
        ({"share": True}, "share is True; give a number"),
        ({"share": "0.5"}, "share is '0.5'; give a number"),
        ({"cost": "3"}, "cost is '3'; give a Money or a number or None"),
        ({"count": 1.5}, "count is 1.5; give a whole number or a list of numbers"),
        ({"yes": "no"}, "yes is 'no'; give True or False"),
        ({"how": "three"}, "how is 'three'; give 'one' or 'two'"),
        ({"how": ["one"]}, r"how is \['one'\]; give 'one' or 'two'"),
        ({"table": [1]}, r"table is \[1\]; give a mapping, such as a dict or None"),
        ({"call": 3}, "call is 3; give a function or None"),
        ({"pairs": 3}, "pairs is 3; give a list of tuple"),
    ],
)
def test_what_it_does_not_name_is_refused(given: dict[str, Any], message: str) -> None:
    """The message names the argument, what it is, and what to give."""
    with pytest.raises(ArgumentError, match=f"^{message}"):
        asked(GRAPH, **given)


def test_arguments_by_place_are_checked_and_unknown_ones_left_to_python() -> None:
    """A graph is checked by the question itself; a wrong name is Python's own error."""
    assert asked(3) == "asked"  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="a is '1'; give an EvidencePolicy or a whole number"):
        typed(_by_place)("1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="unexpected keyword"):
        asked(GRAPH, wrong=3)  # type: ignore[call-arg]


def test_a_function_stays_what_it_is() -> None:
    """Its signature, its docstring and its name are there for readers, and it may be sent to another process."""
    assert list(inspect.signature(cg.gap).parameters)[:3] == ["graph", "subject", "role"]
    assert (cg.gap.__doc__ or "").startswith("Return what")
    assert pickle.loads(pickle.dumps(cg.gap)) is cg.gap  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    "ask",
    [
        lambda: cg.gap(GRAPH, "person:p", policy="latest"),  # type: ignore[arg-type]
        lambda: cg.gap(GRAPH, "person:p", above="no"),  # type: ignore[arg-type]
        lambda: cg.coverage(GRAPH, ample=None),  # type: ignore[arg-type]
        lambda: cg.coverage(GRAPH, min_confidence=80),
        lambda: cg.consolidation(GRAPH, hour=None),  # type: ignore[arg-type]
        lambda: cg.consolidation(GRAPH, max_seconds=float("nan")),
        lambda: cg.duplicates(GRAPH, min_score=None),  # type: ignore[arg-type]
        lambda: cg.overlap(GRAPH, min_share=None),  # type: ignore[arg-type]
        lambda: cg.check(GRAPH, rules=["unresolved-reference"]),  # type: ignore[arg-type]
        lambda: cg.career_path(GRAPH, "role:r", "role:q", max_hops=None),  # type: ignore[arg-type]
        lambda: cg.career_path(GRAPH, "role:r", "role:q", time_limit=-1),
        lambda: cg.learning_path(GRAPH, "person:p", max_cost="3 EUR"),  # type: ignore[arg-type]
        lambda: cg.learning_path(GRAPH, None),  # type: ignore[arg-type]
        lambda: cg.curriculum(GRAPH, ["person:p"], steps=["x"]),  # type: ignore[list-item]
        lambda: cg.curriculum(GRAPH, ["person:p"], steps=-1),
        lambda: cg.successors(GRAPH, "role:r", soon_hours=-1),
        lambda: cg.what_if(GRAPH, GRAPH.documents["fw:f"]),  # type: ignore[arg-type]
        lambda: cg.what_if(GRAPH.documents["fw:f"], "x"),  # type: ignore[arg-type]
        lambda: cg.what_if(GRAPH, iter(["role:r"])),  # type: ignore[arg-type]
        lambda: cg.migrate(GRAPH.documents["cat:c"], CHANGES, splits="any"),  # type: ignore[call-overload]
        lambda: cg.suggest_alignments(GRAPH.documents["fw:f"], GRAPH.documents["fw:f"]),  # type: ignore[arg-type]
        lambda: cg.suggest_crosswalk(*[GRAPH.documents["fw:f"]] * 2, decisions=["x"]),  # type: ignore[arg-type,list-item]
        lambda: cg.workforce_gap([], [], []),
        lambda: cg.workforce_gap(None, None, None),
        lambda: cg.diff(GRAPH.documents["fw:f"], GRAPH.documents["fw:f"], history="x"),  # type: ignore[arg-type]
    ],
)
def test_questions_refuse_before_they_answer(ask: Callable[[], object]) -> None:
    """Nothing that was passed over, or failed somewhere inside, is passed over any more."""
    with pytest.raises(ArgumentError, match=r"; (give|make)"):
        ask()
