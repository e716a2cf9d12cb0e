"""Where records come from: files, folders, archives, bytes and rows, as named parts that are opened one by one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from capgraph.errors import Issue, ParseError
from capgraph.ingest.archives import of_bytes, of_path
from capgraph.ingest.part import Part

Source = str | Path | bytes | Mapping[str, bytes] | Iterable[Any]
"""A file, a folder, an archive, bytes, named bytes, a data frame, or an iterable of these or of rows as mappings."""


def parts(source: Source) -> Iterator[Part]:
    """Yield the parts of a source, those of a folder by name.

    Raises
    ------
    ParseError
        When a file is missing, or an archive is damaged or hostile.
    """
    if isinstance(source, str | Path):
        yield from of_path(Path(source))
    elif isinstance(source, bytes):
        yield from of_bytes("data", source)
    elif isinstance(source, Mapping):
        for name, data in sorted(source.items()):
            yield from of_bytes(name, _checked(name, data))
    else:
        rows = _frame_rows(source)
        yield from _of_items(list(source) if rows is None else rows)


def _checked(name: str, data: object) -> bytes:
    """Return what a mapping holds under a name, where it is bytes."""
    if not isinstance(data, bytes):
        told = f"{name!r} holds {type(data).__name__}, not bytes"
        hint = "give rows as a list of mappings, or a data frame"
        raise ParseError([Issue("no-bytes", told, hint=hint)], path=str(name))
    return data


def _frame_rows(source: Any) -> list[Any] | None:  # noqa: ANN401 - any frame, or any iterable
    """Return the rows of a data frame of any library, with what a named index holds; None for what is no data frame."""
    if isinstance(source, list | tuple | set | frozenset | Iterator):
        return None
    import narwhals as nw

    names = getattr(getattr(source, "index", None), "names", ())
    if levels := [name for name in names if name is not None and name not in source.columns]:
        source = source.reset_index(level=levels)
    try:
        frame = nw.from_native(source, pass_through=True)
    except nw.exceptions.DuplicateError:
        hint = "give each column a name of its own"
        raise ParseError([Issue("column-repeated", "two columns have one name", hint=hint)], path="rows") from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if not isinstance(frame, nw.DataFrame):
        return None
    return list(frame.iter_rows(named=True))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any cell
    """Return a cell as plain Python holds it; one that is not a number, or not a time, holds nothing."""
    if isinstance(value, float) or type(value).__name__ == "NaTType":
        return None if value != value else float(value)  # noqa: PLR0124 - true of NaN alone
    return value.item() if hasattr(value, "item") else value


def _of_items(items: list[Any]) -> Iterator[Part]:
    """Yield the parts of several sources; mappings of anything but bytes are the rows of one part."""
    rows = [
        {str(name): _plain(value) for name, value in item.items()}
        for item in items
        if isinstance(item, Mapping) and not _is_named_bytes(item)
    ]
    if rows:
        yield Part("rows", io.BytesIO, tuple(rows))
    for item in items:
        if not isinstance(item, Mapping) or _is_named_bytes(item):
            yield from parts(item)


def _is_named_bytes(item: Mapping[str, Any]) -> bool:
    """Return whether a mapping names bytes, and is no row."""
    return bool(item) and all(isinstance(value, bytes) for value in item.values())
