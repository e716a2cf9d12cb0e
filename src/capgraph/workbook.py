"""Workbooks: the only module that knows the library that writes them."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from capgraph.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from typing import BinaryIO

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@contextmanager
def open_workbook(target: Path | BinaryIO) -> Generator[Any]:
    """Open a workbook to be written, and write it to a file or stream at the end.

    Texts are written as texts, so that none is ever read as a formula; the same content gives the same bytes.

    Parameters
    ----------
    target : Path or binary stream
        Where the bytes go.

    Yields
    ------
    xlsxwriter.Workbook
        To be filled.

    Raises
    ------
    MissingDependencyError
        When the ``excel`` extra is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        package, extra = "XlsxWriter", "excel"
        raise MissingDependencyError(package, extra) from None
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        book.set_properties({"created": _EPOCH})
        yield book
