"""One thing to read: a file, an entry of an archive, or rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.content import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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
    beside: tuple[str, ...] = ()
    """The tables that lie in a package, and are no courses of their own."""

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
