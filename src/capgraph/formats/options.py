"""Options of readers and writers: their names and types, checked before anything is read."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from capgraph.errors import FormatError
from capgraph.text import closest

_WORDS: Final[Mapping[str, tuple[tuple[type, ...], str]]] = {
    "str": ((str,), "a text"),
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
    "bool": ((bool,), "True or False"),
    "None": ((type(None),), "None"),
    "Mapping": ((Mapping,), "a mapping"),
    "Sequence": ((list, tuple), "a list"),
    "Collection": ((list, tuple, set, frozenset), "a list"),
    "list": ((list, tuple), "a list"),
    "tuple": ((list, tuple), "a list"),
}
_ARGUMENTS = re.compile(r"\[.*?\](?=$| \|)")


class TextOption(str):
    """The value of an option as somebody typed it: read as the option needs it."""

    __slots__ = ()


def option_names(function: Callable[..., object]) -> tuple[str, ...]:
    """Return the names of the keyword-only parameters of a function."""
    return tuple(item.name for item in _options(function))


def _options(function: Callable[..., object]) -> list[inspect.Parameter]:
    """Return the keyword-only parameters of a function."""
    return [item for item in inspect.signature(function).parameters.values() if item.kind is item.KEYWORD_ONLY]


def checked_options(
    function: Callable[..., object], given: Mapping[str, object], title: str, format: str
) -> dict[str, object]:
    """Return the options; refuse those that a reader or writer does not have, and values of another type than it says.

    Raises
    ------
    FormatError
        With all of them.
    """
    known = {item.name: str(item.annotation) for item in _options(function)}
    wrong = [_unknown(name, known, title) for name in sorted(set(given) - set(known))]
    options: dict[str, object] = {}
    for name, stated in given.items():
        wanted = _wanted(known.get(name, ""))
        options[name] = value = _typed(stated, wanted) if isinstance(stated, TextOption) else stated
        if wanted and not any(_fits(value, types) for types, _ in wanted):
            told = " or ".join(dict.fromkeys(word for _, word in wanted))
            wrong.append(f"{name!r} is {_shown(value)}, and {title} takes {told}")
    if wrong:
        raise FormatError("; ".join(wrong), format=format)
    return options


def _typed(text: TextOption, wanted: Collection[tuple[tuple[type, ...], str]]) -> object:
    """Return a typed text as the value that an option wants: as it is, or as JSON, or as a list of words."""
    types = {kind for kinds, _ in wanted for kind in kinds}
    if not types or str in types:
        return str(text)
    try:
        found: object = json.loads(text)
    except ValueError:
        return text.split(",") if list in types else str(text)
    return [str(found)] if list in types and not isinstance(found, list) else found


def _unknown(name: str, known: Collection[str], title: str) -> str:
    """Return what to say of an option that does not exist."""
    near = closest(name, known)
    offered = f"its options are {', '.join(known)}" if known else "it has no options"
    return f"{name!r}: no option of {title}; {f'did you mean {near!r}? ' if near else ''}{offered}"


def _wanted(annotation: str) -> list[tuple[tuple[type, ...], str]]:
    """Return the types that an annotation allows, with their words; nothing where one of them is not known here."""
    words = _ARGUMENTS.sub("", annotation).split(" | ") if annotation else []
    return [_WORDS[word] for word in words] if all(word in _WORDS for word in words) else []


def _fits(value: object, types: tuple[type, ...]) -> bool:
    """Return whether a value has one of the types; a truth value is no number."""
    return isinstance(value, types) and (not isinstance(value, bool) or bool in types)


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever was given
    """Return a value as it is told: short ones as they are, others by their type."""
    text = repr(value)
    return (
        text if len(text) <= len("a path of usual length, or a short list") else f"of the type {type(value).__name__}"
    )
