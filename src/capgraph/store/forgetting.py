"""Forgetting a person: the one exception to the rule that nothing is ever removed.

What goes, from every revision: the person's own rows, every record of evidence about the person, and every mention of
the person by others (as a manager, the lead of a team, in the scope of a challenge or measurement).  What stays is a
revision that says that somebody was forgotten, without saying who.  Texts that people wrote, such as the messages of
revisions and the notes of others' records, are theirs to mind.
"""

from __future__ import annotations

import warnings
from contextlib import closing
from typing import TYPE_CHECKING

import sqlalchemy as sa

from capgraph.errors import CapgraphWarning, StoreError
from capgraph.store.database import one_of, told
from capgraph.store.identity import Prefixes, spellings, stored_prefixes
from capgraph.store.layout import KINDS
from capgraph.store.rows import member_tables
from capgraph.store.tables import DOCUMENT_KEY, HISTORY, MEMBER_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from capgraph.store.revisions import Stored

_MENTIONS = (("person", "manager"), ("team", "lead"))
"""The columns in which others name a person."""
TABLES = ("person", "team", "evidence", "link")
"""The temporal tables that may hold what is forgotten."""


def concerned(connection: sa.Connection) -> Iterator[str]:
    """Yield the ids of the documents that may name people, in the order in which every forgetting locks them."""
    query = sa.select(DOCUMENT_KEY.c.id).where(DOCUMENT_KEY.c.kind.in_(["workforce", "agenda"]))
    yield from connection.scalars(query.where(DOCUMENT_KEY.c.newest.is_not(None)).order_by(DOCUMENT_KEY.c.document))


def forget(connection: sa.Connection, document: Stored, person: str) -> int:
    """Return how many rows of a document, in any revision, named a person; they are gone or name nobody now."""
    prefixes = stored_prefixes(connection, document.number)
    spelled = sorted(spellings(person, prefixes))
    return (
        _remove_evidence(connection, document.number, spelled, prefixes)
        + _remove_member(connection, document, spelled)
        + _remove_mentions(connection, document.number, spelled)
    )


def _remove_evidence(connection: sa.Connection, document: int, spelled: list[str], prefixes: Prefixes) -> int:
    """Remove the records about a person, and what others' records say of these."""
    table = HISTORY["evidence"]
    about = sa.and_(table.c.document == document, one_of(connection, table.c.person, spelled))
    ids = connection.scalars(sa.select(table.c.id).where(about).distinct())
    gone = sorted({text for id_ in ids for text in spellings(id_, prefixes)})
    removed = connection.execute(sa.delete(table).where(about)).rowcount
    if gone:
        corrected = sa.and_(table.c.document == document, one_of(connection, table.c.corrects, gone))
        connection.execute(sa.update(table).where(corrected).values(corrects=None))
    return removed


def _remove_member(connection: sa.Connection, document: Stored, spelled: list[str]) -> int:
    """Remove the person's own rows."""
    named = one_of(connection, MEMBER_KEY.c.id, spelled)
    own = sa.and_(MEMBER_KEY.c.document == document.number, MEMBER_KEY.c.part == "person", named)
    members = list(connection.scalars(sa.select(MEMBER_KEY.c.member).where(own)))
    removed = 0
    for name in member_tables(KINDS[document.kind]) if members else ():
        table = HISTORY[name]
        rows = sa.and_(table.c.document == document.number, table.c.member.in_(members))
        removed += connection.execute(sa.delete(table).where(rows)).rowcount
    connection.execute(sa.delete(MEMBER_KEY).where(own))
    return removed


def _remove_mentions(connection: sa.Connection, document: int, spelled: list[str]) -> int:
    """Remove the person from the rows of others."""
    changed = 0
    for name, column in _MENTIONS:
        table = HISTORY[name]
        naming = sa.and_(table.c.document == document, one_of(connection, table.c[column], spelled))
        changed += connection.execute(sa.update(table).where(naming).values({column: None})).rowcount
    link = HISTORY["link"]
    scope = sa.and_(link.c.document == document, link.c.field == "scope", one_of(connection, link.c.target, spelled))
    changed += connection.execute(sa.delete(link).where(scope)).rowcount
    if changed:
        # The digests speak of what is no longer there; without one, the next save compares row by row.
        kept = sa.and_(MEMBER_KEY.c.document == document, MEMBER_KEY.c.digest.is_not(None))
        connection.execute(sa.update(MEMBER_KEY).where(kept).values(digest=""))
    return changed


def scrub(engine: sa.Engine) -> None:
    """Have the database itself let go of removed rows, and warn where it cannot yet.

    SQLite overwrites what is removed, but copies stay in the gaps of pages that were split while it was written, and
    in the log: only a new file holds none.  PostgreSQL gives the room free for other rows.
    """
    try:
        with told(engine):
            is_clean = _vacuum(engine)
    except StoreError as error:
        _warn(engine, str(error))
        return
    if not is_clean:
        _warn(engine, "somebody else is reading")


def _vacuum(engine: sa.Engine) -> bool:
    """Return whether nothing is left of removed rows, after an attempt at it."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {', '.join(f'{name}_history' for name in TABLES)}, member_key")
        return True
    # The driver itself, since SQLAlchemy begins a transaction; and closed, since an open statement keeps the log.
    with closing(engine.raw_connection()) as direct, closing(direct.cursor()) as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone() or (0,)
        return not is_busy


def _warn(engine: sa.Engine, reason: str) -> None:
    """Warn that the files of a database may still hold what is forgotten."""
    url = engine.url.render_as_string(hide_password=True)
    text = f"{url!r} may keep traces of who was forgotten in its files ({reason}); run VACUUM when nobody else uses it"
    warnings.warn(text, CapgraphWarning, stacklevel=4)
