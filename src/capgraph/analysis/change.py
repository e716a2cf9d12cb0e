"""diff: what changed between two versions of a document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from capgraph.analysis.change_rows import ChangeRow, Names, change_row
from capgraph.analysis.differences import edit_order, edits_between
from capgraph.analysis.edits import ACTIONS, Edit
from capgraph.analysis.lineage import lineage
from capgraph.analysis.renames import SuggestedRename, suggested_renames
from capgraph.analysis.rescaling import Rated, Rescaling, rated, rescalings
from capgraph.analysis.respelling import respelled
from capgraph.analysis.spelling import readers
from capgraph.analysis.typed import typed
from capgraph.errors import ArgumentError, DocumentError, Issue
from capgraph.links import links
from capgraph.model import Crosswalk, Decisions, Document
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from capgraph.analysis.spelling import Reader

QUIET = frozenset({"sequence", "provenance", "sources"})
"""Fields whose changes the rows leave out, since they say where something stood and not what it is."""


class LinkCount(NamedTuple):
    """How many links of one relation went and came."""

    relation: str
    """The relation, as in `capgraph.links`."""
    out: int
    """How many the old version has and the new one lacks."""
    came: int
    """How many are new."""


@dataclass(frozen=True, kw_only=True, repr=False)
class ChangeReport(Report[ChangeRow]):
    """What changed between two versions; by table, then action, id, field and part."""

    name: ClassVar[str] = "diff"
    row_type: ClassVar[type[ReportRow]] = ChangeRow

    old: str
    """The older version: its id, and its version where it states one."""
    new: str
    """The newer version, likewise."""
    entries_added: int
    """How many entries are new."""
    entries_removed: int
    """How many are gone, merged and split ones included."""
    relabeled: int
    """How many have another label."""
    respelled: int
    """How many edits only write ids in another way; they are in the script alone."""
    counts: tuple[tuple[str, str, int], ...]
    """How many rows there are of each table and action."""
    link_counts: tuple[LinkCount, ...]
    """How many links came and went, by relation."""
    suggested: tuple[SuggestedRename, ...]
    """Removed entries that may live on under a new id; nothing here follows them until somebody has decided."""
    edits: tuple[Edit, ...] = field(repr=False)
    """The script, in the order of the rows; it holds the changes of order and provenance too."""
    document: str = field(repr=False)
    """The id of the older version."""
    kind: str = field(repr=False)
    """The kind of document."""
    successors: Mapping[str, tuple[str, ...]] = field(repr=False)
    """What takes over from old entries, by their id."""
    cycles: tuple[tuple[str, ...], ...] = field(repr=False)
    """Chains of successors that lead back to where they started."""
    removed: frozenset[str] = field(repr=False)
    """The ids of the entries that are gone."""
    rescaled: Mapping[str, Rescaling] = field(repr=False)
    """The scales of which levels must be read anew, by the id of the old scale."""
    scales: tuple[Rated, Rated] = field(repr=False, compare=False)
    """What both versions rate on which scales."""
    prefixes: tuple[Mapping[str, str], Mapping[str, str]] = field(repr=False)
    """What the prefixes of both versions stand for."""

    def script(self) -> list[dict[str, Any]]:
        """Return the edits as JSON-ready dicts, which `Edit.of` reads again."""
        return [edit.to_dict() for edit in self.edits]


@typed
def diff(a: Document, b: Document, *, history: Crosswalk | Decisions | None = None) -> ChangeReport:
    """Return what changed from one version of a document to another.

    Entries are the same where their id is, as an IRI.  What the publisher says about an entry that is gone or replaced
    (`history`, else ``replaced_by``) is followed: one to one is *renamed*, several to one *merged*, one to several
    *split*.  What merely looks like the same entry under another id is listed in `suggested` and stays removed and
    added, until a decision says otherwise.

    Parameters
    ----------
    a : Document
        The older version.
    b : Document
        The newer version, of the same kind.
    history : Crosswalk or Decisions or None
        Exact mappings, or accepted decisions of the kinds *rename* and *merge*, from old ids to new ones.

    Returns
    -------
    ChangeReport
        One row for each change, but those of the source's order and provenance; `edits` is the script of them all, and
        ``replay(a, diff(a, b).edits)`` gives `b`.

    Raises
    ------
    ArgumentError
        When something else than a document is given.
    DocumentError
        When the documents are of different kinds.

    Notes
    -----
    Linear in the entries and links, but for the suggestions: each removed entry is compared with the added ones that
    share an uncommon word with it.

    Examples
    --------
    >>> import capgraph as cg
    >>> old = cg.Framework(id="fw:mini", version="1", capabilities=[cg.Capability(id="cap:sql", label="SQL")])
    >>> new = old.replace(version="2", capabilities=[cg.Capability(id="cap:sql", label="SQL queries")])
    >>> [(row.action, row.id, row.before, row.after) for row in diff(old, new)]
    [('changed', 'fw:mini', '1', '2'), ('relabeled', 'cap:sql', 'SQL', 'SQL queries')]
    >>> len(diff(old, old))
    0
    """
    _refuse(a, b)
    found = lineage(a, b, history=history)
    reads = readers(a, b)
    edits = tuple(sorted(edits_between(a, b, found), key=lambda edit: edit_order(edit, a.tables)))
    alike = respelled(edits, type(a), reads)
    loud = [edit for place, edit in enumerate(edits) if edit.field not in QUIET and place not in alike]
    names = Names(a, b) if loud else None
    rows = tuple(change_row(edit, names) for edit in loud if names is not None)
    whole = [edit for edit in edits if edit.table and not edit.field]
    scales = rated(a, reads[0]), rated(b, reads[1])
    old, new = (_triples(document, read) if edits else set() for document, read in zip((a, b), reads, strict=True))
    suggested = suggested_renames(old, new, edits, reads)
    return ChangeReport(
        records=rows,
        notes=tuple(_notes(edits, len(rows) + len(alike), suggested, found.cycles, len(alike))),
        old=_named(a),
        new=_named(b),
        entries_added=sum(edit.action == "added" for edit in whole),
        entries_removed=sum(edit.after is None for edit in whole),
        relabeled=sum(row.action == "relabeled" for row in rows),
        respelled=len(alike),
        counts=tuple((*pair, count) for pair, count in sorted(Counter((r.table, r.action) for r in rows).items())),
        link_counts=tuple(_link_counts(old, new)),
        suggested=suggested,
        edits=edits,
        document=a.id,
        kind=a.kind,
        successors=found.successors,
        cycles=found.cycles,
        removed=frozenset(edit.id for edit in whole if edit.after is None),
        rescaled=rescalings(*scales, found.successors),
        scales=scales,
        prefixes=(a.prefixes, b.prefixes),
    )


def _refuse(a: Document, b: Document) -> None:
    """Refuse what cannot be compared."""
    given: tuple[object, ...] = (a, b)
    for document in given:
        if not isinstance(document, Document):  # pyright: ignore[reportUnnecessaryIsInstance] - notebooks are not checked
            message = f"{type(document).__name__!r} is no document; read files with read(...)"
            raise ArgumentError(message)
    if type(a) is not type(b):
        text = f"{a.id!r} is a {a.kind} and {b.id!r} is a {b.kind}"
        raise DocumentError([Issue("different-kinds", text, (a.id, b.id), "", "compare versions of one kind")], "diff")


def _named(document: Document) -> str:
    """Return the id of a document with its version."""
    return f"{document.id} {document.version}".strip()


def _triples(document: Document, read: Reader) -> set[tuple[str, str, str]]:
    """Return the links of a document by IRI, without their data."""
    known: dict[str, str] = {}
    found = set()
    for link in links(document):
        for id_ in (link.source, link.target):
            if id_ not in known:
                known[id_] = read(id_)
        found.add((known[link.source], link.relation, known[link.target]))
    return found


def _link_counts(old: set[tuple[str, str, str]], new: set[tuple[str, str, str]]) -> Iterator[LinkCount]:
    """Yield how many links came and went, by relation."""
    out, came = Counter(link[1] for link in old - new), Counter(link[1] for link in new - old)
    yield from (LinkCount(relation, out[relation], came[relation]) for relation in sorted(out.keys() | came.keys()))


def _notes(
    edits: Sequence[Edit],
    told: int,
    suggested: Sequence[SuggestedRename],
    cycles: Sequence[tuple[str, ...]],
    alike: int,
) -> Iterator[str]:
    """Yield what a reader must know."""
    if not edits:
        yield "nothing changed"
    if alike:
        yield f"{alike} edits write the same ids in another way and are in the script alone"
    if len(edits) > told:
        yield (f"{len(edits) - told} changes of the source's order and provenance are in the script alone")
    if suggested:
        first = suggested[0]
        yield (
            f"{len(suggested)} removed entries may live on under a new id and nothing follows them yet; the likeliest: "
            f"{first.old} → {first.new} ({first.because})"
        )
    for chain in cycles:
        yield f"successors lead in a circle and were not followed: {' → '.join([*chain, chain[0]])}"


__all__ = ["ACTIONS", "ChangeReport", "ChangeRow", "LinkCount", "diff"]
