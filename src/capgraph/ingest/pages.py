"""Pages: courses that JSON-LD in HTML describes, and exports that are an HTML table under the name of a workbook."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.delimited import sniff_encoding
from capgraph.ingest.nested import linked

_MOST = 1000


class _Scripts(HTMLParser):
    """The JSON-LD scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("type", "") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(data)


def html_records(data: bytes, name: str) -> list[Any]:
    """Return the courses that the JSON-LD of a page describes.

    Raises
    ------
    ParseError
        When the page holds none.
    """
    parser = _Scripts()
    parser.feed(data.decode("utf-8-sig", errors="replace"))
    parser.close()
    found: list[Any] = []
    for script in parser.found:
        try:
            found.extend(linked(json.loads(script)))
        except (json.JSONDecodeError, RecursionError):
            found.append(script)
    if not found:
        issue = Issue(
            "no-records", "the page holds no JSON-LD", hint="export the courses, or give a page that lists them"
        )
        raise ParseError([issue], path=name, format="html")
    return found


class _Tables(HTMLParser):
    """The tables of a page as rows of texts; of a cell over several columns the text stands in the first of them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._texts: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append([])
            self.found.append(self._open[-1])
        elif self._open and tag == "tr":
            self._close()
            self._open[-1].append([])
        elif self._open and self._open[-1] and tag in {"td", "th"}:
            self._close()
            span = dict(attrs).get("colspan") or ""
            self._texts, self._span = [], min(int(span), _MOST) if span.isdecimal() else 1
        elif tag in {"br", "p", "li"}:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"}:
            self._close()
        if tag == "table" and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

    def _close(self) -> None:
        """Put the open cell into its row."""
        if self._texts is not None:
            self._open[-1][-1].extend(["".join(self._texts).strip(), *[""] * (self._span - 1)])
            self._texts = None


def html_tables(data: bytes) -> list[list[list[str]]]:
    """Return the tables of a page with two rows or more, as rows of texts."""
    parser = _Tables()
    codec, mixed = sniff_encoding([data])
    parser.feed(data.decode(codec, errors="capgraph-mixed" if mixed else "replace"))
    parser.close()
    return [table for table in parser.found if len(table) > 1]
