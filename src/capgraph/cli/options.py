"""Options that several commands share: stated once, as the fields of a dataclass."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command for Typer in which a parameter that is a dataclass is one option for each of its fields."""
    stated = inspect.signature(command, eval_str=True).parameters
    groups = {
        name: one.annotation
        for name, one in stated.items()
        if isinstance(one.annotation, type) and is_dataclass(one.annotation)
    }

    @functools.wraps(command)
    def told(**given: Any) -> None:
        """Gather the options of each group again, and run the command."""
        gathered = {
            name: group(**{field.name: given.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        command(**given, **gathered)

    parameters = [option for one in stated.values() for option in _options(one)]
    told.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return told


def _options(parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    """Yield a parameter, or the fields of the dataclass that it is."""
    group = parameter.annotation
    if not is_dataclass(group):
        yield parameter
        return
    kinds = get_type_hints(group, include_extras=True)
    for field in fields(group):
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=kinds[field.name]
        )
