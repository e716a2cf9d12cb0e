"""Where records come from: files, folders, archives, bytes and rows, as named parts that are opened one by one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.content import LIMITS, unpacked
from capgraph.formats.tabular import is_workbook

Source = str | Path | bytes | Mapping[str, bytes] | Iterable[Any]
"""A file, a folder, an archive, bytes, named bytes, a data frame, or an iterable of these or of rows as mappings."""

_PACKAGES = ("imsmanifest.xml", "cmi5.xml", "course.xml")
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
_ARCHIVES = (".zip", ".imscc")
_ZIP = b"PK\x03\x04"
_GZIP = b"\x1f\x8b"
_SKIPPED = (
    ".md",
    ".py",
    ".toml",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".svg",
    ".pdf",
    ".docx",
    ".pptx",
    ".xsd",
    ".css",
    ".js",
)
_LEFT_BEHIND = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to read: a file, an entry of an archive, or rows."""

    name: str
    """Its name, for locators and messages."""
    open: Callable[[], IO[bytes]]
    """Opens its bytes."""
    rows: tuple[Mapping[str, Any], ...] | None = None
    """Its rows, where they were given as mappings."""
    package: bool = False
    """Whether it is a course package: an archive that is one asset."""

    def head(self, size: int = 1 << 16) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def chunks(self) -> Iterator[bytes]:
        """Yield all bytes, a megabyte at a time."""
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def read(self) -> bytes:
        """Return all bytes.

        Raises
        ------
        ParseError
            When there are more than the limit allows.
        """
        with self.open() as stream:
            data = stream.read(LIMITS.size + 1)
        if len(data) > LIMITS.size:
            issue = Issue("too-large", f"{self.name!r} holds more than {LIMITS.size:,} bytes", hint="split it")
            raise ParseError([issue], path=self.name)
        return data


def parts(source: Source) -> Iterator[Part]:
    """Yield the parts of a source, those of a folder by name.

    Raises
    ------
    ParseError
        When a file is missing, or an archive is damaged or hostile.
    """
    if isinstance(source, str | Path):
        yield from _of_path(Path(source))
    elif isinstance(source, bytes):
        yield from _of_bytes("data", source)
    elif isinstance(source, Mapping):
        for name, data in sorted(source.items()):
            yield from _of_bytes(name, _checked(name, data))
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


def _of_path(path: Path) -> Iterator[Part]:
    """Yield the parts of a file or folder."""
    if path.is_dir():
        if any((path / name).is_file() for name in _PACKAGES):
            yield Part(path.name, lambda: _packed(path), package=True)
            return
        for file in sorted(path.rglob("*")):
            if file.is_file() and not _is_passed_over(file.relative_to(path).as_posix()):
                yield from _guarded(file, file.relative_to(path).as_posix())
    elif path.is_file():
        yield from _of_file(path, path.name)
    else:
        issue = Issue("no-such-file", f"{str(path)!r} is neither a file nor a folder", hint="check the path")
        raise ParseError([issue], path=str(path))


def _is_passed_over(name: str) -> bool:
    """Return whether a file in a folder holds no records: pictures and the like, and what systems leave behind."""
    steps = name.lower().split("/")
    left = steps[-1] in _LEFT_BEHIND or any(step == "__macosx" or step.startswith((".", "~$")) for step in steps)
    return left or steps[-1].endswith(_SKIPPED)


def _guarded(path: Path, name: str) -> Iterator[Part]:
    """Yield the parts of a file in a folder; what is wrong with one of many is raised when it is opened."""
    try:
        yield from list(_of_file(path, name))
    except ParseError as error:
        yield Part(name, _raising(error))


def _raising(error: ParseError) -> Callable[[], IO[bytes]]:
    """Return an opener that raises."""

    def opened() -> IO[bytes]:
        raise error

    return opened


def _packed(path: Path) -> IO[bytes]:
    """Return a folder as an archive in memory, of its text files alone."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for file in sorted(path.rglob("*")):
            if file.is_file() and file.suffix.lower() in {".xml", ".html"}:
                archive.write(file, file.relative_to(path).as_posix())
    stream.seek(0)
    return stream


def _of_file(path: Path, name: str) -> Iterator[Part]:
    """Yield the part of a file, or those of an archive."""
    with path.open("rb") as stream:
        head = stream.read(1 << 16)
        packed = head.startswith(_ZIP)
        if packed and not _is_one(unpacked_names(stream, name)):
            stream.seek(0)
            yield from _of_archive(stream, name)
            return
        package = packed and _is_package(unpacked_names(stream, name))
    yield Part(name, lambda: path.open("rb"), package=package or _is_tar(name) or _is_structure(name, head))


def _is_tar(name: str) -> bool:
    """Return whether a name is that of a compressed tar."""
    return name.lower().endswith((".tar.gz", ".tgz"))


def _is_structure(name: str, head: bytes) -> bool:
    """Return whether a file is a cmi5 course structure or a manifest, by itself."""
    file = name.rsplit("/", 1)[-1].lower()
    return file in _PACKAGES[:2] or (b"courseStructure" in head[:4096] and b"cmi5" in head[:4096])


def _of_bytes(name: str, data: bytes) -> Iterator[Part]:
    """Yield the part of named bytes, or those of an archive."""
    if data.startswith(_ZIP):
        names = unpacked_names(io.BytesIO(data), name)
        if not _is_one(names):
            yield from _of_archive(io.BytesIO(data), name)
            return
        yield Part(name, lambda: io.BytesIO(data), package=_is_package(names))
        return
    yield Part(name, lambda: io.BytesIO(data), package=_is_tar(name) or _is_structure(name, data))


def unpacked_names(stream: IO[bytes], name: str) -> list[str]:
    """Return the names in an archive, after the checks against hostile ones."""
    stream.seek(0)
    try:
        return list(unpacked(stream))  # type: ignore[arg-type]
    except ParseError as error:
        raise ParseError(error.issues, path=name) from None


def _of_archive(stream: IO[bytes], name: str) -> Iterator[Part]:
    """Yield the parts inside an archive that is a folder by another name."""
    for inside, opened in sorted(unpacked(stream).items()):  # type: ignore[arg-type]
        if not _is_passed_over(inside):
            with opened() as entry:
                yield from _of_bytes(f"{name}/{inside}", entry.read())


def _is_package(names: list[str]) -> bool:
    """Return whether an archive with these names is a course package."""
    return any(name.rsplit("/", 1)[-1] in _PACKAGES for name in names)


def _is_one(names: list[str]) -> bool:
    """Return whether an archive with these names is one thing: a workbook or a course package."""
    return _is_package(names) or any(name in _WORKBOOKS for name in names)


def is_packed(head: bytes) -> bool:
    """Return whether bytes are a workbook or another packed file."""
    return is_workbook(head) or head.startswith(_GZIP)
