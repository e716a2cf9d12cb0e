"""Content: the named bytes that a format reads, each opened when it is asked for, within limits."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from capgraph.errors import Issue, ParseError

if TYPE_CHECKING:
    from typing import BinaryIO

Opener = Callable[[], IO[bytes]]

_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of what strangers wrote is read."""

    size: int = 1 << 30
    """The bytes of one entry, unpacked; 1 GiB."""
    ratio: int = 200
    """How many times an entry of an archive may grow when it is unpacked; entries below 1 MiB are exempt."""
    count: int = 10_000
    """The entries of one archive or folder."""


LIMITS = Limits()


class Content(Mapping[str, bytes]):
    """Named bytes, read when they are asked for.

    Parameters
    ----------
    entries : mapping of str to bytes or callable
        The bytes of each name, or a function that opens them.
    limits : Limits
        What is refused.
    package : str
        The name of the archive or folder that holds them, where there is one.

    Examples
    --------
    >>> content = Content({"skills.csv": b"id,label"})
    >>> content.name, content["skills.csv"], content.head("skills.csv")
    ('skills.csv', b'id,label', b'id,label')
    """

    __slots__ = ("_heads", "_openers", "limits", "package")

    def __init__(self, entries: Mapping[str, bytes | Opener], *, limits: Limits = LIMITS, package: str = "") -> None:
        self._openers = dict(sorted(entries.items()))
        self._heads: dict[str, bytes] = {}
        self.limits = limits
        self.package = package

    def __getitem__(self, name: str) -> bytes:
        with self.open(name) as stream:
            data = stream.read(self.limits.size + 1)
        if len(data) > self.limits.size:
            raise ParseError([_too_large(name, self.limits.size)])
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._openers)

    def __len__(self) -> int:
        return len(self._openers)

    @property
    def name(self) -> str:
        """The name of the single entry, or of the first one."""
        return next(iter(self._openers), "")

    def open(self, name: str) -> IO[bytes]:
        """Return a stream over the bytes of one entry."""
        opener = self._openers[name]
        return io.BytesIO(opener) if isinstance(opener, bytes) else opener()

    def head(self, name: str = "") -> bytes:
        """Return the first 64 KiB of an entry, of the first one where no name is given."""
        name = name or self.name
        if name not in self._heads:
            with self.open(name) as stream:
                self._heads[name] = stream.read(_HEAD)
        return self._heads[name]

    def named(self, *endings: str) -> list[str]:
        """Return the names that end in one of the endings, whatever their case."""
        return [name for name in self if name.lower().endswith(endings)]


def _too_large(name: str, size: int) -> Issue:
    """Return the problem of an entry that is too large."""
    hint = "split it, or raise the limit (limits=)"
    return Issue("too-large", f"{name!r} holds more than {size:,} bytes", (name,), name, hint)


def unpacked(stream: BinaryIO, *, limits: Limits = LIMITS, within: str = "") -> dict[str, Opener]:
    """Return the entries of a zip archive, which is never extracted to disk.

    Parameters
    ----------
    stream : binary file
        The archive; it must stay open as long as the entries are used.
    limits : Limits
        What is refused.
    within : str
        A prefix for the names, for an archive among other files.

    Raises
    ------
    ParseError
        When the archive is damaged or encrypted, a name leads out of it (``..`` or an absolute path), or a limit is
        exceeded.  All such entries are listed.
    """
    try:
        archive = zipfile.ZipFile(stream)
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError, ValueError) as error:
        issue = Issue("damaged-archive", f"the archive cannot be read: {error}", where=within, hint="fetch it again")
        raise ParseError([issue]) from error
    issues = [issue for entry in entries for issue in _refused(entry, limits)]
    issues.extend(_repeated(entries))
    if len(entries) > limits.count:
        hint = "take the files that matter out of it, or raise the limit (limits=)"
        text = f"the archive holds {len(entries):,} files, more than {limits.count:,}"
        issues.append(Issue("too-many-files", text, where=within, hint=hint))
    if issues:
        raise ParseError(issues)
    named = {entry.filename.replace("\\", "/"): entry for entry in entries}
    return {within + name: _opener(archive, entry) for name, entry in named.items() if not _is_clutter(name)}


def _repeated(entries: list[zipfile.ZipInfo]) -> Iterator[Issue]:
    """Yield the names under which an archive holds two different files, of which a reader would see one."""
    seen: dict[str, tuple[int, int]] = {}
    for entry in entries:
        name, said = entry.filename.replace("\\", "/"), (entry.CRC, entry.file_size)
        if seen.setdefault(name, said) != said:
            text = f"{name!r} is the name of two different files in the archive"
            yield Issue("name-repeated", text, (name,), name, "pack it again, with one of them")


def _is_clutter(name: str) -> bool:
    """Return whether an entry is what a desktop leaves in archives."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1] in {".DS_Store", "Thumbs.db"}


def _refused(entry: zipfile.ZipInfo, limits: Limits) -> Iterator[Issue]:
    """Yield the reasons not to read an entry."""
    name = entry.filename
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name.split("/")[0]:
        yield Issue("unsafe-path", f"{name!r} leads out of the archive", (name,), name, "pack it with plain names")
    if stat.S_ISLNK(entry.external_attr >> 16):
        yield Issue("link", f"{name!r} is a link, which is not followed", (name,), name, "pack the file itself")
    if entry.flag_bits & 1:
        yield Issue("encrypted", f"{name!r} is encrypted", (name,), name, "decrypt the archive first")
    if entry.file_size > limits.size:
        yield _too_large(name, limits.size)
    elif entry.file_size > 1 << 20 and entry.file_size > limits.ratio * max(1, entry.compress_size):
        text = f"{name!r} grows more than {limits.ratio} times when unpacked"
        yield Issue("zip-bomb", text, (name,), name, "unpack it yourself if you trust it")


def _opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Opener:
    """Return a function that opens an entry of an archive."""

    def opened() -> IO[bytes]:
        try:
            # The stream yields at most the size that the directory states, and a wrong checksum is an error.
            return io.BytesIO(archive.read(entry))
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
            text = f"{entry.filename!r} cannot be unpacked: {error}"
            raise ParseError(
                [Issue("damaged-archive", text, (entry.filename,), entry.filename, "fetch it again")]
            ) from error

    return opened
