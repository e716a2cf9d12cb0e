"""What a workbook shows beside the values of its cells: the currencies of number formats, and links."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from capgraph.formats.lexicon import CURRENCIES

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TOKEN = re.compile(r"\[\$([^\]\-]*)(?:-[^\]]*)?\]|\"([^\"]*)\"|([$€£¥₹₩₪₽₺])")
_PLACE = re.compile(r"([A-Z]+)(\d+)")
_BUILT_IN = {"5": "$", "6": "$", "7": "$", "8": "$", "42": "$", "44": "$"}
_LETTERS = 26
_HYPERLINK = re.compile(r"\s*HYPERLINK\(\s*\"([^\"]+)\"", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellMarks:
    """What cells show beside their values, by row number (from 1) and column (from 0)."""

    currencies: dict[tuple[int, int], str] = field(default_factory=dict)
    """The currency in the number format."""
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    """The address that the cell links to."""


def cell_marks(data: bytes, sheet: str) -> CellMarks:
    """Return what the cells of a sheet show beside their values.

    Nothing for anything but XLSX, and for a workbook whose parts cannot be read: the values are what counts.
    """
    marks = CellMarks()
    if not data.startswith(b"PK"):
        return marks
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            path = _sheet_path(archive, sheet)
            _read_cells(archive, path, _styles(archive), marks)
    except (KeyError, ParseError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return marks
    return marks


def _root(archive: zipfile.ZipFile, name: str) -> Element:
    """Return the root of an XML part, without document type and entities."""
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(archive.read(name), forbid_dtd=True)
    return root


def _styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the currency of each cell style that shows one."""
    root = _root(archive, "xl/styles.xml")
    codes = dict(_BUILT_IN)
    for item in root.iter(f"{_MAIN}numFmt"):
        codes[item.get("numFmtId", "")] = item.get("formatCode", "")
    formats = root.find(f"{_MAIN}cellXfs")
    found: dict[str, str] = {}
    for place, item in enumerate(formats if formats is not None else ()):
        code = _currency(codes.get(item.get("numFmtId", ""), ""))
        if code:
            found[str(place)] = code
    return found


def _currency(code: str) -> str:
    """Return the currency in a number format, or nothing."""
    for groups in _TOKEN.findall(code):
        sign = next((group.strip().casefold() for group in groups if group.strip()), "")
        if sign in CURRENCIES:
            return CURRENCIES[sign]
    return ""


def _sheet_path(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the part that holds a sheet."""
    book = _root(archive, "xl/workbook.xml")
    wanted = next(item.get(_RELATION) for item in book.iter(f"{_MAIN}sheet") if item.get("name") == sheet)
    for item in _root(archive, "xl/_rels/workbook.xml.rels"):
        if item.get("Id") == wanted:
            target = item.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError(sheet)


def _read_cells(archive: zipfile.ZipFile, path: str, styles: dict[str, str], marks: CellMarks) -> None:
    """Read the marks of each cell, and the links that stand after the cells."""
    from defusedxml.ElementTree import iterparse

    targets = _targets(archive, path)
    with archive.open(path) as stream:
        for _, element in iterparse(stream, forbid_dtd=True):
            if element.tag == f"{_MAIN}c":
                _read_cell(element, styles, marks)
            elif element.tag == f"{_MAIN}row":
                element.clear()
            elif element.tag == f"{_MAIN}hyperlink" and element.get(_RELATION) in targets:
                place = _place(element.get("ref", "").split(":")[0])
                if place:
                    marks.links[place] = targets[element.get(_RELATION)]


def _read_cell(element: Element, styles: dict[str, str], marks: CellMarks) -> None:
    """Read the marks of one cell."""
    place = _place(element.get("r", ""))
    if place is None:
        return
    style = element.get("s", "")
    if style in styles:
        marks.currencies[place] = styles[style]
    link = _HYPERLINK.match(element.findtext(f"{_MAIN}f") or "")
    if link:
        marks.links[place] = link[1]


def _targets(archive: zipfile.ZipFile, path: str) -> dict[str | None, str]:
    """Return the addresses of the links of a sheet, by the ids of their relations."""
    folder, _, name = path.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        item.get("Id"): item.get("Target", "")
        for item in _root(archive, relations)
        if item.get("TargetMode") == "External"
    }


def _place(reference: str) -> tuple[int, int] | None:
    """Return the row number (from 1) and column (from 0) of a cell."""
    found = _PLACE.fullmatch(reference)
    return (int(found[2]), _column(found[1])) if found else None


def _column(letters: str) -> int:
    """Return the place of a column, from 0."""
    place = 0
    for letter in letters:
        place = place * _LETTERS + ord(letter) - ord("A") + 1
    return place - 1
