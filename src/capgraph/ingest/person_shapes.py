"""JSON about people that is no list of records: trees of reports, resumes, badges, wrapped statements."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from capgraph.formats.jsontext import starts_json
from capgraph.ingest.finding import json_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.ingest.part import Part

_BELOW = ("children", "reports", "directReports", "direct_reports", "subordinates", "employees", "team")
_KEYS = ("id", "employeeId", "employee_id", "email", "name")
_DEEPEST = 100


def shaped(part: Part) -> list[dict[str, Any]] | None:
    """Return the records of a JSON text in another shape than a list; None where it has none of these shapes."""
    if part.rows is not None or not starts_json(part.head()):
        return None
    records: list[Any] = json_records(part.read(), part.name).records
    whole = _whole(part)
    if isinstance(whole, list):
        records = whole
    elif isinstance(whole, dict) and (_is_resume(whole) or _is_badge(whole) or _reports(whole)):
        records = [whole]
    objects = [item for item in records if isinstance(item, dict)]
    for is_shape, unfold in ((_is_resume, _resume), (_is_badge, _badge)):
        if objects and all(map(is_shape, objects)):
            return [unfold(item) for item in objects]
    return [found for item in objects for found in _tree(item, "")] if any(map(_reports, objects)) else None


def _whole(part: Part) -> Any:  # noqa: ANN401 - any JSON
    """Return the whole of a JSON text; None for JSON lines."""
    try:
        return json.loads(part.read().decode("utf-8-sig", errors="replace"))
    except (json.JSONDecodeError, RecursionError):
        return None


def _reports(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the people below somebody, who are described as that one is."""
    if not any(item.get(key) for key in _KEYS):
        return []
    for name in _BELOW:
        below = item.get(name)
        if isinstance(below, list) and below and all(isinstance(one, dict) for one in below):
            return below if any(one.get(key) for one in below for key in _KEYS) else []
    return []


def _tree(item: dict[str, Any], manager: str, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield somebody, and all who report to that one, each with the manager."""
    below = _reports(item)
    own = {key: value for key, value in item.items() if value is not below}
    yield {**own, "manager": own.get("manager") or manager}
    key = next((str(item[name]) for name in _KEYS if item.get(name)), "")
    for one in below if depth < _DEEPEST else ():
        yield from _tree(one, key, depth + 1)


def _is_resume(item: dict[str, Any]) -> bool:
    """Return whether an object is a resume in the JSON that many editors of resumes write."""
    return isinstance(item.get("basics"), dict)


def _resume(item: dict[str, Any]) -> dict[str, Any]:
    """Return the person of a resume, with the skills."""
    basics = item["basics"]
    named = [one if isinstance(one, dict) else {"name": one} for one in item.get("skills") or []]
    return {
        "name": basics.get("name", ""), "email": basics.get("email", ""), "role": basics.get("label", ""),
        "skills": [{"name": one.get("name"), "level": one.get("level")} for one in named],
    }  # fmt: skip


def _is_badge(item: dict[str, Any]) -> bool:
    """Return whether an object is the assertion of a badge: of Open Badges 2.0, or a credential of 3.0."""
    subject = item.get("credentialSubject")
    return ("recipient" in item and "badge" in item) or (isinstance(subject, dict) and "achievement" in subject)


def _badge(item: dict[str, Any]) -> dict[str, Any]:
    """Return what an assertion says: who, what, when, and until when."""
    subject = item.get("credentialSubject")
    if isinstance(subject, dict):
        who: Any = subject.get("identifier") or subject.get("id", "")
        who = who[0] if isinstance(who, list) and who else who
        who = who.get("identityHash", "") if isinstance(who, dict) else who
        what, when = subject["achievement"], item.get("validFrom") or item.get("issuanceDate", "")
        until = item.get("validUntil") or item.get("expirationDate", "")
    else:
        recipient = item["recipient"]
        who = recipient.get("identity", "") if isinstance(recipient, dict) else recipient
        what, when, until = item["badge"], item.get("issuedOn", ""), item.get("expires", "")
    course = what if isinstance(what, dict) else {"id": what}
    return {
        "person": who, "course id": course.get("id", ""), "course title": course.get("name", ""),
        "date": when, "expires": until,
    }  # fmt: skip
