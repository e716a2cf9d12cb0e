"""Documents in a database (SQLite or PostgreSQL), with every state they have had."""

from capgraph.store.revisions import Revision
from capgraph.store.store import Store

__all__ = ["Revision", "Store"]
