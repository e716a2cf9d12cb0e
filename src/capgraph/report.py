"""Report: the shape of every answer."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from capgraph.errors import MissingDependencyError
from capgraph.model import Model
from capgraph.table import Table

if TYPE_CHECKING:
    from capgraph.links import Link

Row = TypeVar("Row", bound="ReportRow")

FrameLibrary = Literal["pandas", "polars", "pyarrow"]
_FRAMES: tuple[FrameLibrary, ...] = ("pandas", "polars", "pyarrow")
_SHOWN_ROWS = 60


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence behind a row: a link, a record or a rule."""

    kind: str
    """``link``, ``record`` or ``rule``."""
    text: str
    """What it says, in one sentence."""
    ids: tuple[str, ...] = ()
    """The ids it is about, in the order in which the text uses them."""
    data: object = None
    """The link or record itself, where there is one."""

    @classmethod
    def of_link(cls, link: Link, text: str = "") -> Fact:
        """Return the fact that a document states a link."""
        said = text or f"{link.source} {link.relation.replace('_', ' ')} {link.target}"
        return cls("link", said, (link.source, link.target), link)


class Facts(Sequence[Fact]):
    """Facts that are put into words when somebody looks at them first.

    Parameters
    ----------
    tell : callable
        Returns the facts; called once at most.
    """

    __slots__ = ("_known", "_tell")

    def __init__(self, tell: Callable[[], Iterable[Fact]]) -> None:
        self._tell = tell
        self._known: tuple[Fact, ...] | None = None

    def _facts(self) -> tuple[Fact, ...]:
        """Return the facts."""
        if self._known is None:
            self._known = tuple(self._tell())
        return self._known

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - a fact for a place, facts for a slice
        return self._facts()[place]

    def __len__(self) -> int:
        return len(self._facts())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._facts(),)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One row of a report: a frozen dataclass whose fields, but `because`, are the columns in their order."""

    because: Sequence[Fact] = dataclasses.field(default=(), repr=False, compare=False)
    """The evidence for the row."""

    def tone(self) -> str:
        """Return ``good``, ``fair``, ``poor``, ``open`` or nothing: how the row is colored."""
        return ""


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Report(Generic[Row]):
    """An answer: frozen rows in a documented total order, with the evidence inside.

    Subclasses add figures about the whole answer as fields, which `summary` lists.
    """

    name: ClassVar[str] = "report"
    """The name of the question."""
    row_type: ClassVar[type[ReportRow]] = ReportRow
    """The class of the rows; its fields are the columns."""

    records: tuple[Row, ...] = ()
    """The rows, in the documented order."""
    notes: tuple[str, ...] = ()
    """What a reader must know to read the rows rightly, one sentence each."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(field.name for field in dataclasses.fields(self.row_type) if field.name != "because")

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.records)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as plain dicts in the documented order, with plain lists and dicts inside.

        Notes
        -----
        Linear in the cells.
        """
        return [{name: _plain(getattr(record, name)) for name in self.columns} for record in self.records]

    def evidence(self, row: int) -> list[dict[str, Any]]:
        """Return the evidence of one row as plain dicts with ``kind``, ``text``, ``ids`` and ``data``.

        Parameters
        ----------
        row : int
            The place of the row, from 0.

        Raises
        ------
        IndexError
            When there is no such row.
        """
        return [
            {"kind": fact.kind, "text": fact.text, "ids": list(fact.ids), "data": _plain(fact.data)}
            for fact in self.records[row].because
        ]

    def summary(self) -> dict[str, Any]:
        """Return the figures about the whole answer as a plain dict."""
        own = {field.name for field in dataclasses.fields(Report)}
        return {
            field.name: _plain(getattr(self, field.name))
            for field in dataclasses.fields(self)
            if field.name not in own and field.repr
        }

    def to_frame(self, library: FrameLibrary | None = None) -> Any:  # noqa: ANN401 - the caller's own data-frame type
        """Return the rows as a data frame; list cells stay lists, money becomes text.

        Parameters
        ----------
        library : str or None
            ``pandas``, ``polars`` or ``pyarrow``; None for the first of them that is imported already, else installed.

        Raises
        ------
        MissingDependencyError
            When the library asked for, or any of them, is not installed.
        """
        import narwhals as nw

        rows = [{name: _cell(value) for name, value in row.items()} for row in self.rows()]
        data = {name: [row[name] for row in rows] for name in self.columns}
        chosen = library or frame_library(sys.modules)
        if find_spec(chosen) is None:
            raise MissingDependencyError(chosen, "frames")
        return nw.from_dict(data, backend=chosen).to_native()

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the answer as JSON text: ``report``, ``summary``, ``notes`` and ``rows``."""
        answer = {"report": self.name, "summary": self.summary(), "notes": list(self.notes), "rows": self.rows()}
        return json.dumps(answer, ensure_ascii=False, indent=indent, default=_cell)

    def table(self, *, limit: int | None = None) -> Table:
        """Return the rows as text cells, at most `limit` of them, without the columns that are empty in all of them."""
        shown = self.records[:limit]
        cells = {name: [_shown(getattr(record, name)) for record in shown] for name in self.columns}
        columns = tuple(name for name, column in cells.items() if any(column) or not shown)
        return Table(
            title=self.name.replace("_", " "),
            columns=columns,
            cells=tuple(zip(*(cells[name] for name in columns), strict=True)),
            tones=tuple(record.tone() for record in shown),
            figures=tuple(f"{name} {_shown(value)}" for name, value in self.summary().items() if _is_short(value)),
            notes=self.notes,
            hidden=len(self.records) - len(shown),
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.records)} rows>"

    def __str__(self) -> str:
        return self.table().to_text()

    def _repr_html_(self) -> str:
        return self.table(limit=_SHOWN_ROWS).to_html()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any cell
    """Return a value as plain dicts and lists; ids, numbers, dates and money stay what they are."""
    if isinstance(value, Report):
        return {"summary": value.summary(), "rows": value.rows()}
    fields = _fields(value)
    if fields is not None:
        return {key: _plain(item) for key, item in fields.items()}
    if isinstance(value, set | frozenset):
        return [_plain(item) for item in sorted(value)]
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _fields(value: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - any cell
    """Return the named parts of a value, or None where it has none."""
    if isinstance(value, Model):
        return value.to_dict()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return value
    named = getattr(value, "_asdict", None)
    return named() if isinstance(value, tuple) and named is not None else None


def _cell(value: Any) -> Any:  # noqa: ANN401 - any cell
    """Return a value that JSON and data frames hold."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=_cell)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value


def _shown(value: Any) -> str:  # noqa: ANN401 - any cell
    """Return a cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(_shown(item) for item in value)
    return str(value)


def _is_short(value: object) -> bool:
    """Return whether a figure fits into the line above a table."""
    return not isinstance(value, dict | list) and value is not None


def frame_library(loaded: Container[str]) -> FrameLibrary:
    """Return the data-frame library to use: one that is loaded already, else one that is installed."""
    for name in _FRAMES:
        if name in loaded:
            return name
    for name in _FRAMES:
        if find_spec(name) is not None:
            return name
    package, extra = "pandas, polars or pyarrow", "frames"
    raise MissingDependencyError(package, extra)
