"""One member of a document (a role, a capability, an asset, a person …) as it is, or as it was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.errors import NotStoredError
from capgraph.store import selection
from capgraph.store.database import reading, with_ids
from capgraph.store.identity import spellings, stored_prefixes
from capgraph.store.layout import KINDS, PARTS
from capgraph.store.reading import rows_at
from capgraph.store.rows import members_from
from capgraph.store.tables import DOCUMENT_KEY, MEMBER_KEY

if TYPE_CHECKING:
    from capgraph.model import Node
    from capgraph.store.archive import Archive
    from capgraph.store.revisions import Stored
    from capgraph.store.selection import Moment


def member(
    store: Archive, id: str, *, document: str | None = None, at: Moment | None = None, revision: int | None = None
) -> Node:
    """Return one member of a document without loading the rest: what a role required on the day of an assessment.

    Parameters
    ----------
    store : Store
        The store.
    id : str
        The id of a capability, behavior, role, scale, asset, person, team, challenge, metric or measurement, as an IRI
        or a CURIE of its document.
    document : str, optional
        The id of the document; None for the first, by id, that has such a member.
    at : datetime, date or str, optional
        The moment whose state is meant, as in `Store.load`.
    revision : int, optional
        The revision whose state is meant; it needs `document`.

    Raises
    ------
    NotStoredError
        When no document has such a member, or none had it then.

    Notes
    -----
    Reads the rows of the one member by an index; the age of the state makes no difference.
    """
    with reading(store.engine) as connection:
        ids = [document] if document else sorted(connection.scalars(sa.select(DOCUMENT_KEY.c.id)))
        for known in (selection.known(connection, id_) for id_ in ids):
            place = known and _place(connection, known, id)
            if known and place:
                try:
                    number = selection.chosen(connection, known, at=at, revision=revision)
                except NotStoredError:
                    continue
                if found := _member(connection, known, number, place):
                    return found
    when = f" at {at}" if at is not None else f" at revision {revision}" if revision is not None else ""
    raise NotStoredError(f"{id!r} is no member of a stored document{when}; check the id and the moment")


def _place(connection: sa.Connection, document: Stored, id_: str) -> int | None:
    """Return the number of a member, however its id is spelled, or None."""
    spelled = sorted(spellings(id_, stored_prefixes(connection, document.number)))
    return connection.scalars(with_ids(connection, [MEMBER_KEY.c.member], document.number, spelled)).first()


def _member(connection: sa.Connection, document: Stored, revision: int, place: int) -> Node | None:
    """Return the member of a number at a revision, or None where it was not there."""
    model = KINDS[document.kind]
    number = None if revision == document.newest else revision
    fields = members_from(model, partial(rows_at, connection, document.number, number, between=(place, place)))
    for part in PARTS[model]:
        if fields.get(part.field):
            return part.model.model_validate(fields[part.field][0])  # type: ignore[return-value]  # members are nodes
    return None
