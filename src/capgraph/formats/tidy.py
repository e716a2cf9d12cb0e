"""The tidy bundle: one table a sheet, as CSV files in a folder or archive, or as one workbook.

Every member of the document is a row, and what it has several of, such as the requirements of a role, is a table of its
own.  Texts stand as they are; other values as JSON.  A text that a spreadsheet would take for a formula begins with an
apostrophe, which reading takes away again.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError, UnsupportedError
from capgraph.formats.draft import Draft
from capgraph.formats.fixed import header_of, rows_of
from capgraph.formats.record import EVERYTHING, NO, Format, Sniff
from capgraph.formats.tabular import as_text, is_workbook, sheets
from capgraph.formats.tidy_fields import SUBTABLES, cell_of, columns_of, required_texts, value_of
from capgraph.model import DOCUMENTS
from capgraph.workbook import open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger
    from capgraph.model import Document, Model

VERSION = "1.0"
_KINDS = {kind.kind: kind for kind in DOCUMENTS}
_HEAD = ["field", "value"]
_LONGEST_CELL = 32_767
_Table = list[list[str]]


def tables_of(document: Document) -> dict[str, _Table]:
    """Return the tables of a document as texts, each with its header; tables without rows are left out."""
    plain = document.model_dump(exclude=set(document.tables), exclude_defaults=True)
    fields = [[name, cell_of(type(document), name, value)] for name, value in plain.items()]
    found = {"document": [_HEAD, ["capgraph", VERSION], ["document", document.kind], *fields]}
    for table in document.tables:
        members = getattr(document, table)
        if members:
            found[table] = _table(members, omit=SUBTABLES.get(table, ("", "", ""))[0])
        if table in SUBTABLES:
            field, name, owner = SUBTABLES[table]
            parts = [(member.id, part) for member in members for part in getattr(member, field)]
            if parts:
                rows = _table([part for _, part in parts], omit="")
                owners = [owner, *(id_ for id_, _ in parts)]
                found[name] = [[cell_of(None, "", own), *row] for own, row in zip(owners, rows, strict=True)]
    return found


def _table(members: list[Model] | tuple[Model, ...], *, omit: str) -> _Table:
    """Return members as rows under the names of the fields that at least one of them uses."""
    kind = type(members[0])
    rows = [member.model_dump(exclude_defaults=True, exclude={omit}) for member in members]
    used = [name for name in kind.model_fields if any(name in row for row in rows)]
    return [used, *([cell_of(kind, name, row[name]) if name in row else "" for name in used] for row in rows)]


def write_csv(document: Document, ledger: Ledger) -> dict[str, bytes]:
    """Return the tables as CSV files in UTF-8 with a byte order mark, so that spreadsheets read them rightly."""
    rendered = {}
    for name, table in tables_of(document).items():
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows(table)
        rendered[f"{name}.csv"] = stream.getvalue().encode("utf-8-sig")
        ledger.note("kept", name, count=len(table) - 1)
    return rendered


def write_workbook(document: Document, ledger: Ledger) -> bytes:
    """Return the tables as the sheets of one workbook.

    Raises
    ------
    MissingDependencyError
        When xlsxwriter is not installed.
    """
    buffer = io.BytesIO()
    with open_workbook(buffer) as book:
        bold = book.add_format({"bold": True})
        for name, table in tables_of(document).items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(table):
                for column, text in enumerate(row):
                    _refuse_long(text, f"{name} row:{number + 1}")
                    sheet.write_string(number, column, text, bold if number == 0 else None)
            ledger.note("kept", name, count=len(table) - 1)
    return buffer.getvalue()


def _refuse_long(text: str, place: str) -> None:
    """Refuse a text that no cell of a workbook holds."""
    if len(text) > _LONGEST_CELL:
        raise UnsupportedError(
            f"{place}: a text of {len(text):,} characters fits into no cell of a workbook; write it as tidy",
            format="tidy-xlsx",
        )


def read_tidy(content: Content, ledger: Ledger, *, kind: str = "") -> Document:
    """Return the document of a tidy bundle."""
    found = dict(_sheets(content))
    about = {row[0]: row[1] for _, row in found.pop("document", ("", []))[1][1:] if len(row) > 1 and row[0]}
    model = _model(about.pop("document", ""), about.pop("capgraph", ""), wanted=kind)
    reader = _Reader(Draft(model, ledger), model)
    reader.draft.fields = reader.values(model, dict(about), "document")
    for table in model.tables:
        if table in found:
            reader.members(table, *found.pop(table))
        name = SUBTABLES.get(table, ("", "", ""))[1]
        if name in found:
            reader.parts(table, *found.pop(name))
    for name in found:
        ledger.note("dropped", "file", reason="no table of this kind of document", place=name)
    document: Document = reader.draft.build()
    return document


def _model(stated: str, version: str, *, wanted: str) -> type[Document]:
    """Return the class of the document that a bundle states; another kind or version is refused."""
    if stated not in _KINDS or (wanted and stated != wanted):
        other = f"the bundle holds a {stated}, not a {wanted}"
        text = other if stated in _KINDS else f"{stated!r} is no kind of document"
        raise ParseError([Issue("wrong-document", text, (), "document", f"state one of {', '.join(_KINDS)}")])
    if version.partition(".")[0] != "1":
        text = f"{version!r} is no version of the tidy bundle that this library knows"
        raise ParseError([Issue("wrong-version", text, (), "document", "use a library that knows it")])
    return _KINDS[stated]


def _sheets(content: Content) -> Iterator[tuple[str, tuple[str, list[tuple[int, list[str]]]]]]:
    """Yield each table by name, with its place and its numbered rows; the header is the first."""
    for name in content:
        if name.lower().endswith(".csv"):
            rows = list(enumerate(rows_of(content, name), start=1))
            yield name.rpartition("/")[2][:-4], (name, rows)
        elif is_workbook(content.head(name)):
            for sheet in sheets(content[name], name):
                rows = [
                    (number, [_shown(cell) for cell in row])
                    for number, row in zip(sheet.numbers, sheet.rows, strict=True)
                ]
                yield sheet.name, (sheet.name, rows)


def _shown(cell: object) -> str:
    """Return a cell as text, as it was written."""
    return cell if isinstance(cell, str) else as_text(cell)  # type: ignore[arg-type]


class _Reader:
    """The tables on their way into a document."""

    def __init__(self, draft: Draft[Any], kind: type[Document]) -> None:
        self.draft = draft
        self.kind = kind

    def members(self, table: str, name: str, rows: list[tuple[int, list[str]]]) -> None:
        """Take in the rows of a table of members."""
        kind = self.kind.model_fields[table].annotation.__args__[0]  # type: ignore[union-attr]
        for place, row in self._records(name, rows):
            record = self.values(kind, row, place)
            self.draft.add(table, record, place=place, key=str(record.get("id", place)))
        self.draft.ledger.note("kept", table, count=len(self.draft.tables[table]))

    def parts(self, table: str, name: str, rows: list[tuple[int, list[str]]]) -> None:
        """Take in the rows of a table of parts, and give them to the members that they belong to."""
        field, _, owner = SUBTABLES[table]
        member = self.kind.model_fields[table].annotation.__args__[0]  # type: ignore[union-attr]
        kind = member.model_fields[field].annotation.__args__[0]
        for place, row in self._records(name, rows):
            own = value_of(None, "", row.pop(owner, ""))
            record = self.draft.tables[table].get(own)
            if record is None:
                text = f"{own!r} is no {owner} of this bundle"
                self.draft.problem(
                    "dangling-reference", text, ids=(own,), place=place, hint="add it, or correct the id"
                )
                self.draft.ledger.note("dropped", name, reason="belongs to nothing", place=place)
                continue
            record.setdefault(field, []).append(self.values(kind, row, place))

    @staticmethod
    def _records(name: str, rows: list[tuple[int, list[str]]]) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the place and the cells by column of each row below the header that is not empty."""
        header = rows[0][1] if rows else []
        for number, row in rows[1:]:
            if any(row):
                yield f"{name} row:{number}", dict(zip(header, row, strict=False))

    def values(self, kind: type[Model], row: Mapping[str, str], place: str) -> dict[str, Any]:
        """Return the fields of a row; what no field is or cannot be read is listed."""
        record: dict[str, Any] = dict.fromkeys(required_texts(kind), "")
        for column, text in row.items():
            if not text:
                continue
            if column not in columns_of(kind):
                self.draft.problem("unknown-column", f"{column!r} is no field", place=place, hint="delete the column")
                self.draft.ledger.note("dropped", column, reason="no field of it", place=place)
                continue
            try:
                record[column] = value_of(kind, column, text)
            except (json.JSONDecodeError, RecursionError) as error:
                told = f"the cell for {column} is not JSON: {error}"
                self.draft.problem("bad-cell", told, place=place, hint="correct it")
                self.draft.ledger.note("dropped", column, reason="not JSON", place=place)
        return record


def _sniff(content: Content, kind: str, *, workbook: bool) -> Sniff:
    """Return whether there is a table named document that states the version."""
    if workbook:
        name = next((name for name in content if is_workbook(content.head(name))), "")
        if not name or len(content) > 1:
            return NO
        try:
            first = next((sheet for sheet in sheets(content[name], name) if sheet.name == "document"), None)
        except ParseError:
            return NO
        rows = first.rows[:3] if first else ()
    else:
        name = next((name for name in content if name.rpartition("/")[2] == "document.csv"), "")
        if not name or header_of(content, name) != _HEAD:
            return Sniff(0.0, missing=("document.csv with field and value",))
        rows = tuple(map(tuple, rows_of(content, name)))[:3]
    said = {row[0]: row[1] for row in rows if len(row) > 1}
    if "capgraph" not in said or (kind and said.get("document") != kind):
        return Sniff(0.2, missing=(f"a document of the kind {kind}" if kind else "its tables",))
    return Sniff(1.0, ("has a table named document with the version",))


def _sniff_csv(content: Content, kind: str) -> Sniff:
    """Return whether the content is a bundle of CSV files."""
    return _sniff(content, kind, workbook=False)


def _sniff_workbook(content: Content, kind: str) -> Sniff:
    """Return whether the content is a bundle in a workbook."""
    return _sniff(content, kind, workbook=True)


FORMAT = Format(
    name="tidy",
    title="Tidy tables (CSV files)",
    extensions=(".zip",),
    reads=tuple(_KINDS),
    writes=tuple(_KINDS),
    carries={"*": EVERYTHING},
    sniff=_sniff_csv,
    reader=read_tidy,
    writer=write_csv,
    notes="Loses nothing; one file a table, safe against formulas in cells.",
    fixture="files of its own",
)
WORKBOOK = Format(
    name="tidy-xlsx",
    title="Tidy tables (XLSX)",
    extensions=(".xlsx",),
    reads=tuple(_KINDS),
    writes=tuple(_KINDS),
    carries={"*": EVERYTHING},
    sniff=_sniff_workbook,
    reader=read_tidy,
    writer=write_workbook,
    notes="Loses nothing; one sheet a table. Writing needs the extra `excel`.",
    fixture="files of its own",
)
