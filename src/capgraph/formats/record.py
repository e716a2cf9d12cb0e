"""Format: one interchange format as a value."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from capgraph.errors import DocumentError, FormatError, LossyConversionWarning, ParseError, UnsupportedError
from capgraph.formats.content import Content
from capgraph.formats.conversion import Conversion, Ledger
from capgraph.formats.differing import note_rest
from capgraph.formats.idmap import IdMap
from capgraph.formats.options import checked_options, option_names
from capgraph.formats.projection import EVERYTHING, Carries, kept

if TYPE_CHECKING:
    from capgraph.formats.unread import Source
    from capgraph.model import Document

Rendered = bytes | Mapping[str, bytes]
"""What a writer returns: the bytes of one file, or the bytes of several by name."""


@dataclass(frozen=True, slots=True)
class Sniff:
    """How well content fits a format."""

    score: float
    """From 0 (no) to 1 (certainly)."""
    reasons: tuple[str, ...] = ()
    """What speaks for it."""
    missing: tuple[str, ...] = ()
    """What the content lacks to be this format."""


NO = Sniff(0.0)
"""Nothing speaks for the format."""


def _no_sniff(content: Content, kind: str) -> Sniff:  # noqa: ARG001 - the signature of a sniff
    """Return that nothing is known: for a format that is only written."""
    return NO


@dataclass(frozen=True, kw_only=True)
class Format:
    """One interchange format.

    A format of another distribution is such a value under the entry point group ``capgraph.formats``.
    """

    name: str
    """The word for ``format=`` and ``--to``: lower case, hyphens."""
    title: str
    """The name shown to people."""
    extensions: tuple[str, ...] = ()
    """The usual file name endings, with the dot; the first is used where a name is needed."""
    reads: tuple[str, ...] = ()
    """The kinds of document that it reads."""
    writes: tuple[str, ...] = ()
    """The kinds of document that it writes."""
    carries: Carries = field(default_factory=dict)
    """The fields that the format holds, by part; `EVERYTHING` stands for all fields."""
    sniff: Callable[[Content, str], Sniff] = _no_sniff
    """How well content fits, when a kind of document (or any, as an empty text) is wanted."""
    reader: Callable[..., Document] | None = None
    """``reader(content, ledger, *, options) -> document``."""
    writer: Callable[..., Rendered] | None = None
    """``writer(document, ledger, *, options) -> bytes or mapping``; the document is projected already."""
    fit: Callable[[Any, Ledger], Any] | None = None
    """``fit(document, ledger) -> document``: what the format cannot hold beyond missing fields, noted in the ledger."""
    source: Source | None = None
    """The fields of the source that the reader knows; whatever else a file holds is noted.  None where the reader notes
    it itself."""
    notes: str = ""
    """What a user should know, for the format table."""
    fixture: str = "real files"
    """What the reader was tested on: real files, or files written after the documentation."""

    def parse(self, content: Mapping[str, bytes], **options: object) -> tuple[Document, Conversion]:
        """Return the document that named bytes hold, and what was done to it.

        Parameters
        ----------
        content : mapping of str to bytes
            The files by name.
        **options
            The keyword arguments of the format's reader.

        Raises
        ------
        ParseError
            When the content is not what the format says.
        UnsupportedError
            When the format is not read.
        FormatError
            For an unknown option.
        """
        if self.reader is None:
            raise UnsupportedError(f"{self.title} is only written, not read; choose another format", format=self.name)
        given_options = checked_options(self.reader, options, self.title, self.name)
        idmap = given_options.get("idmap")
        if isinstance(idmap, Mapping) and not isinstance(idmap, IdMap):
            given_options["idmap"] = idmap = IdMap(idmap)
        given = content if isinstance(content, Content) else Content(content)
        ledger = Ledger()
        try:
            document = self.reader(given, ledger, **given_options)
        except DocumentError as error:
            raise ParseError(error.issues, path=given.name, format=self.name) from error
        except ParseError as error:
            raise ParseError(error.issues, path=error.path or given.name, format=self.name) from error
        except RecursionError as error:
            raise FormatError(
                "the content is nested too deeply; flatten it", path=given.name, format=self.name
            ) from error
        if self.source is not None:
            self.source.note_unread(given, document, ledger)
        report = ledger.report(self.name, "read")
        return document, idmap.told(report) if isinstance(idmap, IdMap) else report

    def project(self, document: Document, ledger: Ledger) -> Document:
        """Return what the format can hold of a document; the ledger gets everything that changes."""
        fitting = kept(document, self.carries, ledger)
        if self.fit is None:
            return fitting
        fitted: Document = self.fit(fitting, ledger)
        note_rest(fitting, fitted, ledger)
        return fitted

    def render(self, document: Document, **options: object) -> tuple[Rendered, Conversion]:
        """Return the document in this format, and what was done to it.

        The same document gives the same bytes.

        Raises
        ------
        UnsupportedError
            When the format does not write this kind of document.
        FormatError
            For an unknown option.

        Warns
        -----
        LossyConversionWarning
            When the format cannot hold everything; the message lists what is dropped.
        """
        if self.writer is None or document.kind not in self.writes:
            known = ", ".join(self.writes) or "no document"
            text = (
                f"{document.id!r} is a {document.kind}, and {self.title} is written for: {known}; choose another format"
            )
            raise UnsupportedError(text, format=self.name)
        given_options = checked_options(self.writer, options, self.title, self.name)
        ledger = Ledger()
        rendered = self.writer(self.project(document, ledger), ledger, **given_options)
        conversion = ledger.report(self.name, "write")
        if conversion.dropped:
            lost = "; ".join(f"{row.part} ({row.count})" for row in conversion.dropped)
            text = f"{document.id!r} as {self.title} loses: {lost}; write it as native to keep everything"
            warnings.warn(text, LossyConversionWarning, stacklevel=3)
        return rendered, conversion

    def options(self, direction: str = "read") -> tuple[str, ...]:
        """Return the names of the options of the reader (``read``) or the writer (``write``)."""
        function = self.reader if direction == "read" else self.writer
        return option_names(function) if function is not None else ()


__all__ = ["EVERYTHING", "NO", "Carries", "Format", "Rendered", "Sniff"]
