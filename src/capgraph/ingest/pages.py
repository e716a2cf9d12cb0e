"""Pages: courses that JSON-LD in HTML describes, and exports that are an HTML table under the name of a workbook."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.delimited import sniff_encoding
from capgraph.ingest.linked_data import courses_in

_MOST = 1000
_WRAPPING = re.compile(r"\A\s*(?://\s*)?<!(?:\[CDATA\[|--)|(?://\s*)?(?:\]\]>|-->)\s*\Z")
_LAST_COMMA = re.compile(r",\s*([}\]])")
_UNSEEN = frozenset({"script", "style"})


class _Scripts(HTMLParser):
    """The JSON-LD scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = (dict(attrs).get("type") or "").lower()
        self._inside = tag == "script" and stated.startswith("application/ld+json")

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
            found.extend(course for _, course in courses_in(_loaded(script)))
        except (json.JSONDecodeError, RecursionError):
            found.append(script)
    if not found:
        told = "the JSON-LD of the page describes no course" if parser.found else "the page holds no JSON-LD"
        hint = "export the courses, or give a page that lists them"
        raise ParseError([Issue("no-records", told, hint=hint)], path=name, format="html")
    return found


def _loaded(script: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the JSON of a script, of one that pages wrap in comments, or end lists in with a comma, as well."""
    text = _WRAPPING.sub("", script)
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        return json.loads(_LAST_COMMA.sub(r"\1", text), strict=False)


class _Tables(HTMLParser):
    """The tables of a page as rows of texts.

    Of a cell over several columns the text stands in the first of them, of one over several rows in each of these.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[list[str]]] = []
        self._open: list[list[list[str]]] = []
        self._below: list[dict[int, tuple[int, str]]] = []
        self._texts: list[str] | None = None
        self._columns, self._rows = 1, 1
        self._unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen = tag in _UNSEEN
        if tag == "table":
            self._close()
            self._open.append([])
            self._below.append({})
            self.found.append(self._open[-1])
        elif self._open and tag == "tr":
            self._close()
            self._open[-1].append([])
            self._continue()
        elif self._open and self._open[-1] and tag in {"td", "th"}:
            self._close()
            self._texts, stated = [], dict(attrs)
            self._columns, self._rows = (_span(stated.get(name)) for name in ("colspan", "rowspan"))
        elif tag in {"br", "p", "li"}:
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = self._unseen and tag not in _UNSEEN
        if tag in {"td", "th", "tr", "table"}:
            self._close()
        if tag == "table" and self._open:
            self._open.pop()
            self._below.pop()

    def handle_data(self, data: str) -> None:
        if self._texts is not None and not self._unseen:
            self._texts.append(data)

    def _close(self) -> None:
        """Put the open cell into its row."""
        if self._texts is None:
            return
        row = self._open[-1][-1]
        for text in ("".join(self._texts).strip(), *[""] * (self._columns - 1)):
            if self._rows > 1:
                self._below[-1][len(row)] = (self._rows - 1, text)
            row.append(text)
        self._texts = None
        self._continue()

    def _continue(self) -> None:
        """Put into the row what the cells above that reach into it hold."""
        row, below = self._open[-1][-1], self._below[-1]
        while len(row) in below:
            left, text = below.pop(len(row))
            if left > 1:
                below[len(row)] = (left - 1, text)
            row.append(text)


def _span(stated: str | None) -> int:
    """Return over how many columns or rows a cell reaches."""
    return max(1, min(int(stated), _MOST)) if stated and stated.isdecimal() else 1


def html_tables(data: bytes) -> list[list[list[str]]]:
    """Return the tables of a page with two rows or more, as rows of texts; menus of one column only where all are."""
    parser = _Tables()
    codec, mixed = sniff_encoding([data])
    parser.feed(data.decode(codec, errors="capgraph-mixed" if mixed else "replace"))
    parser.close()
    found = [table for table in parser.found if len(table) > 1]
    return [table for table in found if any(len(row) > 1 for row in table)] or found
