"""xAPI statements: completions, and competencies in the two dialects in use; voided statements do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.formats.days import day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_COMPLETED = frozenset({"completed", "passed", "mastered", "satisfied", "waived"})
_ACHIEVED = frozenset({"achieved", "asserted", "conferred", "verified"})
_WITHDRAWN = frozenset({"expired", "forfeited", "revoked", "deselected"})
_COMPETENCY = "competency"
_EXPIRES = "https://w3id.org/xapi/comp/contextextensions/expires"
_WAS_VOIDED = "capgraph:voided"
_IDENTIFIER = "competency-identifier"


class Statement(NamedTuple):
    """What a statement says, or why it says nothing here."""

    number: int
    """Its place, from 1."""
    record: dict[str, Any]
    """The fields of a record of evidence; the person is a key."""
    action: str = ""
    """``ignored`` or ``rejected`` where it gives no record."""
    reason: str = ""
    """Why."""
    hint: str = ""
    """What to do."""


def records(statements: Sequence[Any]) -> Iterator[Statement]:
    """Yield what each statement says, in their order; a statement that comes twice counts once.

    A statement about a group counts for each of its members; what a store wraps around a statement is taken off.
    """
    given = [_unwrapped(item) for item in statements]
    voided = {_object_id(item).lower() for item in given if isinstance(item, dict) and _verb(item) == VOIDED}
    seen: set[str] = set()
    for number, item in enumerate(given, start=1):
        if not isinstance(item, dict):
            yield Statement(number, {}, "rejected", "not-an-object", "a statement is a JSON object")
            continue
        id_ = str(item.get("id", ""))
        if _verb(item) == VOIDED:
            yield Statement(number, {}, "ignored", "voids-another")
        elif id_.lower() in voided or item.get(_WAS_VOIDED):
            yield Statement(number, {}, "ignored", "voided")
        elif id_ and id_ in seen:
            yield Statement(number, {}, "duplicate", "same-statement")
        else:
            seen.add(id_)
            yield from _read_all(number, item)


def _unwrapped(item: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return the statement in a record of a store, which may say that it was voided."""
    inner = item.get("statement") if isinstance(item, dict) and "actor" not in item else None
    if not isinstance(inner, dict):
        return item
    return {**inner, _WAS_VOIDED: True} if item.get("voided") is True else inner


def _read_all(number: int, item: dict[str, Any]) -> Iterator[Statement]:
    """Yield what one statement says, for each member of the group where it is about one without an id of its own."""
    actor = item.get("actor")
    members = actor.get("member") if isinstance(actor, dict) and not _actor(actor) else None
    if not isinstance(members, list) or not members:
        yield _read(number, item)
        return
    for place, member in enumerate(members):
        found = _read(number, {**item, "actor": member})
        own = {"id": f"{found.record['id']}#{place}"} if "id" in found.record else {}
        yield found._replace(record=found.record | own)


def _read(number: int, item: dict[str, Any]) -> Statement:
    """Return what one statement says."""
    verb = _verb(item).rstrip("/").rsplit("/", 1)[-1].lower()
    person = _actor(item.get("actor"))
    if verb == "conferred" and _is_somebody(item.get("object")):
        person = _actor(item["object"])
    if not person:
        return Statement(number, {}, "rejected", "missing-person", "the actor has neither account nor mail nor openid")
    try:
        found = day(item.get("timestamp") or item.get("stored", ""))
    except ValueError:
        found = None
    if found is None:
        return Statement(number, {}, "rejected", "missing-date", "the statement has no readable timestamp")
    record = {"person": person, "date": found.date, "source": "xapi"}
    id_ = str(item.get("id", ""))
    if id_:
        record["id"] = f"urn:uuid:{id_.lower()}" if ":" not in id_ else id_
    return _said(number, item, verb, record)


def _said(number: int, item: dict[str, Any], verb: str, record: dict[str, Any]) -> Statement:
    """Return what a statement with a person and a day says."""
    target, result = item.get("object"), item.get("result") or {}
    if verb in _WITHDRAWN:
        return Statement(number, {}, "ignored", f"competency-{verb}", "record it as a correction by hand")
    granted = _grouped(item) if verb == "conferred" and _is_somebody(target) else target
    if verb in _ACHIEVED and _is_competency(granted):
        return Statement(number, record | _competency(item, granted))
    if not isinstance(target, dict) or target.get("objectType", "Activity") != "Activity":
        return Statement(number, {}, "ignored", "no-activity", "only statements about activities are read")
    if verb not in _COMPLETED:
        return Statement(number, {}, "ignored", "other-verb")
    if result.get("completion") is False or result.get("success") is False:
        return Statement(number, {}, "ignored", "not-completed")
    return Statement(number, record | {"asset": str(target.get("id", "")), "kind": "completion"})


def _is_somebody(target: Any) -> bool:  # noqa: ANN401 - any JSON
    """Return whether the object of a statement is a person or a group."""
    return isinstance(target, dict) and target.get("objectType") in {"Agent", "Group"}


def _competency(item: dict[str, Any], target: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return the capability, the level and how it is known."""
    result = item.get("result") or {}
    extensions = {**(result.get("extensions") or {}), **((item.get("context") or {}).get("extensions") or {})}
    named = next((value for key, value in extensions.items() if key.rstrip("/").endswith(_IDENTIFIER)), None)
    raw = (result.get("score") or {}).get("raw")
    record: dict[str, Any] = {"capability": str(named or target.get("id", "")), "kind": "observation"}
    if isinstance(raw, int | float):
        record["level" if float(raw).is_integer() else "value"] = int(raw) if float(raw).is_integer() else float(raw)
    try:
        expires = day(extensions.get(_EXPIRES, ""))
    except ValueError:
        expires = None
    return record | ({"expires": expires.date} if expires else {})


def _is_competency(target: Any) -> bool:  # noqa: ANN401 - any JSON
    """Return whether the object of a statement is a competency."""
    kind = ((target or {}).get("definition") or {}).get("type", "") if isinstance(target, dict) else ""
    return str(kind).rstrip("/").rsplit("/", 1)[-1] == _COMPETENCY


def _grouped(item: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return the competency in the grouping of a statement."""
    grouping = ((item.get("context") or {}).get("contextActivities") or {}).get("grouping") or []
    activities = grouping if isinstance(grouping, list) else [grouping]
    return next((activity for activity in activities if _is_competency(activity)), None)


def _actor(actor: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the key of an actor: the name of its account, its openid, or its mail address, hashed or not."""
    if not isinstance(actor, dict):
        return ""
    account = actor.get("account") or {}
    found = account.get("name") or actor.get("openid") or actor.get("mbox_sha1sum") or actor.get("mbox") or ""
    return str(found).removeprefix("mailto:")


def _verb(item: dict[str, Any]) -> str:
    """Return the id of the verb."""
    return str((item.get("verb") or {}).get("id", ""))


def _object_id(item: dict[str, Any]) -> str:
    """Return the id of what a statement is about."""
    return str((item.get("object") or {}).get("id", ""))
