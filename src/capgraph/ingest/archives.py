"""Files, folders and archives as parts; the files of a course package, packed or not, are one part."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import IO, TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.content import unpacked
from capgraph.formats.olx import is_course
from capgraph.formats.packages import XML_SIZE
from capgraph.formats.tabular import is_workbook
from capgraph.ingest.foreign import refuse_document
from capgraph.ingest.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from capgraph.formats.content import Opener

_STRUCTURES = frozenset({"imsmanifest.xml", "cmi5.xml", "tincan.xml"})
_PACKAGES = _STRUCTURES | {"h5p.json", "moodle_backup.xml", "course.xml"}
_WORKBOOKS = frozenset({"xl/workbook.xml", "xl/workbook.bin", "content.xml"})
_DESCRIBING = (".xml", ".html", ".json")
_TABLES = (".csv", ".tsv", ".xlsx", ".xls", ".ods")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"
_DEEPEST = 4
_SKIPPED = (
    ".md", ".py", ".toml", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".pdf", ".docx", ".pptx", ".xsd", ".css", ".js",
)  # fmt: skip
_LEFT_BEHIND = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})


def is_packed(head: bytes) -> bool:
    """Return whether bytes are a workbook or another packed file."""
    return is_workbook(head) or head.startswith(_GZIP)


def of_path(path: Path) -> Iterator[Part]:
    """Yield the parts of a file or folder; what is wrong with one file of many is raised when it is opened.

    Raises
    ------
    ParseError
        When it is missing, or it is a single archive that is damaged or hostile.
    """
    if path.is_dir():
        yield from _of_folder(path)
    elif path.is_file():
        yield from _of_file(path, path.name)
    else:
        issue = Issue("no-such-file", f"{str(path)!r} is neither a file nor a folder", hint="check the path")
        raise ParseError([issue], path=str(path))


def of_bytes(name: str, data: bytes, depth: int = 0) -> Iterator[Part]:
    """Yield the part of named bytes, or those of an archive, which is so many archives deep.

    Raises
    ------
    ParseError
        When it is an archive that is damaged or hostile.
    """
    if data.startswith(_ZIP):
        yield from _of_archive(io.BytesIO(data), name, lambda: io.BytesIO(data), depth)
    else:
        yield Part(name, lambda: io.BytesIO(data), package=_is_package(name, data[: 1 << 16]))


def _of_folder(folder: Path) -> Iterator[Part]:
    """Yield the parts of a folder by name: its packages, and its other files."""
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    openers: dict[str, Opener] = {name: _opener(file) for name, file in files.items()}
    roots = _roots(openers)
    for name in sorted({*roots, *(name for name in files if not _is_inside(name, roots))}):
        if name in roots:
            packed = lambda root=name: io.BytesIO(_packed(openers, root))  # noqa: E731 - it is packed when it is opened
            yield Part(name or folder.name, packed, package=True, beside=_beside(openers, name))
        elif not _is_passed_over(name):
            yield from _guarded(name, lambda name=name: _of_link(folder, files[name], name))  # type: ignore[misc]


def _opener(file: Path) -> Opener:
    """Return what opens a file."""
    return lambda: file.open("rb")


def _of_link(folder: Path, file: Path, name: str) -> Iterator[Part]:
    """Yield the parts of a file in a folder, unless it only is a link to something outside of it."""
    if file.is_symlink() and folder.resolve() not in file.resolve().parents:
        issue = Issue("link", f"{name!r} is a link that leads out of the folder", (name,), hint="copy the file itself")
        raise ParseError([issue], path=name)
    yield from _of_file(file, name)


def _guarded(name: str, parts: Callable[[], Iterator[Part]]) -> Iterator[Part]:
    """Yield the parts of one of several files; what is wrong with it is raised when it is opened."""
    try:
        yield from list(parts())
    except ParseError as error:
        yield Part(name, _raising(error))


def _raising(error: ParseError) -> Callable[[], IO[bytes]]:
    """Return an opener that raises."""

    def opened() -> IO[bytes]:
        raise error

    return opened


def _of_file(path: Path, name: str) -> Iterator[Part]:
    """Yield the part of a file, or those of an archive."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
        if head.startswith(_ZIP):
            yield from list(_of_archive(stream, name, _opener(path), 0))
            return
    yield Part(name, _opener(path), package=_is_package(name, head))


def _of_archive(stream: IO[bytes], name: str, whole: Opener, depth: int) -> Iterator[Part]:
    """Yield the part of a workbook or a package, or the parts of an archive that is a folder by another name.

    Parameters
    ----------
    stream : binary file
        The archive.
    name : str
        Its name.
    whole : callable
        Opens it again.
    depth : int
        In how many archives it lies.
    """
    try:
        entries = unpacked(stream)  # type: ignore[arg-type]
    except ParseError as error:
        raise ParseError(error.issues, path=name) from None
    refuse_document(entries, name)
    roots = _roots(entries)
    outside = [entry for entry in entries if not _is_inside(entry, roots) and not _is_passed_over(entry)]
    if not _WORKBOOKS.isdisjoint(entries):
        yield Part(name, whole)
    elif len(roots) == 1 and not outside:
        beside = _beside(entries, roots[0])
        yield _of_package(entries, roots[0], name) if depth else Part(name, whole, package=True, beside=beside)
    elif depth == _DEEPEST:
        issue = Issue("nested-archives", f"it lies in {depth} archives", hint="unpack them, and import what is inside")
        raise ParseError([issue], path=name)
    else:
        for inside in sorted({*roots, *outside}):
            if inside in roots:
                yield _of_package(entries, inside, f"{name}/{inside}".rstrip("/"))
            else:
                yield from _guarded(f"{name}/{inside}", _inner(f"{name}/{inside}", entries[inside], depth + 1))


def _inner(name: str, opened: Opener, depth: int) -> Callable[[], Iterator[Part]]:
    """Return what yields the parts of an entry of an archive."""

    def parts() -> Iterator[Part]:
        with opened() as entry:
            yield from of_bytes(name, entry.read(), depth)

    return parts


def _of_package(entries: Mapping[str, Opener], root: str, name: str) -> Part:
    """Return the part of a package in an archive, which is packed anew, since the archive is closed later."""
    data = _packed(entries, root)
    return Part(name, lambda: io.BytesIO(data), package=True, beside=_beside(entries, root))


def _packed(entries: Mapping[str, Opener], root: str) -> bytes:
    """Return the files of a package that describe it as an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(entries):
            if _is_inside(name, [root]) and name.lower().endswith(_DESCRIBING):
                with entries[name]() as entry:
                    data = entry.read(XML_SIZE + 1)
                archive.writestr(name, data)
    return stream.getvalue()


def _beside(names: Collection[str], root: str) -> tuple[str, ...]:
    """Return the tables in the folder of a package, which nobody reads."""
    return tuple(name for name in names if posixpath.dirname(name) == root and name.lower().endswith(_TABLES))


def _roots(entries: Mapping[str, Opener]) -> list[str]:
    """Return the folders that are course packages, the outermost alone; an empty text is the whole."""
    found = sorted({posixpath.dirname(name) for name, opened in entries.items() if _describes(name, opened)})
    return [root for root in found if not _is_inside(root, [other for other in found if other != root])]


def _describes(name: str, opened: Opener) -> bool:
    """Return whether a file says that its folder is a course package."""
    file = posixpath.basename(name).lower()
    if file not in _PACKAGES or _is_passed_over(name):
        return False
    if file != "course.xml":
        return True
    with opened() as stream:
        return is_course(stream.read(1 << 12))


def _is_inside(name: str, roots: Collection[str]) -> bool:
    """Return whether a file or folder is one of some folders, or in one of them."""
    return any(not root or name == root or name.startswith(f"{root}/") for root in roots)


def _is_passed_over(name: str) -> bool:
    """Return whether a file in a folder holds no records: pictures and the like, and what systems leave behind."""
    steps = name.lower().split("/")
    left = steps[-1] in _LEFT_BEHIND or any(step == "__macosx" or step.startswith((".", "~$")) for step in steps)
    return left or steps[-1].endswith(_SKIPPED)


def _is_package(name: str, head: bytes) -> bool:
    """Return whether a file is a course package: a packed tar, or what describes a package, by itself."""
    file = posixpath.basename(name).lower()
    if head.startswith(_GZIP) or file in _STRUCTURES:
        return True
    return (b"courseStructure" in head[:4096] and b"cmi5" in head[:4096]) or (file == "course.xml" and is_course(head))
