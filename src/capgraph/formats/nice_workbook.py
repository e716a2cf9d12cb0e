"""The workbook edition of the NIST NICE framework: lists of what there is, and a sheet a work role with what it needs.

Columns differ from sheet to sheet, so a row is told by the first code in it: its title and text, or its text alone,
follow.  A category is named by its two letters, alone or in brackets after its title.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from capgraph.formats.tabular import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from capgraph.formats.tabular import Sheet

STATEMENTS = {"T": "task", "K": "knowledge", "S": "skill"}
"""The kinds of statement by the letter that their codes begin with."""

_STATEMENT = re.compile(r"^[TKS]\d{4}[A-Z]?$")
_NAMED = re.compile(r"^(?:[A-Z]{2}-(?P<role>WRL)|NF-COM)-\d{3}$")
_CATEGORY = re.compile(r"^(?:(?P<title>.+?)\s*\()?(?P<key>[A-Z]{2})\)?$")


def is_statement(text: str) -> bool:
    """Return whether a cell is the code of a task, knowledge or skill."""
    return _STATEMENT.match(text) is not None


def kind_of(text: str) -> str:
    """Return the type of the element whose code a cell is, or an empty text."""
    if is_statement(text):
        return STATEMENTS[text[0]]
    named = _NAMED.match(text)
    return "" if named is None else "work_role" if named["role"] else "competency_area"


class Workbook:
    """The elements of a workbook, and which of them belong together.

    Parameters
    ----------
    sheets : iterable of Sheet
        The sheets of the workbook.
    """

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self.elements: dict[str, dict[str, str]] = {}
        """The elements by code, with type, key, title and text."""
        self.links: dict[tuple[str, str], None] = {}
        """Pairs of codes: a work role or competency area and what stands on its sheet, a category and its roles."""
        self._categories: dict[str, list[str]] = {}
        for sheet in sheets:
            self._take(sheet)
        self._add_categories()

    def _take(self, sheet: Sheet) -> None:
        """Take in one sheet: statements below a work role or competency area belong to it."""
        owner = ""
        for row in sheet.rows:
            cells = [text for cell in row if (text := as_text(cell))]
            place = next((place for place, cell in enumerate(cells) if kind_of(cell)), len(cells))
            self._remember_category(cells[:place])
            if place == len(cells):
                continue
            key, rest = cells[place], cells[place + 1 :]
            self._know(key, rest)
            if not is_statement(key):
                owner = key
            elif owner:
                self.links[owner, key] = None

    def _know(self, key: str, rest: Sequence[str]) -> None:
        """Add an element, or the texts that an earlier row did not have."""
        title, text = ("", *rest[:1], "")[:2] if is_statement(key) else (*rest[:2], "", "")[:2]
        known = self.elements.setdefault(key, {"type": kind_of(key), "key": key, "title": "", "text": ""})
        known["title"] = known["title"] or title
        known["text"] = known["text"] or text

    def _remember_category(self, cells: Sequence[str]) -> None:
        """Keep the title and text that follow two letters, which may be a category: the work roles tell."""
        for place, cell in enumerate(cells):
            if found := _CATEGORY.match(cell):
                texts = [found["title"], *cells[place + 1 :]] if found["title"] else cells[place + 1 :]
                if len(texts) > len(self._categories.get(found["key"], ())):
                    self._categories[found["key"]] = list(texts)

    def _add_categories(self) -> None:
        """Add the categories whose letters the codes of work roles begin with."""
        for role in [key for key, item in self.elements.items() if item["type"] == "work_role"]:
            category = role[:2]
            if texts := self._categories.get(category):
                title, text = (*texts, "")[:2]
                self.elements[category] = {"type": "category", "key": category, "title": title, "text": text}
                self.links[category, role] = None
