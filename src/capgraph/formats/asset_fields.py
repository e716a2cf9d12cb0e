"""Cells of a course list as fields of a learning asset: the aliases of columns, and how each cell is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from capgraph.formats.identity import slug
from capgraph.formats.tabular import as_text
from capgraph.formats.values import boolean, day, duration, language, many, number, price
from capgraph.model.catalog import AssetKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from capgraph.formats.tables import Aliases
    from capgraph.formats.tabular import Cell

ALIASES: Aliases = {
    "id": (
        *("id", "asset id", "course id", "content id", "contentid", "external_content_id", "externalid", "item id"),
        *("urn", "training id", "lo id", "course code", "code", "ref", "reference", "no", "no."),
    ),
    "notation": ("notation", "course code", "code", "coded notation"),
    "title": (
        *("title", "course", "course title", "course name", "name", "item title", "learning opportunity name"),
        *("training", "training title", "learning offer", "content title"),
    ),
    "kind": ("kind", "type", "format", "content type", "contenttype", "course type", "learning type", "delivery"),
    "description": ("description", "summary", "about", "abstract", "details", "headline", "course description"),
    "alternative_titles": ("alternative titles", "other titles"),
    "url": ("url", "link", "launch", "launch url", "deep link", "contentweburl", "subject webpage"),
    "language": ("language", "languages", "lang", "locale", "languagetag"),
    "provider": ("provider", "vendor", "source", "sourcename", "offered by", "supplier"),
    "duration": ("duration", "length", "estimated_content_length", "learning time", "time required"),
    "hours": ("hours", "duration (h)", "duration (hours)", "duration in hours", "duration hours"),
    "minutes": ("minutes", "duration (min)", "duration (minutes)", "duration in minutes", "duration minutes"),
    "cost": ("cost", "price", "fee", "cost per head", "price per person"),
    "keywords": ("keywords", "tags", "topics", "subjects", "categories", "skilltags", "search words"),
    "audience": ("audience", "target audience", "for whom", "aimed at"),
    "roles": ("roles", "for roles"),
    "sites": ("sites", "locations", "location"),
    "teaches": ("teaches", "skills", "skills taught", "capabilities", "competencies"),
    "assesses": ("assesses", "skills assessed"),
    "requires": ("requires", "skills required"),
    "mentions": ("mentions",),
    "prerequisites": ("prerequisites", "prerequisite courses", "needs before"),
    "corequisites": ("corequisites",),
    "part_of": ("part of", "program", "programme"),
    "mandatory": ("mandatory", "compliance", "obligatory"),
    "accreditation": ("accreditation", "accredited by"),
    "edition": ("edition", "version"),
    "published": ("published", "publishedat", "release date"),
    "modified": ("modified", "last modified", "lastmodifiedutc", "last_update_date", "last updated", "updated"),
    "rating": ("rating",),
    "learners": ("learners", "learners a year"),
    "seats": ("seats", "places", "max participants"),
    "session_cost": ("session cost", "cost per session"),
    "facilitator_minutes": ("facilitator minutes",),
    "annual_cost": ("annual cost",),
    "maintenance_minutes": ("maintenance minutes",),
    "status": ("status", "is active", "isactive", "active", "workflow_state"),
}
"""The names of columns in course lists, by field; ``hours`` and ``minutes`` are durations with their unit."""

LISTS = ("alternative_titles", "keywords", "audience", "sites")
TEXTS = ("notation", "title", "description", "url", "provider", "accreditation", "edition")
MONEY = ("cost", "session_cost", "annual_cost")
DAYS = ("published", "modified")
DURATIONS = ("duration", "hours", "minutes", "facilitator_minutes", "maintenance_minutes")
COUNTS = ("learners", "seats")

_KINDS = {
    **{word: word for word in get_args(AssetKind)},
    **dict.fromkeys(("training", "classroom", "e-learning", "elearning", "online", "class"), "course"),
    **dict.fromkeys(("article", "book", "document"), "reading"),
    **dict.fromkeys(("test", "exam", "quiz"), "assessment"),
    "programme": "program",
    "learning-path": "program",
    "on-the-job": "on_the_job",
    "job-aid": "job_aid",
}
_STATES = {
    **{word: word for word in ("active", "draft", "deprecated")},
    **dict.fromkeys(("retired", "deleted", "archived"), "deprecated"),
}


def kind_of(text: str) -> str | None:
    """Return the kind of asset that a word stands for, or None."""
    return _KINDS.get(text) or _KINDS.get(slug(text))


def status_of(text: str) -> str:
    """Return the status that a cell states; a yes or no says whether the asset is active."""
    stated = _STATES.get(text.strip().lower())
    return stated or ("active" if boolean(text) else "deprecated")


def _duration(cell: Cell, field: str, units: dict[str, str]) -> float | None:
    """Return minutes; the unit is the field's own, else the one stated for it."""
    fixed = {"hours": "hour", "minutes": "minute", "facilitator_minutes": "minute", "maintenance_minutes": "minute"}
    found = duration(cell, unit=fixed.get(field) or units.get(field, ""))
    if found is None:
        return None
    if found.assumed:
        raise ValueError(f"{as_text(cell)!r} has no unit; map the column as hours or minutes, or state the unit")
    return found.minutes


def _money(cell: Cell, field: str, units: dict[str, str]) -> dict[str, Any] | None:  # noqa: ARG001 - one signature for all readers
    """Return an amount of money with its currency."""
    found = price(cell, currency=units.get("currency", ""))
    if found is None:
        return None
    if not found.currency and found.amount:
        raise ValueError(f"{as_text(cell)!r} has no currency; state it")
    return {"amount": found.amount, "currency": found.currency} if found.currency else None


def _day(cell: Cell, field: str, units: dict[str, str]) -> object:  # noqa: ARG001 - one signature for all readers
    """Return a date."""
    found = day(cell)
    return found.date if found else None


def _count(cell: Cell, field: str, units: dict[str, str]) -> int | None:  # noqa: ARG001 - one signature for all readers
    """Return a whole number."""
    found = number(cell)
    if found is not None and found != int(found):
        raise ValueError(f"{as_text(cell)!r} is no whole number")
    return None if found is None else int(found)


def _share(cell: Cell, field: str, units: dict[str, str]) -> float | None:
    """Return a number from 0 to 1; a rating on a larger scale needs its maximum as unit."""
    found = number(cell)
    if found is None:
        return None
    top = float(units.get(field) or 1)
    if not 0 <= float(found) <= top:
        raise ValueError(f"{as_text(cell)!r} is not between 0 and {top:g}; state the highest rating as its unit")
    return float(found) / top


def reader_of(field: str) -> Callable[[Cell, str, dict[str, str]], object] | None:
    """Return the function that reads the cells of a field, or None for fields that are read with the whole row."""
    for names, read in ((DURATIONS, _duration), (MONEY, _money), (DAYS, _day), (COUNTS, _count), (("rating",), _share)):
        if field in names:
            return read
    simple: dict[str, Callable[[Cell], object]] = {
        "language": language,
        "mandatory": boolean,
        "status": lambda cell: status_of(as_text(cell)),
    }
    if field in simple:
        return lambda cell, _field, _units: simple[field](cell)
    if field in TEXTS:
        return lambda cell, _field, _units: as_text(cell)
    return None


def split(cell: Cell, separators: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several."""
    return many(cell, separators=separators)
