"""Paths, folders and zip archives as named bytes that are opened when they are asked for."""

from __future__ import annotations

import io
import os
import zipfile
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from capgraph.errors import ArgumentError, Issue, ParseError
from capgraph.formats.content import Limits, Opener, unpacked
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
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
    """Write a file as a whole: a reader sees the old or the new one, never a part.

    Raises
    ------
    OSError
        When it cannot be written; the message names the target.
    """
    waiting = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        waiting.write_bytes(data)
        waiting.replace(target)
    except OSError as error:
        raise _told(error, f"{target} cannot be written", _remedy(target)) from error
    finally:
        waiting.unlink(missing_ok=True)


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip archive; the same files give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _remedy(target: Path) -> str:
    """Return what to do about a file that cannot be written."""
    if target.is_dir():
        return "it is a folder; name a file in it"
    if not target.parent.is_dir():
        return f"make the folder {target.parent} first"
    return "check the permissions and the space on the disk, or name another place"


def _told(error: OSError, what: str, hint: str) -> OSError:
    """Return an error of the operating system in plain words; its number stays with its cause."""
    reason = f" ({error.strerror.lower()})" if error.strerror else ""
    return type(error)(f"{what}{reason}; {hint}")


@contextmanager
def named_failure() -> Generator[None]:
    """Say in plain words which path cannot be opened while the block runs, and suggest a near name in its folder."""
    try:
        yield
    except OSError as error:
        if not isinstance(error.filename, str):
            raise
        path = Path(error.filename)
        if isinstance(error, FileNotFoundError):
            raise FileNotFoundError(_missing(path)) from error
        hint = "check the permissions, or copy it to another place"
        raise _told(error, f"{path} cannot be opened", hint) from error


def _missing(path: Path) -> str:
    """Return what to say about a path at which there is nothing."""
    folder = path.parent
    if not folder.is_dir():
        return f"{path}: there is no folder {folder}; check the path"
    near = closest(path.name, [item.name for item in folder.iterdir()])
    return f"{path}: there is no such file or folder; " + (f"did you mean {near!r}?" if near else "check the path")


def check_argument(name: str, value: object, *types: type) -> None:
    """Refuse an argument of another type.

    Raises
    ------
    ArgumentError
        When it has none of the types.
    """
    if not isinstance(value, types):
        known = {"NoneType": "None", "PathLike": "path"}
        wanted = " or ".join(known.get(item.__name__, item.__name__) for item in types)
        raise ArgumentError(f"{name} is a {type(value).__name__}, not a {wanted}; give it as such")
