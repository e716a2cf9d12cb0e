"""Files: documents are read from paths, folders and zip archives, and written to them.

The format is recognized by the content.  No archive is ever extracted, and what strangers wrote is read within limits.
"""

from __future__ import annotations

import tomllib
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from capgraph.errors import (
    ArgumentError,
    CapgraphWarning,
    FormatError,
    Issue,
    ParseError,
    UnsupportedError,
)
from capgraph.formats import format_named
from capgraph.formats.content import LIMITS, Content, Limits
from capgraph.formats.idmap import IdMap
from capgraph.formats.sniffing import recognized, written_as
from capgraph.model import Agenda, Catalog, Crosswalk, Decisions, Document, Framework, Workforce
from capgraph.opening import StrPath, check_argument, named_failure, opened, packed, replace_file

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from capgraph.formats.conversion import Conversion

D = TypeVar("D", bound=Document)


class Reading(NamedTuple):
    """A document that was read, and what the reading did to it."""

    document: Document
    """The document."""
    conversion: Conversion
    """What was kept, changed and dropped, why this format was taken, and what is wrong in the file."""


def reading(
    *paths: StrPath,
    kind: str = "",
    format: str | None = None,
    limits: Limits = LIMITS,
    **options: Any,
) -> Reading:
    """Return the document that files hold, together with the conversion report.

    Parameters
    ----------
    *paths : path
        A file, a folder or a zip archive; several where a format spreads over several.
    kind : str
        The kind of document that is wanted, such as ``framework``; empty for any.
    format : str or None
        The name of the format; None to recognize it by the content.
    limits : Limits
        How much of an archive or file is read.
    **options
        Options of the format's reader.

    Returns
    -------
    Reading
        The document and its `Conversion`; its `problems` list what is wrong in the file.

    Raises
    ------
    FileNotFoundError
        When a path does not exist.
    UnknownFormatError
        When no format fits the content, or several do equally; the message lists the nearest and what each missed.
    ParseError
        When the content is not what its format says; all problems are listed with their places.
    UnsupportedError
        When this variant of the format is not read.

    Notes
    -----
    Sniffing reads the first 64 KiB of a file.

    Examples
    --------
    >>> import capgraph as cg
    >>> found = cg.reading(cg.sample().path / "framework.json")
    >>> found.document.kind, found.conversion.format
    ('framework', 'native')
    """
    shown = _told(paths)
    check_argument("format", format, str, type(None))
    check_argument("limits", limits, Limits)
    with ExitStack() as stack, named_failure():
        try:
            content = _content(paths, limits, stack)
            chosen, why = (format_named(format), "asked for") if format else recognized(content, kind)
            if kind and chosen.reads and kind not in chosen.reads:
                text = f"{chosen.title} holds a {' or '.join(chosen.reads)}, not a {kind}; read it as such"
                raise UnsupportedError(text, format=chosen.name)
            given = {"kind": kind, **options} if kind and "kind" in chosen.options() else dict(options)
            if isinstance(given.get("profile"), str | PathLike):
                given["profile"] = _toml(Path(given["profile"]))
            with _idmap(given):
                document, conversion = chosen.parse(content, **given)
        except ParseError as error:
            raise ParseError(error.issues, path=shown, format=error.format) from error
        except FormatError as error:
            raise type(error)(error.message, path=shown, format=error.format) from error
    return Reading(document, replace(conversion, chosen=why))


def _told(paths: Iterable[StrPath]) -> str:
    """Return the paths as they are told; refuse what is no path, and none at all."""
    given = list(paths)
    for path in given:
        check_argument("path", path, str, PathLike)
    if not given:
        raise ArgumentError("no path is given; name a file, a folder or an archive")
    return ", ".join(str(fspath(path)) for path in given)


@contextmanager
def _idmap(options: dict[str, Any]) -> Generator[None]:
    """Read the idmap that an option names, and write it again with the ids that the reading added."""
    path = options.get("idmap")
    if not isinstance(path, str | PathLike):
        yield
        return
    file = Path(path)
    before = file.read_bytes() if file.exists() else b""
    known = options["idmap"] = IdMap.parse(before, str(file)) if before else IdMap()
    yield
    after = known.render()
    if len(known) and after != before:
        replace_file(file, after)


def _content(paths: Iterable[StrPath], limits: Limits, stack: ExitStack) -> Content:
    """Return what lies under the paths; refuse what is empty, which every format would call foreign."""
    given = [Path(path) for path in paths]
    package = given[0].name if len(given) == 1 else ""
    content = Content(dict(opened(given, limits, stack)), limits=limits, package=package)
    if not any(map(content.head, content)):
        raise ParseError([Issue("empty", "there is nothing in it", hint="check the path, or export it again")])
    return content


def _toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        issue = Issue("bad-toml", f"the profile is not TOML: {error}", where=str(path), hint="correct it there")
        raise ParseError([issue], path=str(path)) from error


def read(*paths: StrPath, format: str | None = None, **options: Any) -> Document:
    """Return the document that files hold, of whatever kind; see `reading` for the parameters and errors.

    Warns
    -----
    CapgraphWarning
        When something of the file was left out or is wrong; ``reading(...).conversion`` lists it.

    Examples
    --------
    >>> import capgraph as cg
    >>> cg.read(cg.sample().path / "framework.json").kind
    'framework'
    """
    return _warned(reading(*paths, format=format, **options), paths)


def _warned(found: Reading, paths: tuple[StrPath, ...]) -> Document:
    """Return the document that was read, with a warning where something was left out."""
    lost = sum(row.count for row in found.conversion.dropped)
    problems = found.conversion.problems
    if lost or problems:
        first = f"; the first: {problems[0]}" if problems else ""
        text = (
            f"{_told(paths)}: read as {found.conversion.format} with {len(problems)} problems and {lost} things "
            f"left out{first}; capgraph.reading(...).conversion lists them"
        )
        warnings.warn(text, CapgraphWarning, stacklevel=4)
    return found.document


def _read(kind: type[D], paths: tuple[StrPath, ...], format: str | None, options: Mapping[str, Any]) -> D:
    """Return a document of one kind."""
    return cast("D", _warned(reading(*paths, kind=kind.kind, format=format, **options), paths))


def read_framework(*paths: StrPath, format: str | None = None, **options: Any) -> Framework:
    """Return the framework that files hold; see `reading` for the parameters and errors.

    Examples
    --------
    >>> import capgraph as cg
    >>> len(cg.read_framework(cg.sample().path / "framework.json").roles) > 20
    True
    """
    return _read(Framework, paths, format, options)


def read_catalog(*paths: StrPath, format: str | None = None, **options: Any) -> Catalog:
    """Return the catalog that files hold; see `reading` for the parameters and errors.

    A plain table is read by the names of its columns; ``columns={"title": "Course", "hours": "Duration (h)"}`` says
    which column holds which field, and ``profile="courses.toml"`` everything about the table.
    """
    return _read(Catalog, paths, format, options)


def read_workforce(*paths: StrPath, format: str | None = None, **options: Any) -> Workforce:
    """Return the people, teams and evidence that files hold; see `reading` for the parameters and errors."""
    return _read(Workforce, paths, format, options)


def read_agenda(*paths: StrPath, format: str | None = None, **options: Any) -> Agenda:
    """Return the challenges, metrics and measurements that files hold; see `reading` for the parameters and errors."""
    return _read(Agenda, paths, format, options)


def read_crosswalk(*paths: StrPath, format: str | None = None, **options: Any) -> Crosswalk:
    """Return the mappings between frameworks that files hold; see `reading` for the parameters and errors."""
    return _read(Crosswalk, paths, format, options)


def read_decisions(*paths: StrPath, format: str | None = None, **options: Any) -> Decisions:
    """Return the verdicts that files hold; see `reading` for the parameters and errors."""
    return _read(Decisions, paths, format, options)


def write(document: Document, path: StrPath, *, format: str | None = None, **options: Any) -> Conversion:
    """Write a document to a file, or to a folder or zip archive where the format spreads over several files.

    Parameters
    ----------
    document : Document
        What to write.
    path : path
        The file or folder; it is replaced as a whole or not at all.
    format : str or None
        The name of the format; None for what the name says: ``a.case.json`` is CASE, ``a.ttl`` SKOS, any other
        ``.json`` native.
    **options
        Options of the format's writer.

    Returns
    -------
    Conversion
        What was kept, normalized and dropped, with places and counts.

    Raises
    ------
    UnknownFormatError
        When no format has the name, or the file name does not say which it is.
    ArgumentError
        When an argument is of another type.
    OSError
        When the file cannot be written; the message names it.
    UnsupportedError
        When the format does not write this kind of document.

    Warns
    -----
    LossyConversionWarning
        When the format cannot hold everything; the message lists what is dropped.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import capgraph as cg
    >>> framework = cg.Framework(id="fw:mini", capabilities=[cg.Capability(id="cap:sql", label="SQL")])
    >>> with TemporaryDirectory() as folder:
    ...     conversion = cg.write(framework, Path(folder) / "mini.json")
    ...     cg.read(Path(folder) / "mini.json") == framework
    True
    """
    check_argument("document", document, Document)
    check_argument("path", path, str, PathLike)
    check_argument("format", format, str, type(None))
    target = Path(path)
    chosen = format_named(format or written_as(target.name, document.kind))
    rendered, conversion = chosen.render(document, **options)
    if isinstance(rendered, bytes) or target.suffix.lower() == ".zip":
        replace_file(target, rendered if isinstance(rendered, bytes) else packed(rendered))
    else:
        target.mkdir(parents=True, exist_ok=True)
        for name, data in rendered.items():
            replace_file(target / name, data)
    return replace(conversion, chosen="asked for" if format else "as the name says")
