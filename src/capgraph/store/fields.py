"""How a field of the model becomes columns, and columns become the field again.

====================================  ================================================================
a field that holds                    is stored as
====================================  ================================================================
text, a number, a boolean, a date     one column of that type
money                                 two columns, ``…_amount`` (text, so that it is exact) and ``…_currency``
ids                                   rows of ``link_history``
labels                                rows of ``label_history``
parts that `layout` gives a table     rows of that table
anything else                         one column of JSON text; NULL where it is empty
====================================  ================================================================

Dates and moments are written as ISO 8601 text.  PostgreSQL keeps them as ``date`` and ``timestamptz``; SQLite, which
has no such types, keeps the text, whose order is that of time.
"""

from __future__ import annotations

import datetime as dt
import json
import types
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import sqlalchemy as sa
from pydantic import AwareDatetime, StringConstraints, TypeAdapter

from capgraph.model import Model, Money
from capgraph.model.refusal import ID_PATTERN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pydantic.fields import FieldInfo

DATE = sa.Text().with_variant(sa.Date(), "postgresql")
MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Whole numbers; SQLite numbers rows by itself only in a column that is called INTEGER."""

_TYPES: dict[object, sa.types.TypeEngine[Any]] = {
    str: sa.Text(),
    int: NUMBER,
    float: sa.Double(),
    bool: sa.Boolean(),
    dt.date: DATE,
    AwareDatetime: MOMENT,
}


@dataclass(frozen=True)
class Column:
    """One column of a table and the field it holds."""

    name: str
    field: str
    type: sa.types.TypeEngine[Any]
    nullable: bool
    write: Callable[[Any], Any] | None = None
    """Returns what the drivers take for a value that is not empty; None where they take the value itself."""
    is_json: bool = False
    """Whether it holds JSON text."""

    def as_sql(self) -> sa.Column[Any]:
        """Return the column of a table."""
        return sa.Column(self.name, self.type, nullable=self.nullable)


def moment_text(moment: dt.datetime) -> str:
    """Return a moment as the text that sorts by time."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def moment(value: dt.datetime | str) -> dt.datetime:
    """Return the moment that a driver handed over."""
    read = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.astimezone(dt.UTC)


def comparable(value: object) -> object:
    """Return what a driver handed over in the form in which it was written."""
    if isinstance(value, dt.datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, dt.date) else value


class Fields:
    """The columns of one model: `values` leads to the database, `fields` back.

    Parameters
    ----------
    models : sequence of model types
        The model; several share their columns where they are variants of one thing, as documents are.
    apart : collection of str
        The fields whose content has tables of its own.
    as_json : bool
        Whether ids and labels are kept as JSON here, because the part has no rows of other tables.
    """

    def __init__(self, models: Sequence[type[Model]], *, apart: Collection[str] = (), as_json: bool = False) -> None:
        known = {name: field for model in models for name, field in model.model_fields.items() if name not in apart}
        optional = {name for name in known if any(name not in model.model_fields for model in models)}
        self.links = () if as_json else tuple(name for name, field in known.items() if _holds_text(field) == "id")
        self.labels = () if as_json else tuple(name for name, field in known.items() if _holds_text(field) == "label")
        elsewhere = {*self.links, *self.labels}
        self.columns: tuple[Column, ...] = tuple(
            column
            for name, field in known.items()
            if name not in elsewhere
            for column in _columns(name, field, optional=name in optional)
        )
        self.names = tuple(column.name for column in self.columns)
        self._written = [(place, column.write) for place, column in enumerate(self.columns) if column.write]
        self._read = itemgetter(*(column.field for column in self.columns))
        self._missing = any(name in optional for name in known)
        self._json = tuple(column.name for column in self.columns if column.is_json)
        self._money = tuple(column.field for column in self.columns if column.name == f"{column.field}_amount")
        self._optional = tuple(optional)

    def values(self, part: Model) -> tuple[Any, ...]:
        """Return the values of the columns for a part."""
        if self._missing:
            values = [getattr(part, column.field, None) for column in self.columns]
        else:
            values = list(self._read(part.__dict__))
        for place, write in self._written:
            values[place] = write(value) if (value := values[place]) else None
        return tuple(values)

    def fields(self, values: Sequence[Any]) -> dict[str, Any]:
        """Return the fields of a part, as its constructor takes them, for the values of the columns."""
        fields = dict(zip(self.names, values, strict=False))
        for name in self._json:
            text = fields.pop(name)
            if text is not None:
                fields[name] = json.loads(text)
        for name in self._money:
            amount, currency = fields.pop(f"{name}_amount"), fields.pop(f"{name}_currency")
            fields[name] = None if amount is None else {"amount": amount, "currency": currency}
        for name in self._optional:
            if fields.get(name) is None:
                fields.pop(name, None)
        return fields


def _columns(name: str, field: FieldInfo, *, optional: bool) -> list[Column]:
    """Return the columns that hold a field."""
    kind, nullable = _bare(field.annotation)
    nullable = nullable or optional
    if kind is Money:
        return [
            Column(f"{name}_amount", name, sa.Text(), nullable, lambda money: str(money.amount)),
            Column(f"{name}_currency", name, sa.Text(), nullable, attrgetter("currency")),
        ]
    if kind in _TYPES:
        write = _WRITERS.get(kind)
        return [Column(name, name, _TYPES[kind], nullable, write)]
    return [Column(name, name, sa.Text(), nullable=True, write=_json_writer(field), is_json=True)]


_WRITERS: dict[object, Callable[[Any], Any]] = {dt.date: dt.date.isoformat, AwareDatetime: moment_text}


def _json_writer(field: FieldInfo) -> Callable[[Any], str]:
    """Return the function that writes a field as JSON."""
    dump = TypeAdapter[Any](Any if field.annotation is None else field.annotation).serializer.to_json
    return lambda value: dump(value, exclude_defaults=True).decode()


def _bare(annotation: object) -> tuple[object, bool]:
    """Return the type that an annotation stands for, and whether it may be None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        named = [_bare(choice)[0] for choice in get_args(annotation) if choice is not type(None)]
        return named[0], True
    return (str if origin is Literal else annotation), False


def _holds_text(field: FieldInfo) -> str:
    """Return ``id`` or ``label`` for a field that holds several of these, otherwise an empty string."""
    if get_origin(field.annotation) is not tuple:
        return ""
    annotation = get_args(field.annotation)[0]
    constraints = [item for item in get_args(annotation)[1:] if isinstance(item, StringConstraints)]
    if not constraints:
        return ""
    return "id" if constraints[0].pattern == ID_PATTERN else "label"
