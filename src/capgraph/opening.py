"""Paths, folders and zip archives as named bytes that are opened when they are asked for."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.content import Limits, Opener, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import ExitStack

StrPath = str | PathLike[str]
"""A path, as text or as a path object."""

_ZIP = b"PK\x03\x04"


def opened(paths: Iterable[StrPath], limits: Limits, stack: ExitStack) -> Iterator[tuple[str, bytes | Opener]]:
    """Yield the files under the paths by name; archives are looked into, never extracted.

    Parameters
    ----------
    paths : iterable of path
        Files, folders (hidden files are left out) and zip archives.
    limits : Limits
        What is refused.
    stack : ExitStack
        What keeps the archives open as long as they are needed.

    Raises
    ------
    FileNotFoundError
        When a path does not exist.
    ParseError
        When a limit is exceeded, or an archive is damaged or leads out of itself.
    """
    given = [Path(path) for path in paths]
    for path in given:
        files = sorted(_files_in(path, limits)) if path.is_dir() else [path]
        for file in files:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            yield from _file(file, name, limits, stack)


def _files_in(folder: Path, limits: Limits) -> Iterator[Path]:
    """Yield the files of a folder, hidden ones left out."""
    count = 0
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if hidden or not file.is_file():
            continue
        count += 1
        if count > limits.count:
            hint = "name a smaller folder, or raise the limit (limits=)"
            text = f"the folder holds more than {limits.count:,} files"
            raise ParseError([Issue("too-many-files", text, where=str(folder), hint=hint)])
        yield file


def _file(file: Path, name: str, limits: Limits, stack: ExitStack) -> Iterator[tuple[str, bytes | Opener]]:
    """Yield a file, or the files of a zip archive that is no workbook."""
    with file.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(_ZIP):
        archive = stack.enter_context(file.open("rb"))
        inside = unpacked(archive, limits=limits)
        if not is_office(inside):
            yield from inside.items()
            return
    size = file.stat().st_size
    if size > limits.size:
        text = f"{name!r} holds {size:,} bytes, more than {limits.size:,}"
        raise ParseError([Issue("too-large", text, (name,), name, "split it, or raise the limit (limits=)")])
    yield name, lambda: file.open("rb")


def is_office(names: Iterable[str]) -> bool:
    """Return whether an archive is a workbook or another office document, and not a parcel of files."""
    return any(name in {"[Content_Types].xml", "content.xml", "xl/workbook.bin"} for name in names)


def replace_file(target: Path, data: bytes) -> None:
    """Write a file as a whole: a reader sees the old or the new one, never a part."""
    waiting = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        waiting.write_bytes(data)
        waiting.replace(target)
    finally:
        waiting.unlink(missing_ok=True)
