"""Documents in a database (SQLite or PostgreSQL), with every state they have had.

How it is built, in one page
----------------------------

**Every row carries the revision that added it and the one that ended it.**  A state of a document is the rows with
``added <= revision`` and ``ended`` NULL or later; the newest state is the rows that have not ended.  So a save writes
only what differs, any earlier state can be loaded, and nothing is overwritten: `ended` is set once, and that is the
only update that a temporal row ever sees.  (`Store.forget` is the one exception, for the law's sake.)

**A revision belongs to one document.**  It says who, when, why and how many rows.  Saves of one document wait for one
another, on its row in ``document_key``; saves of different documents do not (SQLite has one writer at a time anyway).
A save that builds on another revision than the newest is refused.

**Members have numbers.**  A member of a document (capability, role, asset, person …) gets a number for good in
``member_key``; its rows in other tables carry the number, so that a changed label leaves its 200 requirements alone.
There, too, is a digest of the member as it is now: a save compares digests first, and rows only where these differ.
Beside it may stand a fingerprint of what an import made the member from, so that it need not be made again.
Parts that are one row each (evidence, mappings, decisions, relations) need no number: they are compared as rows.

**One list says which part has which table** (`capgraph.store.layout`); the columns follow from the fields of the model
(`capgraph.store.fields`), and saving and loading follow from both.  The migrations spell the tables out once more, and
a test holds the two equal.

=================  =====================================================================================
module             what it does
=================  =====================================================================================
``layout``         which part of which document has which table
``fields``         a field of the model as columns, and back
``tables``         the tables
``rows``           a document as rows, and rows as a document
``writing``        the difference between the newest state and a document, and the writing of it
``marks``          the digests by which a save finds what changed
``seen``           members that a store has seen, which a save passes over
``reading``        the rows of a document at a revision
``revisions``      who saved what and when; the lock
``selection``      which documents and revisions a question means (``at=``, ``version=`` …)
``archive``        `Archive`: what a store can tell
``store``          `Store`: and what can be done to it
``changes``        what a revision did, row by row
``evidence``       evidence as a stream
``rewriting``      a workforce carried over record by record
``catalogs``       assets in portions, without their catalog
``headings``       what a catalog says of itself, and the titles and ids of its assets
``upserting``      one source's assets, written in place (``sources``: a portion at a time)
``prepared``       an asset as the rows that it becomes, to be put aside until then
``composing``      an asset as such rows, composed of fields that were checked one by one
``members``        one member, as it is or as it was
``frames``         people, requirements and evidence as data frames
``forgetting``     the removal of a person
``views``          the views that analysts query
``schema``         the version of the tables; ``migrations`` leads from each version to the next
``integrity``      what a database holds, and whether it holds together
``arguments``      what callers hand over, looked at first
``database``       engines, transactions, bulk writes
=================  =====================================================================================
"""

from capgraph.store.changes import Change
from capgraph.store.composing import Composer, Share
from capgraph.store.headings import Newest, header, headings, ids_of, newest
from capgraph.store.integrity import Information, check, info
from capgraph.store.members import member
from capgraph.store.prepared import Prepared, prepared, restored
from capgraph.store.revisions import Revision
from capgraph.store.rewriting import rewrite, without_evidence
from capgraph.store.schema import upgrade
from capgraph.store.store import Store
from capgraph.store.upserting import fingerprints, upsert

__all__ = [
    "Change",
    "Composer",
    "Information",
    "Newest",
    "Prepared",
    "Revision",
    "Share",
    "Store",
    "check",
    "fingerprints",
    "header",
    "headings",
    "ids_of",
    "info",
    "member",
    "newest",
    "prepared",
    "restored",
    "rewrite",
    "upgrade",
    "upsert",
    "without_evidence",
]
