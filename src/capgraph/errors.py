"""The errors and warnings that callers meet.

::

    CapgraphError(Exception)
    ├── DocumentError(ValueError)          a document contradicts itself; .issues holds every contradiction
    │   ├── DuplicateIdError
    │   ├── DanglingReferenceError
    │   ├── CycleError                     .cycle is the chain of ids
    │   └── ScaleMismatchError
    ├── UnknownIdError(KeyError)           .id .suggestion
    ├── ArgumentError(ValueError)          an argument is of a wrong kind, out of its range, or contradicts another
    ├── NoPathError
    ├── InfeasiblePlanError
    ├── FormatError(ValueError)            .path .format
    │   ├── UnknownFormatError
    │   ├── ParseError                     .issues, each with its place and a code
    │   └── UnsupportedError
    ├── MissingDependencyError(ImportError) .package .extra
    └── StoreError
        ├── NotStoredError(LookupError)
        ├── StaleRevisionError
        └── SchemaVersionError
    CapgraphWarning(UserWarning)
    └── LossyConversionWarning             what the target format could not hold

Every message names the offending id first and ends with what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem found in a document or a file."""

    code: str
    """A stable word for the kind of problem, such as ``duplicate-id``."""
    message: str
    """The problem in one sentence that names the offending ids."""
    ids: tuple[str, ...] = ()
    """The ids that the problem is about, in the order in which the message names them."""
    where: str = ""
    """The place: a field path, ``row:12``, ``Skills!A14`` or a JSON pointer; empty where there is none."""
    hint: str = ""
    """What to do about it."""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.message}{place}{hint}"


def _told(headline: str, issues: Sequence[Issue]) -> str:
    """Return a message that lists the issues, the first 20 in full."""
    if len(issues) == 1 and not headline:
        return str(issues[0])
    lines = [f"  - {issue}" for issue in issues[:_SHOWN]]
    if len(issues) > _SHOWN:
        lines.append(f"  - and {len(issues) - _SHOWN} more (see .issues)")
    return "\n".join([headline, *lines]) if headline else "\n".join(lines)


class CapgraphError(Exception):
    """Base of every error that the library raises on purpose."""


class DocumentError(CapgraphError, ValueError):
    """A document, or a part of one, contradicts itself.

    Parameters
    ----------
    issues : iterable of Issue
        Every contradiction found; at least one.
    subject : str
        What was being built, for the first line of the message.
    """

    def __init__(self, issues: Iterable[Issue], subject: str = "") -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        self.subject = subject
        count = f"{len(self.issues)} problem{'s' if len(self.issues) != 1 else ''}"
        super().__init__(_told(f"{subject}: {count}" if subject else "", self.issues))

    def __reduce__(self) -> tuple[type[DocumentError], tuple[tuple[Issue, ...], str]]:
        return type(self), (self.issues, self.subject)

    @staticmethod
    def of(issues: Iterable[Issue], subject: str = "") -> DocumentError:
        """Return the most specific error for the issues: a subclass where all of them are of its kind."""
        found = tuple(issues)
        codes = {issue.code for issue in found}
        kind = _KINDS.get(codes.pop(), DocumentError) if len(codes) == 1 else DocumentError
        return kind(found, subject)


class DuplicateIdError(DocumentError):
    """An id, or another key, stands for two members."""


class DanglingReferenceError(DocumentError):
    """A reference points to nothing inside the document."""


class CycleError(DocumentError):
    """A hierarchy leads back to where it started."""

    @property
    def cycle(self) -> tuple[str, ...]:
        """The ids along the first cycle, each broader than the one before it; the last leads to the first."""
        return self.issues[0].ids


class ScaleMismatchError(DocumentError):
    """A level is off its scale, or levels of two scales are compared."""


_KINDS: dict[str, type[DocumentError]] = {
    "duplicate-id": DuplicateIdError,
    "dangling-reference": DanglingReferenceError,
    "cycle": CycleError,
    "scale-mismatch": ScaleMismatchError,
}


class UnknownIdError(CapgraphError, KeyError):
    """No node has this id.

    Parameters
    ----------
    id
        The id that was asked for.
    suggestion
        The nearest known id, or None.
    message
        The whole message where the default one does not fit (an ambiguous id, the wrong kind of node).
    """

    def __init__(self, id: str, suggestion: str | None = None, *, message: str = "") -> None:
        self.id = id
        self.suggestion = suggestion
        hint = (
            f"; did you mean {suggestion!r}?" if suggestion else "; check its spelling, and that its document is loaded"
        )
        self.message = message or f"no node {id!r}{hint}"
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _unknown_id, (self.id, self.suggestion, self.message)


def _unknown_id(id_: str, suggestion: str | None, message: str) -> UnknownIdError:
    """Return the error again after pickling."""
    return UnknownIdError(id_, suggestion, message=message)


class ArgumentError(CapgraphError, ValueError):
    """An argument is of a wrong kind, out of its range, or contradicts another one; the message says what fits."""


class NoPathError(CapgraphError):
    """No chain of roles leads from one role to the other under the limits given."""


class InfeasiblePlanError(CapgraphError):
    """What a plan must hold cannot hold together; the message says which demands contradict each other."""


class FormatError(CapgraphError, ValueError):
    """A file cannot be read or written.

    Parameters
    ----------
    message : str
        What is wrong and what to do.
    path : str
        The file, or an empty string for bytes in memory.
    format : str
        The name of the format concerned, or an empty string.
    """

    def __init__(self, message: str, *, path: str = "", format: str = "") -> None:
        self.message = message
        self.path = path
        self.format = format
        super().__init__(f"{path}: {message}" if path else message)


class UnknownFormatError(FormatError):
    """No known format fits the content, or no format has the name asked for."""


class ParseError(FormatError):
    """The content of a file is not what its format says; ``.issues`` holds every problem with its place."""

    def __init__(self, issues: Iterable[Issue], *, path: str = "", format: str = "") -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        subject = f"not readable as {format}" if format else "not readable"
        super().__init__(_told(f"{subject}:", self.issues), path=path, format=format)


class UnsupportedError(FormatError):
    """The format is known, but not this variant of it, or not in this direction."""


class MissingDependencyError(CapgraphError, ImportError):
    """An optional package is not installed; the message names the extra that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(f"{package} is not installed; install it with: pip install 'capgraph[{extra}]'")


class StoreError(CapgraphError):
    """The database does not hold what is asked for, or refuses a change."""


class NotStoredError(StoreError, LookupError):
    """The store has no such document, revision or person at that time."""


class StaleRevisionError(StoreError):
    """A save is based on a revision that is no longer the newest of its document.

    Parameters
    ----------
    document
        The id of the document.
    base
        The revision that the caller built on, or None for none.
    newest
        The newest revision of the document.
    """

    def __init__(self, document: str, base: int | None, newest: int) -> None:
        self.document = document
        self.base = base
        self.newest = newest
        built_on = f"revision {base}" if base is not None else "no revision"
        super().__init__(
            f"{document!r} has moved on: this save builds on {built_on}, the newest is revision {newest}; "
            "load the newest, apply the change to it and save again"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.document, self.base, self.newest)


class SchemaVersionError(StoreError):
    """The database was written by an older or newer version of the library."""


class CapgraphWarning(UserWarning):
    """Base of every warning that the library gives."""


class LossyConversionWarning(CapgraphWarning):
    """The target format cannot hold everything that the document says; the message lists what is dropped."""
