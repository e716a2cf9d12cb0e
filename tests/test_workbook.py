"""Workbooks hold texts as texts, and the same content gives the same bytes."""

from __future__ import annotations

import io
import sys

import openpyxl
import pytest

from capgraph.errors import MissingDependencyError
from capgraph.workbook import open_workbook


def _written() -> bytes:
    """Return a workbook that holds what looks like a formula, an address and a number."""
    target = io.BytesIO()
    with open_workbook(target) as book:
        book.add_worksheet("Texts").write_row(0, 0, ["=1+1", "https://example.org", "007"])
    return target.getvalue()


def test_texts_stay_texts() -> None:
    """No text becomes a formula, a link or a number."""
    row = openpyxl.load_workbook(io.BytesIO(_written()))["Texts"][1]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in row] == [
        ("=1+1", "s", None),
        ("https://example.org", "s", None),
        ("007", "s", None),
    ]


def test_the_same_content_gives_the_same_bytes() -> None:
    """Neither the clock nor the machine gets into the file."""
    assert _written() == _written()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which extra brings it."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingDependencyError, match=r"XlsxWriter.*capgraph\[excel\]"):
        _written()
