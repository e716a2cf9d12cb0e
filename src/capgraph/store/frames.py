"""People, requirements and evidence as data frames, a portion at a time, for questions about everybody at once."""

from __future__ import annotations

import datetime as dt
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from capgraph.graph import CapabilityGraph
from capgraph.model import Capability, RoleProfile
from capgraph.report import frame_library
from capgraph.store.identity import expanded, stored_prefixes
from capgraph.store.tables import HISTORY, at_revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from capgraph.model import Framework
    from capgraph.report import FrameLibrary
    from capgraph.store.revisions import Stored

FrameName = Literal["people", "requirements", "evidence"]
SCHEMAS: dict[FrameName, dict[str, type]] = {
    "people": {"person": str, "role": str, "team": str, "site": str, "language": str, "since": dt.datetime},
    "requirements": {
        "role": str,
        "capability": str,
        "capability_kind": str,
        "level": float,
        "value": float,
        "stretch": float,
        "lowest": float,
        "necessity": str,
        "importance": float,
    },
    "evidence": {
        "id": str,
        "person": str,
        "capability": str,
        "kind": str,
        "level": float,
        "value": float,
        "date": dt.datetime,
        "expires": dt.datetime,
        "confidence": float,
        "corrects": str,
    },
}
"""The columns of each frame; the types are those that every data-frame library can leave empty."""
_IDS = {"person", "role", "team", "capability", "id", "corrects"}


def frames(
    rows: Iterable[tuple[Any, ...]], name: FrameName, *, size: int, library: FrameLibrary | None
) -> Iterator[Any]:
    """Yield native data frames of at most `size` rows; one without rows where there are none at all."""
    import narwhals as nw

    types = {str: nw.String(), float: nw.Float64(), dt.datetime: nw.Datetime("us")}
    schema = {column: types[type_] for column, type_ in SCHEMAS[name].items()}
    backend = library or frame_library(sys.modules)
    stream = iter(rows)
    portion = list(islice(stream, size))
    while True:
        columns = zip(*portion, strict=True) if portion else ((),) * len(schema)
        data = dict(zip(schema, map(list, columns), strict=True))
        yield nw.from_dict(data, schema=schema, backend=backend).to_native()
        if not (portion := list(islice(stream, size))):
            return


def people(connection: sa.Connection, document: Stored, revision: int) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each role that somebody holds at a revision."""
    person, link = HISTORY["person"], HISTORY["link"]
    role, team = link.alias("role"), link.alias("team")
    number = None if revision == document.newest else revision
    first_team = sa.select(sa.func.min(team.c.target)).where(
        team.c.document == person.c.document,
        team.c.member == person.c.member,
        team.c.field == "teams",
        at_revision(team, number),
    )
    holds = sa.and_(role.c.document == person.c.document, role.c.member == person.c.member, role.c.field == "roles")
    query = (
        sa.select(
            person.c.id,
            role.c.target,
            first_team.scalar_subquery(),
            person.c.site,
            person.c.language,
            person.c.since,
        )
        .join(role, sa.and_(holds, at_revision(role, number)))
        .where(person.c.document == document.number, at_revision(person, number))
    )
    yield from _typed(connection, document, query, "people")


def evidence(connection: sa.Connection, document: Stored, revision: int) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each record about a capability at a revision."""
    table = HISTORY["evidence"]
    number = None if revision == document.newest else revision
    query = sa.select(*(table.c[column] for column in SCHEMAS["evidence"])).where(
        table.c.document == document.number, table.c.capability.is_not(None), at_revision(table, number)
    )
    yield from _typed(connection, document, query, "evidence")


def requirements(frameworks: Iterable[Framework]) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each requirement of each role, inherited ones included."""
    documents = tuple(frameworks)
    prefixes = dict(pair for document in documents for pair in document.prefixes.items())
    graph = CapabilityGraph(*documents)
    for role in graph.ids(RoleProfile):
        for capability, stated, _ in graph.requirements(role):
            node = graph[capability] if capability in graph else None  # noqa: SIM401 - a graph has no get
            scale = graph.scale(capability) if node is not None else None
            lowest = None
            if scale is not None:
                by_value = stated.level is None and stated.value is not None
                lowest = scale.minimum if by_value else min(scale.ranks, default=None)
            yield (
                expanded(role, prefixes),
                expanded(capability, prefixes),
                node.kind if isinstance(node, Capability) else None,
                stated.level,
                stated.value,
                stated.stretch,
                lowest,
                stated.necessity,
                stated.importance,
            )


def _typed(
    connection: sa.Connection, document: Stored, query: sa.Select[*tuple[Any, ...]], name: FrameName
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query with ids as IRIs, so that they join, and days as the types of frames."""
    prefixes = dict(stored_prefixes(connection, document.number))
    schema = SCHEMAS[name]
    ids = [place for place, column in enumerate(schema) if column in _IDS] if prefixes else []
    days = [place for place, type_ in enumerate(schema.values()) if type_ is dt.datetime]
    for row in connection.execution_options(yield_per=10_000).execute(query):
        values = list(row)
        for place in ids:
            values[place] = values[place] and expanded(values[place], prefixes)
        for place in days:
            values[place] = values[place] and dt.datetime.fromisoformat(str(values[place]))
        yield tuple(values)
