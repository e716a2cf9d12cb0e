"""`typed`: functions that refuse arguments of other types than their signature names, before they answer.

A wrong type that is found late tells of a comparison somewhere inside; one that is never found leads to an answer about
something else, such as ``what_if(graph, framework)``, which would change nothing.  What is checked is what the
signature says, so that there is one place to state it; names that are no plain types are left to
the function itself, as are ranges, choices and days.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import NamedTuple, ParamSpec, TypeVar

from capgraph.analysis.arguments import require_graph
from capgraph.errors import ArgumentError
from capgraph.model import Model

P = ParamSpec("P")
R = TypeVar("R")

_CLASSES = frozenset(
    {
        *("Agenda", "Calibration", "Catalog", "ChangeReport", "Crosswalk", "Decisions"),
        *("Edit", "EvidencePolicy", "Framework", "GapReport", "LearningAsset", "LearningPath", "Matcher", "Money"),
        "Workforce",
    }
)
"""Classes that signatures name; an argument is known by the name of its class, so that none is imported for this."""
_LISTS = frozenset({"Collection", "Iterable", "Sequence", "tuple"})
_WORDS = {"str": "texts", "float": "numbers", "Rule": "rules, such as those of capgraph.analysis.rules"}
_ALIASES = {"PlanGoal": "GapReport | str | Iterable[Item]", "Objective": "str | Mapping[str, float]"}
_TEXTS = "a list of texts"
_SHOWN = 60


class Kind(NamedTuple):
    """A type that an argument may have."""

    words: str
    """What to give."""
    fits: Callable[[object], bool]
    """Returns whether a value is of it."""


def typed(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that refuses arguments of other types than its signature names.

    Parameters
    ----------
    function : callable
        The function, with annotations as text.

    Notes
    -----
    The signature is read at the first call; each call costs about a microsecond an argument.
    """
    expected: dict[str, tuple[Kind, ...]] = {}

    @functools.wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not expected:
            expected.update(_expected(function))
        for name, value in (*zip(expected, args, strict=False), *kwargs.items()):
            kinds = expected.get(name, ())
            if kinds and not any(kind.fits(value) for kind in kinds):
                raise ArgumentError(f"{name} is {_shown(value)}; give {_wanted(kinds, value)}")
        return function(*args, **kwargs)

    return asked


def _wanted(kinds: tuple[Kind, ...], value: object) -> str:
    """Return what to give in place of a value; a list with it in, where one text stands for a list of them."""
    words = list(dict.fromkeys(kind.words for kind in kinds))
    if isinstance(value, str) and _TEXTS in words:
        return f"a list, such as [{value!r}]"
    return " or ".join(words)


def _expected(function: Callable[..., object]) -> Iterator[tuple[str, tuple[Kind, ...]]]:
    """Yield the kinds that each parameter may have; nothing for one that takes others besides."""
    for name, parameter in inspect.signature(function).parameters.items():
        kinds = [_kind(text) for text in _alternatives(_spelled_out(str(parameter.annotation)))]
        yield name, tuple(kind for kind in kinds if kind is not None) if None not in kinds else ()


def _spelled_out(annotation: str) -> str:
    """Return what an alias of several types stands for, or the annotation."""
    return _ALIASES.get(annotation, annotation)


def _alternatives(annotation: str) -> list[str]:
    """Return the types that an annotation names, each as it is written."""
    found, depth = [""], 0
    for sign in annotation:
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [text.strip() for text in found]


def _kind(text: str) -> Kind | None:
    """Return what one type of an annotation means, or None for a name that is no plain type."""
    name, _, inside = text.partition("[")
    if name == "Literal":
        choices = ast.literal_eval(f"({inside.removesuffix(']')},)")
        return Kind(" or ".join(map(repr, choices)), lambda value: isinstance(value, str) and value in choices)
    if name in _LISTS:
        return _lists(inside.removesuffix("]").removesuffix(", ..."))
    if name in _CLASSES:
        article = "an" if name[0] in "AE" else "a"
        return Kind(f"{article} {name}", lambda value: any(one.__name__ == name for one in type(value).__mro__))
    return _PLAIN.get(name)


def _lists(inside: str) -> Kind:
    """Return what a list of some types means: no text, whose letters would count, and no document.

    What it holds is looked at where that does not use it up.
    """
    kinds = [_kind(text) for text in _alternatives(inside)]
    known = tuple(kind for kind in kinds if kind is not None)

    def fits(value: object) -> bool:
        if isinstance(value, list | tuple | set | frozenset) and None not in kinds:
            return all(any(kind.fits(one) for kind in known) for one in value)
        return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Model)

    return Kind(" or ".join(f"a list of {_WORDS.get(text, text)}" for text in _alternatives(inside)), fits)


def _shown(value: object) -> str:
    """Return a value as a message shows it: as it is written, or its type where that is long."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"of the type {type(value).__name__}"


_TEXT = Kind("text", lambda value: isinstance(value, str))
_NUMBER = Kind("a number", lambda value: not isinstance(value, bool) and isinstance(value, Real | Decimal))


def _is_graph(value: object) -> bool:
    """Return that a value is a graph, which a question refuses in words of its own where it is none."""
    require_graph(value)
    return True


_PLAIN = {
    "CapabilityGraph": Kind("a graph", _is_graph),
    "None": Kind("None", lambda value: value is None),
    "bool": Kind("True or False", lambda value: type(value).__name__ in {"bool", "bool_"}),
    "int": Kind("a whole number", lambda value: not isinstance(value, bool) and isinstance(value, Integral)),
    "float": _NUMBER,
    "Decimal": _NUMBER,
    "str": _TEXT,
    **dict.fromkeys(("AlignmentChoice", "Compared", "MatchedKind", "MappedKind", "SplitRule", "Unassessed"), _TEXT),
    **dict.fromkeys(("Callable", "Embedding", "Rule"), Kind("a function", callable)),
    "Mapping": Kind("a mapping, such as a dict", lambda value: isinstance(value, Mapping)),
}
