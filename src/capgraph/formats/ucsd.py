"""A university course catalog with prerequisite trees: JSON Lines, or a learning management system's CSV export."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.errors import ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.fixed import header_of, records_of, sniff_header
from capgraph.formats.jsontext import load_json
from capgraph.formats.record import NO, Format, Sniff
from capgraph.formats.unread import Source
from capgraph.model import Catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

ID = "urn:capgraph:ucsd:catalog"
PREFIX = "urn:capgraph:ucsd:"
COLUMNS = ("Course ID", "Course Title", "Units", "Prerequisites (text)", "Corequisites (text)")

_CSV_ONLY = {"Units", "Department", "Prerequisites (text)", "Corequisites (text)"}
_SETS = {"all": "all_of", "one": "any_of"}
_COUNTS = {"two": 2, "three": 3, "four": 4}
_TOKEN = re.compile(r"\s*(\(|\)|,|\band\b|\bor\b|\b(?:two|three|four) of\b|[^(),]+?(?=\s+(?:and|or)\b|[(),]|$))")
_DEEPEST = 50


class _ConditionError(ValueError):
    """A condition that cannot be read."""


def read_ucsd(content: Content, ledger: Ledger) -> Catalog:
    """Return the catalog; units stay text in the extensions, and no duration is made of them."""
    draft = Draft(Catalog, ledger, id=ID, title="UC San Diego General Catalog", prefixes={"ucsd": PREFIX})
    read = _lines if _is_lines(content) else _rows
    for number, (place, record) in enumerate(read(content, ledger)):
        code, title = str(record.get("code") or ""), str(record.get("title") or "")
        if not code or not title:
            draft.problem("no-title", "the course has no code or no title and is left out", place=place, hint="add it")
            ledger.note("dropped", "row", reason="no code or title", place=place)
            continue
        draft.add("assets", _asset(draft, record, place) | {"sequence": number}, place=place)
    ledger.note("kept", "assets", count=len(draft.tables["assets"]))
    return draft.build()


def _is_lines(content: Content) -> bool:
    """Return whether the file is JSON Lines."""
    return content.head().lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{")


def _lines(content: Content, ledger: Ledger) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the courses of a JSON Lines file; a line that cannot be read is listed."""
    for number, line in enumerate(content[content.name].splitlines(), start=1):
        if not line.strip():
            continue
        try:
            course = load_json(line, f"line:{number}")
        except ParseError as error:
            ledger.problems.extend(error.issues)
            ledger.note("dropped", "row", reason="not JSON", place=f"line:{number}")
            continue
        if isinstance(course, dict):
            yield f"line:{number}", course
        else:
            ledger.note("dropped", "row", reason="no course", place=f"line:{number}")


def _rows(content: Content, ledger: Ledger) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the courses of a CSV export, with their conditions as text."""
    for place, row in records_of(content, content.name, needed=COLUMNS, ledger=ledger):
        yield (
            place,
            {
                "code": row["Course ID"].strip(),
                "title": row["Course Title"].strip(),
                "units": row["Units"],
                "department": row.get("Department", ""),
                "description": row.get("Course Description", ""),
                "prereqs_text": row["Prerequisites (text)"].strip(),
                "coreqs_text": row["Corequisites (text)"].strip(),
            },
        )


def course_id(code: str) -> str:
    """Return the id of a course: ``CSE 100`` is ``ucsd:CSE-100``."""
    return f"ucsd:{'-'.join(code.split())}"


def _asset(draft: Draft[Catalog], course: dict[str, Any], place: str) -> dict[str, Any]:
    """Return the record of one course."""
    code = str(course["code"])
    kept = {name: course[name] for name in ("units", "department", "successors") if course.get(name)}
    record: dict[str, Any] = {
        "id": course_id(code),
        "notation": code,
        "title": course["title"],
        "description": str(course.get("description") or ""),
        "extensions": {"ucsd": kept} if kept else {},
        "provenance": [{"source": "catalog", "locator": place}],
    }
    for field, key in (("prerequisites", "prereqs"), ("corequisites", "coreqs")):
        try:
            text = course.get(f"{key}_text")
            condition = read_condition(text) if text else tree(course.get(key))
        except _ConditionError as error:
            draft.problem("bad-condition", f"{code!r}: {error}", ids=(code,), place=place, hint="correct the condition")
            draft.ledger.note("moved", f"asset.{field}", reason="cannot be read", place=place)
            record["extensions"] = {"ucsd": {**kept, key: course.get(f"{key}_text") or course.get(key)}}
            continue
        if condition is not None:
            record[field] = condition
    return record


def tree(value: object, depth: int = 0) -> dict[str, Any] | None:
    """Return the condition that a prerequisite tree states: a code, or ``{"type": …, "courses": […]}``, nested."""
    if value in (None, "", []):
        return None
    if isinstance(value, str):
        return {"asset": course_id(value)}
    if not isinstance(value, dict) or not isinstance(value.get("courses"), list) or depth > _DEEPEST:
        raise _ConditionError(f"{type(value).__name__} is no prerequisite tree")
    parts = [part for item in value["courses"] if (part := tree(item, depth + 1)) is not None]
    kind = value.get("type")
    if kind in _SETS:
        return {_SETS[kind]: parts} if parts else None
    if kind in _COUNTS:
        return {"at_least": _COUNTS[kind], "of": parts}
    raise _ConditionError(f"{kind!r} is no kind of set")


def read_condition(text: str) -> dict[str, Any]:
    """Return the condition that words state: ``CSE 12 and (CSE 21 or MATH 154)``, ``two of A 1, A 2, A 3``.

    Examples
    --------
    >>> read_condition("CSE 12 and (CSE 21 or MATH 154)")["all_of"][0]
    {'asset': 'ucsd:CSE-12'}
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens).replace(" ", "") != text.replace(" ", ""):
        raise _ConditionError(f"{text[:60]!r} cannot be read")
    condition = _expression(tokens, 0)
    if tokens:
        raise _ConditionError(f"{text[:60]!r} goes on after its end, at {tokens[0]!r}")
    return condition


def _expression(tokens: list[str], depth: int) -> dict[str, Any]:
    """Return terms joined by *and* or by *or*; both in one expression need parentheses."""
    terms, joint = [_term(tokens, depth)], ""
    while tokens and tokens[0] in {"and", "or"}:
        word = tokens.pop(0)
        if joint not in {"", word}:
            raise _ConditionError("'and' and 'or' are mixed without parentheses")
        joint = word
        terms.append(_term(tokens, depth))
    return terms[0] if not joint else {"all_of" if joint == "and" else "any_of": terms}


def _term(tokens: list[str], depth: int) -> dict[str, Any]:
    """Return a course, a count of courses, or an expression in parentheses."""
    word = tokens.pop(0) if tokens else ""
    if word == "(" and depth < _DEEPEST:
        inner = _expression(tokens, depth + 1)
        if not tokens or tokens.pop(0) != ")":
            raise _ConditionError("a parenthesis is not closed")
        return inner
    if word.endswith(" of"):
        parts = [_term(tokens, depth)]
        while tokens and tokens[0] == ",":
            tokens.pop(0)
            parts.append(_term(tokens, depth))
        return {"at_least": _COUNTS[word.removesuffix(" of")], "of": parts}
    if word in {"", "(", ")", ",", "and", "or"}:
        raise _ConditionError(f"a course is missing before {word!r}")
    return {"asset": course_id(word)}


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether the content is one of the two shapes of the catalog."""
    if len(content) != 1 or kind not in {"", "catalog"}:
        return NO
    if _is_lines(content):
        first = content.head().lstrip(b"\xef\xbb\xbf \r\n").split(b"\n", 1)[0]
        fields = [name for name in (b'"code"', b'"title"', b'"units"', b'"department"') if name in first]
        return Sniff(0.9, ("lines with code, title, units, department",)) if len(fields) == 4 else NO  # noqa: PLR2004 - all of them
    return sniff_header(header_of(content, content.name), COLUMNS)


FORMAT = Format(
    name="ucsd",
    title="UC San Diego course catalog (JSON Lines, CSV)",
    extensions=(".jsonl", ".csv"),
    reads=("catalog",),
    carries={
        "catalog": frozenset({"title", "assets"}),
        "asset": frozenset({"notation", "title", "description", "prerequisites", "corequisites", "extensions"}),
    },
    sniff=_sniff,
    reader=read_ucsd,
    source=Source(
        taken=frozenset({"code", "title", "description", "Course ID", "Course Title", "Course Description"}),
        understood=frozenset({"prereqs", "coreqs", "type", "courses", "prereqs_text", "coreqs_text"} | _CSV_ONLY),
        lines=True,
    ),
    notes="Units are kept as text: no duration is guessed.",
)
