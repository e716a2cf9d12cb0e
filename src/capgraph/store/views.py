"""The views that analysts and their tools query: the newest state, in readable names.

They hold no data, so that an upgrade drops and makes them again.  `docs/reference/store.md` lists their columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from capgraph.store.layout import PARTS
from capgraph.store.rows import content
from capgraph.store.tables import DOCUMENT, DOCUMENT_KEY, HISTORY, LONGEST_INDEXED, MEMBER_KEY, REVISION

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINKS = (
    ("capability", "broader", "capability_broader", "broader"),
    ("capability", "related", "capability_related", "related"),
    ("capability", "prerequisites", "capability_prerequisite", "prerequisite"),
    ("role", "broader", "role_broader", "broader"),
    ("asset", "roles", "asset_role", "role"),
    ("asset", "part_of", "asset_program", "program"),
    ("person", "roles", "person_role", "role"),
    ("person", "target_roles", "person_target_role", "role"),
    ("person", "teams", "person_team", "team"),
    ("team", "broader", "team_broader", "broader"),
    ("challenge", "behaviors", "challenge_behavior", "behavior"),
    ("challenge", "assets", "challenge_asset", "asset"),
    ("challenge", "scope", "challenge_scope", "scope"),
)
"""Pairs of ids: the part that owns a field, the field, the view, and the name there of what the field names."""
_INNER = {
    "scale_level": ("scale_level", "scale"),
    "capability_level": ("capability_level", "capability"),
    "requirement": ("role_requirement", "role"),
    "alignment": ("asset_alignment", "asset"),
    "finding": ("challenge_finding", "challenge"),
}
"""The views of parts inside members, and the names there of the members."""

KINDS_BY_TRUST = ("test", "credential", "observation", "manager", "peer", "self", "completion", "inferred")
"""Kinds of evidence, of which the first counts where several are of one day, as in the default policy."""
_ATTAINMENT = """
SELECT document, person, capability, level, value, kind, date, expires, confidence, evidence
FROM (
    SELECT k.id AS document, e.person, e.capability, e.level, e.value, e.kind, e.date, e.expires, e.confidence,
           e.id AS evidence,
           ROW_NUMBER() OVER (PARTITION BY k.id, e.person, e.capability
                              ORDER BY e.date DESC, {trust}, e.level, e.value, e.id) AS place
    FROM evidence_history e JOIN document_key k ON k.document = e.document
    WHERE e.ended IS NULL
      AND e.capability IS NOT NULL AND e.kind <> 'completion' AND (e.level IS NOT NULL OR e.value IS NOT NULL)
      AND e.date <= CURRENT_DATE AND (e.expires IS NULL OR e.expires >= CURRENT_DATE)
      AND NOT EXISTS (SELECT 1 FROM evidence_history c
                      WHERE c.document = e.document AND c.ended IS NULL AND c.corrects = e.id
                        AND substr(c.corrects, 1, {indexed}) = substr(e.id, 1, {indexed}))
) ranked
WHERE place = 1
"""
"""What each person holds by the latest evidence alone; other policies need the library."""
_CAPABILITY_HOLDERS = """
SELECT document, capability, level, COUNT(*) AS holders,
       SUM(COUNT(*)) OVER (PARTITION BY document, capability ORDER BY level DESC) AS holders_at_or_above
FROM attainment
GROUP BY document, capability, level
"""
_TEAM_HOLDERS = """
WITH held AS MATERIALIZED (SELECT document, person, capability, level FROM attainment),
     belongs AS MATERIALIZED (SELECT document, person, team FROM person_team)
SELECT h.document, b.team, h.capability, h.level, COUNT(*) AS holders,
       SUM(COUNT(*)) OVER (PARTITION BY h.document, b.team, h.capability ORDER BY h.level DESC) AS holders_at_or_above
FROM held h JOIN belongs b ON b.document = h.document AND b.person = h.person
GROUP BY h.document, b.team, h.capability, h.level
"""
"""Both sides are made first: PostgreSQL expects few rows of the latest evidence, and would look each team up anew."""


def views(dialect: sa.Dialect) -> dict[str, str]:
    """Return the query of each view, in an order in which they can be made."""
    options = {"literal_binds": True}
    queries = {
        name: str(query.compile(dialect=dialect, compile_kwargs=options)) for name, query in dict(_selects()).items()
    }
    return {
        **queries,
        "attainment": _ATTAINMENT.strip().format(trust=_trust(), indexed=LONGEST_INDEXED),
        "capability_holders": _CAPABILITY_HOLDERS.strip(),
        "team_holders": _TEAM_HOLDERS.strip(),
    }


def _trust() -> str:
    """Return the expression for the place of a kind of evidence in the order of trust."""
    cases = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS_BY_TRUST))
    return f"CASE e.kind {cases} END"


def make(connection: sa.Connection) -> None:
    """Make the views, after those of an older version of the library are gone."""
    queries = views(connection.dialect)
    for name in sorted({*sa.inspect(connection).get_view_names()} & queries.keys(), key=[*queries].index, reverse=True):
        connection.exec_driver_sql(f"DROP VIEW {name}")
    for name, query in queries.items():
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {query.replace('%%', '%')}")


def _selects() -> Iterator[tuple[str, sa.Select[Any]]]:
    """Yield the views that show tables."""
    yield "document", _documents()
    for parts in PARTS.values():
        for part in parts:
            yield part.name, _newest(part.name)
            for inner in part.parts:
                if inner.name in _INNER:
                    name, owner = _INNER[inner.name]
                    yield name, _newest(inner.name, owner=owner)
    yield "translation", _newest("translation", owner="member")
    yield "label", _newest("label", owner="member")
    for owner, field, name, target in _LINKS:
        named = sa.and_(HISTORY["link"].c.field == field, MEMBER_KEY.c.part == owner)
        yield name, _newest("link", owner=owner, target=target).where(named)


def _newest(name: str, *, owner: str | None = None, target: str | None = None) -> sa.Select[Any]:
    """Return the newest rows of a table, with the ids of their document and of the member that they belong to."""
    table = HISTORY[name]
    columns: list[sa.ColumnElement[Any]] = [DOCUMENT_KEY.c.id.label("document")]
    source: sa.FromClause = table.join(DOCUMENT_KEY, DOCUMENT_KEY.c.document == table.c.document)
    if owner is not None:
        own = sa.and_(MEMBER_KEY.c.document == table.c.document, MEMBER_KEY.c.member == table.c.member)
        source = source.join(MEMBER_KEY, own)
        columns.append(MEMBER_KEY.c.id.label(owner))
    if target is not None:
        columns.append(table.c.target.label(target))
    else:
        columns += [_shown(column) for column in content(table) if column.name != "member"]
    return sa.select(*columns).select_from(source).where(table.c.ended.is_(None))


def _shown(column: sa.Column[object]) -> sa.ColumnElement[Any]:
    """Return a column as analysts want it: money as a number, not as the exact text."""
    if column.name.endswith("_amount"):
        return sa.cast(column, sa.Numeric()).label(column.name)
    return column


def _documents() -> sa.Select[Any]:
    """Return the documents that are there, with their newest revision."""
    header = [column for column in content(DOCUMENT) if column.name != "id"]
    source = DOCUMENT.join(DOCUMENT_KEY, DOCUMENT_KEY.c.document == DOCUMENT.c.document).join(
        REVISION, REVISION.c.number == DOCUMENT_KEY.c.newest
    )
    saved = [REVISION.c.number.label("revision"), REVISION.c.time.label("saved"), REVISION.c.author.label("saved_by")]
    columns = [DOCUMENT_KEY.c.id.label("document"), DOCUMENT_KEY.c.kind, *saved, *header]
    return sa.select(*columns).select_from(source).where(DOCUMENT.c.ended.is_(None))
