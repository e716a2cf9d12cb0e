"""Files that hold no records, whatever their names say: they are known by their first bytes, and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats import delimited

if TYPE_CHECKING:
    from collections.abc import Collection

_MARKS = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"SQLite format 3\x00", "a database"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"MZ\x90\x00", "a program"),
    (b"\x7fELF", "a program"),
)
_DOCUMENTS = {"word/document.xml": "a Word document", "ppt/presentation.xml": "a presentation"}
_LINES = frozenset("\t\n\r\f\v\x00\x01\x02\x03\x1a\x1b\x1c\x1d\x1e\x1f")
"""Control characters that stand in texts: ends of cells, lines and files."""
_OTHERS = 8


def refuse_foreign(head: bytes, name: str) -> None:
    """Refuse a file whose first bytes say that it is none of records.

    Raises
    ------
    ParseError
        When it is a picture, a printed document, a database, an archive of another kind or no text at all.
    """
    kind = next((kind for mark, kind in _MARKS if head.startswith(mark)), "")
    if not kind and _is_no_text(head):
        kind = "no text"
    if kind:
        raise _refused(kind, name)


def refuse_document(entries: Collection[str], name: str) -> None:
    """Refuse an archive that is a document of an office program, and no workbook.

    Raises
    ------
    ParseError
        When it is one.
    """
    for entry, kind in _DOCUMENTS.items():
        if entry in entries:
            raise _refused(kind, name)


def _is_no_text(head: bytes) -> bool:
    """Return whether bytes that are no Unicode hold many kinds of signs that no text holds."""
    encoding = delimited.sniff_encoding([head])[0]
    if encoding.startswith("utf"):
        return False
    return len({sign for sign in head.decode(encoding, "replace") if sign < " "} - _LINES) >= _OTHERS


def _refused(kind: str, name: str) -> ParseError:
    """Return the error about a file of some kind."""
    hint = "export the table as CSV or XLSX, and import that"
    return ParseError([Issue("no-table-file", f"it is {kind}, and no table", hint=hint)], path=name)
