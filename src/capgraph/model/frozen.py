"""Mappings and JSON values that cannot change, so that documents can be hashed and shared between threads."""

from __future__ import annotations

import math
from collections.abc import ItemsView, Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BeforeValidator, GetCoreSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class FrozenMapping(Mapping[K, V_co]):
    """An immutable, hashable mapping that keeps the order in which it was built.

    Two mappings are equal when they hold the same items, whatever the order, as with ``dict``.  Hashing needs
    hashable values.

    Parameters
    ----------
    items : mapping or iterable of pairs
        The items; a later pair with the same key wins.

    Examples
    --------
    >>> FrozenMapping({"b": 1, "a": 2})
    FrozenMapping({'b': 1, 'a': 2})
    """

    __slots__ = ("_items",)

    _items: dict[K, V_co]

    def __init__(self, items: Mapping[K, V_co] | Iterable[tuple[K, V_co]] = ()) -> None:
        object.__setattr__(self, "_items", dict(items))

    def __getitem__(self, key: K) -> V_co:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> ItemsView[K, V_co]:
        """Return the items as those of a dict, which are faster than the ones of a mapping."""
        return self._items.items()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMapping):
            # Most are the one empty default, with which every serialization compares them.
            return self is other or bool(self._items == other._items)
        return super().__eq__(other)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __setattr__(self, name: str, value: object) -> None:
        message = f"{name!r} cannot be set: a FrozenMapping does not change; build a new one"
        raise AttributeError(message)

    def __reduce__(self) -> tuple[type[FrozenMapping[K, V_co]], tuple[dict[K, V_co]]]:
        return type(self), (dict(self._items),)

    def __repr__(self) -> str:
        return f"FrozenMapping({self._items!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's signature
        keys, values = get_args(source) or (Any, Any)
        items = core_schema.dict_schema(handler.generate_schema(keys), handler.generate_schema(values))
        return core_schema.no_info_before_validator_function(
            _as_dict,
            core_schema.no_info_after_validator_function(cls, items),
            serialization=core_schema.plain_serializer_function_ser_schema(
                thaw, return_schema=core_schema.dict_schema()
            ),
        )


def _as_dict(value: object) -> object:
    """Return a plain dict for a FrozenMapping, anything else unchanged."""
    return dict(value) if isinstance(value, FrozenMapping) else value


def freeze(value: object) -> object:
    """Return a JSON value with its objects as `FrozenMapping` and its arrays as tuples.

    Raises
    ------
    ValueError
        For anything JSON cannot hold: other types, NaN, infinities, keys that are no text, U+0000, lone surrogates.
    """
    if isinstance(value, str):
        return _checked_text(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            message = f"{value} is no JSON number"
            raise ValueError(message)
        return value
    if isinstance(value, Mapping):
        return FrozenMapping({_checked_text(key): freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(freeze(item) for item in value)
    message = f"{type(value).__name__} is no JSON value; use text, numbers, true, false, null, lists and objects"
    raise ValueError(message)


def _checked_text(value: object) -> str:
    """Return the text if every database and every file can hold it."""
    if not isinstance(value, str):
        message = f"{value!r} is no text; the keys of a JSON object are text"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects ValueError, not TypeError
    if "\0" in value:
        message = "text holds U+0000; remove it"
        raise ValueError(message)
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        message = "text holds a lone surrogate; decode the source with its right encoding"
        raise ValueError(message) from None
    return value


def thaw(value: object) -> Any:  # noqa: ANN401 - a JSON value
    """Return the frozen JSON value as plain dicts and lists."""
    # Every serialization of a document comes by here for each member, and most of what it meets is text.
    if isinstance(value, FrozenMapping) or isinstance(value, Mapping):  # noqa: SIM101 - asking for a class of ours is cheap
        return {key: item if type(item) is str else thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [item if type(item) is str else thaw(item) for item in value]
    return value


Json = Annotated[Any, BeforeValidator(freeze), PlainSerializer(thaw), WithJsonSchema({})]
"""Any JSON value, frozen."""
