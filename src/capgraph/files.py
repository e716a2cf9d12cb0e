"""Files: documents are read from paths, folders and zip archives, and written to them.

The format is recognized by the content.  No archive is ever extracted, and what strangers wrote is read within limits.
"""

from __future__ import annotations

import tomllib
import warnings
from contextlib import ExitStack
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from capgraph.errors import CapgraphWarning, FormatError, Issue, ParseError, UnknownFormatError, UnsupportedError
from capgraph.formats import BUILT_IN, format_named, known_formats
from capgraph.formats.content import LIMITS, Content, Limits
from capgraph.model import Agenda, Catalog, Crosswalk, Decisions, Document, Framework, Workforce
from capgraph.opening import StrPath, opened, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.formats.conversion import Conversion
    from capgraph.formats.record import Format, Sniff

D = TypeVar("D", bound=Document)

_ENOUGH = 0.3
_SHOWN = 3


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
    shown = ", ".join(str(fspath(path)) for path in paths)
    with ExitStack() as stack:
        try:
            content = _content(paths, limits, stack)
            chosen, why = (format_named(format), "asked for") if format else recognized(content, kind)
            if kind and chosen.reads and kind not in chosen.reads:
                text = f"{chosen.title} holds a {' or '.join(chosen.reads)}, not a {kind}; read it as such"
                raise UnsupportedError(text, format=chosen.name)
            given = {"kind": kind, **options} if kind and "kind" in chosen.options() else dict(options)
            if isinstance(given.get("profile"), str | PathLike):
                given["profile"] = _toml(Path(given["profile"]))
            document, conversion = chosen.parse(content, **given)
        except ParseError as error:
            raise ParseError(error.issues, path=shown, format=error.format) from error
        except FormatError as error:
            raise type(error)(error.message, path=shown, format=error.format) from error
    return Reading(document, replace(conversion, chosen=why))


def _content(paths: Iterable[StrPath], limits: Limits, stack: ExitStack) -> Content:
    """Return what lies under the paths; refuse what is empty, which every format would call foreign."""
    content = Content(dict(opened(paths, limits, stack)), limits=limits)
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


def recognized(content: Content, kind: str = "") -> tuple[Format, str]:
    """Return the format that fits content best, and why.

    Raises
    ------
    UnknownFormatError
        When none fits, or two fit equally well; the library's own formats go before those of other distributions.
    """
    candidates = [item for item in known_formats() if item.reader is not None and (not kind or kind in item.reads)]
    own = dict(BUILT_IN)
    sniffed = [(item.sniff(content, kind), item) for item in candidates]
    sniffed.sort(key=lambda pair: (-pair[0].score, pair[1].name not in own))
    (best, chosen), *others = sniffed
    if best.score < _ENOUGH:
        raise UnknownFormatError(f"no known format{f' of a {kind}' if kind else ''} fits; {_nearest(sniffed)}")
    equal = [
        item.name for sniff, item in others if sniff.score == best.score and (item.name in own) == (chosen.name in own)
    ]
    if equal:
        names = ", ".join([chosen.name, *equal])
        raise UnknownFormatError(f"the content fits several formats equally: {names}; say which one (format=)")
    return chosen, "; ".join(best.reasons)


def _nearest(sniffed: Iterable[tuple[Sniff, Format]]) -> str:
    """Return the nearest formats and what each missed."""
    near = [(sniff, item) for sniff, item in sniffed if sniff.score > 0 or sniff.missing][:_SHOWN]
    told = [f"{item.name} (missing: {', '.join(sniff.missing) or 'most of it'})" for sniff, item in near]
    return (
        f"nearest: {'; '.join(told)}; name the format (format=) if it is one of them" if told else "name it (format=)"
    )


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
        shown = ", ".join(str(fspath(path)) for path in paths)
        text = (
            f"{shown}: read as {found.conversion.format} with {len(problems)} problems and {lost} things left out"
            f"{first}; capgraph.reading(...).conversion lists them"
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
    """Write a document to a file, or to a folder where the format spreads over several; return what was done to it.

    Parameters
    ----------
    document : Document
        What to write.
    path : path
        The file or folder; it is replaced as a whole or not at all.
    format : str or None
        The name of the format; None for native JSON, or JSON Lines where the name ends so.
    **options
        Options of the format's writer.

    Returns
    -------
    Conversion
        What was kept, normalized and dropped, with places and counts.

    Raises
    ------
    UnknownFormatError
        When no format has the name.
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
    target = Path(path)
    chosen = format_named(format or _written_as(target))
    rendered, conversion = chosen.render(document, **options)
    if isinstance(rendered, bytes):
        replace_file(target, rendered)
    else:
        target.mkdir(parents=True, exist_ok=True)
        for name, data in rendered.items():
            replace_file(target / name, data)
    return conversion


def _written_as(target: Path) -> str:
    """Return the name of the format for a file name without a format."""
    if target.suffix.lower() in {".jsonl", ".ndjson"}:
        return "native-lines"
    if target.suffix.lower() == ".json":
        return "native"
    text = f"{target.name!r} does not say its format; name it (format=), such as native, or end the name with .json"
    raise UnknownFormatError(text, path=fspath(target))
