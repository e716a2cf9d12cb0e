"""Records that became nothing, as files in the layout of their source with the reasons, to be fixed and read again."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from capgraph.formats.identity import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from capgraph.ingest.spare import Spare

REASONS = ("import_place", "import_reason", "import_hint")
"""The columns that are added; a later import leaves them out."""

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[-+]?[\d.,]+%?")


def safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> safe("=2+5"), safe("-30"), safe("plain")
    ("'=2+5", '-30', 'plain')
    """
    return f"'{text}" if text.startswith(_ACTIVE) and not _NUMBER.fullmatch(text) else text


def rejected_files(spare: Iterable[Spare]) -> dict[str, str]:
    """Return the text of one CSV for each file and sheet with rejected records, by name.

    The columns are those of the source, then `REASONS`; cells past the last column follow them.
    """
    tables: dict[tuple[str, str], list[Spare]] = {}
    for item in spare:
        tables.setdefault((item.source, item.sheet), []).append(item)
    alone = len(tables) == 1
    return {
        "rejected.csv" if alone else f"rejected-{slug(f'{source} {sheet}')}.csv": _table(items)
        for (source, sheet), items in tables.items()
    }


def _table(items: Sequence[Spare]) -> str:
    """Return the records of one table as CSV."""
    columns = items[0].columns
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*map(safe, columns), *REASONS])
    for item in items:
        own, over = item.cells[: len(columns)], item.cells[len(columns) :]
        padded = [*own, *[""] * (len(columns) - len(own))]
        writer.writerow([*map(safe, padded), item.locator, item.reason, item.hint, *map(safe, over)])
    return stream.getvalue()


def write_rejected(spare: Iterable[Spare], folder: str | Path) -> list[Path]:
    """Write the records that became nothing into a folder, and return the paths; nothing where there are none.

    The files begin with a byte order mark, so that spreadsheets read them as UTF-8.
    """
    target = Path(folder)
    written = []
    for name, text in rejected_files(spare).items():
        target.mkdir(parents=True, exist_ok=True)
        path = target / name
        path.write_text(text, "utf-8-sig", newline="")
        written.append(path)
    return written
