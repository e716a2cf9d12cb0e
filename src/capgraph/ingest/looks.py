"""Which column is which field by what its cells look like, where no name gives it away."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from capgraph.formats.cells import is_missing, plain
from capgraph.formats.days import day
from capgraph.formats.durations import duration
from capgraph.formats.headers import spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_CODE = re.compile(r"[A-Za-z]{0,8}[-_/. ]?\d[\w./-]*|[\w-]*\d[\w-]*")
_TITLE_LENGTH = 120
_SHORT = 3
_DIGIT = re.compile(r"\d")
DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")
"""How texts that are days start."""
_NUMBER = re.compile(r"[-+]?[\d.,]+\s*[%€$£]?|[$€£]\s*[\d.,]+")
_PICTURES = frozenset(
    {"image", "images", "img", "thumbnail", "thumb", "photo", "picture", "logo", "icon", "avatar", "banner", "cover"}
)
"""Words in the names of columns whose addresses are no pages."""
_ID_WORDS = frozenset(
    {
        "id", "ids", "code", "codes", "nr", "no", "number", "num", "key", "ref", "reference", "kode", "kod", "codigo",
        "código", "codice", "nummer", "numero", "número", "pk", "uid", "uuid", "guid", "sku", "crn", "kennung",
        "column",
    }
)  # fmt: skip
"""Words in the names of columns whose numbers may be ids."""
_ABOUT_A_PERSON = frozenset({"label", "email", "first_name", "last_name", "role", "manager", "since", "status"})


def by_looks(
    names: Sequence[str],
    cells: Mapping[int, list[object]],
    claims: dict[str, list[int]],
    taken: dict[int, tuple[str, str]],
    *,
    about: str,
) -> None:
    """Find what identifies and what names a record by what the cells look like, where no name gives them away.

    Parameters
    ----------
    names : sequence of str
        The names of the columns.
    cells : mapping of int to list
        The cells of each column in the sample.
    claims : dict of str to list of int
        The columns of each field so far; what is found is added.
    taken : dict of int to tuple of str
        The field and the reason of each column so far; what is found is added.
    about : str
        ``people`` for tables about people; ``generic`` for courses.
    """
    if "title" not in claims and "id" in claims and _are_titles(_stated(cells[claims["id"][0]])):
        claims["title"] = claims.pop("id")
        taken[claims["title"][0]] = ("title", "its cells look like titles, not like ids")
    for name, test, places in _person_tests(names, claims) if about == "people" else _course_tests(names):
        for place in places if name not in claims else ():
            texts = _stated(cells[place])
            if place not in taken and len(texts) >= max(2, len(cells[place]) / 2) and test(texts):
                claims[name] = [place]
                taken[place] = (name, f"its cells look like {'an' if name == 'id' else 'a'} {name}")
                break


_COUNTED = re.compile(r"\S+ (?:of|de|du|des|di|do|da|der|von|van) ")
"""Names that say *number of*, or *code of*, something: the first may be a count."""


def _course_tests(names: Sequence[str]) -> Iterator[tuple[str, Callable[[Sequence[str]], bool], range]]:
    """Yield the fields of a course that cells give away, how, and the columns that come into question."""
    places = range(len(names))
    for place in places:
        if _PICTURES.isdisjoint(re.findall(r"[^\W\d_]+", spelled(names[place]))):
            yield "url", _are_addresses, range(place, place + 1)
    yield "title", _are_titles, places
    yield "id", _are_ids, places
    for place in places:
        if _COUNTED.match(spelled(names[place])):
            continue
        if not names[place].strip() or not _ID_WORDS.isdisjoint(re.findall(r"[^\W\d_]+", spelled(names[place]))):
            yield "id", _are_codes, range(place, place + 1)


def _person_tests(
    names: Sequence[str], claims: Mapping[str, list[int]]
) -> Iterator[tuple[str, Callable[[Sequence[str]], bool], range]]:
    """Yield the same for a person: codes before what only people have, or names in a first column without a name.

    Codes behind it may be a salary, a telephone number or a score.
    """
    if "team_broader" in claims:
        return
    yield "person", _are_keys, range(min((claims[name][0] for name in _ABOUT_A_PERSON & claims.keys()), default=0))
    if names and not names[0].strip() and not {"label", "email", "first_name"} & claims.keys():
        yield "person", _are_keys, range(1)
        yield "label", lambda texts: len(set(texts)) == len(texts) and not _DIGIT.search("".join(texts)), range(1)


def _stated(cells: Sequence[object]) -> list[str]:
    """Return the cells that hold something, as text."""
    return [plain(cell) for cell in cells if not is_missing(cell)]


def are_titles(cells: Sequence[object]) -> bool:
    """Return whether the cells of a column look like titles: three of them at least, and half of all."""
    texts = _stated(cells)
    return len(texts) >= max(_SHORT, len(cells) / 2) and _are_titles(texts)


def _are_addresses(texts: Sequence[str]) -> bool:
    """Return whether texts are addresses."""
    return all(text.startswith(("http://", "https://", "www.")) for text in texts)


def _is_day(text: str) -> bool:
    """Return whether a text is a day."""
    try:
        return day(text) is not None
    except ValueError:
        return False


def _are_titles(texts: Sequence[str]) -> bool:
    """Return whether texts are short, wordy and mostly distinct, and no days."""
    if _is_day(texts[0]) and all(map(_is_day, texts)):
        return False
    wordy = sum(" " in text and text[:1].isalpha() for text in texts)
    return wordy > len(texts) / 2 and max(map(len, texts)) <= _TITLE_LENGTH * 2 and len(set(texts)) > len(texts) * 0.8


def _are_keys(texts: Sequence[str]) -> bool:
    """Return whether texts are distinct codes, and neither days nor the numbers of the rows."""
    counted = any(texts == [str(number) for number in range(start, start + len(texts))] for start in (0, 1))
    return not counted and _are_codes(texts) and not all(map(DAY.match, texts))


def _are_ids(texts: Sequence[str]) -> bool:
    """Return whether texts are distinct codes that are more than a number, a day or a duration."""
    return _are_codes(texts) and not any(all(map(measure, texts)) for measure in (_NUMBER.fullmatch, DAY.match, _timed))


def _timed(text: str) -> bool:
    """Return whether a text is a duration with its unit."""
    try:
        found = duration(text)
    except ValueError:
        return False
    return found is not None and not found.assumed


def _are_codes(texts: Sequence[str]) -> bool:
    """Return whether texts are distinct codes."""
    coded = sum(bool(_CODE.fullmatch(text)) for text in texts)
    return (
        coded > len(texts) * 0.9
        and len(set(texts)) > len(texts) * 0.95
        and not all(text.isdigit() and len(text) < _SHORT for text in texts)
    )
