"""The checks by which a document refuses to contradict itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from capgraph.errors import DocumentError, Issue

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from capgraph.model.base import Document


class _Hierarchical(Protocol):
    """Something in a hierarchy."""

    @property
    def id(self) -> str: ...
    @property
    def broader(self) -> tuple[str, ...]: ...


def refuse(document: Document, *checks: Iterable[Issue]) -> None:
    """Raise one error with the issues of all checks, or do nothing where there are none."""
    issues = [issue for check in checks for issue in check]
    if issues:
        raise DocumentError.of(issues, f"{document.kind} {document.id!r}")


def duplicate_ids(document: Document, members: Iterable[tuple[str, str]]) -> Iterator[Issue]:
    """Yield an issue for every id that two members share.

    Parameters
    ----------
    document : Document
        Its prefixes decide what is the same id.
    members : iterable of (table, id)
        Every member with an id of its own.
    """
    seen: dict[str, tuple[str, str]] = {}
    for table, id_ in members:
        iri = document.iri(id_)
        if iri not in seen:
            seen[iri] = (table, id_)
            continue
        first_table, first_id = seen[iri]
        where = f"in {table}" if first_table == table else f"in {first_table} and in {table}"
        also = "" if first_id == id_ else f" (once as {first_id!r})"
        yield Issue("duplicate-id", f"{id_!r} is used twice{also}, {where}", (id_,), table, "give each its own id")


def duplicate_keys(owner: str, table: str, keys: Iterable[Hashable]) -> Iterator[Issue]:
    """Yield an issue for every key that two entries of one member share."""
    seen: set[Hashable] = set()
    for key in keys:
        if key in seen:
            yield Issue(
                "duplicate-id", f"{owner!r} has two entries for {_shown(key)} in {table}", (owner,), table, "keep one"
            )
        seen.add(key)


def _shown(key: Hashable) -> str:
    """Return the key as a message names it."""
    return " ".join(repr(part) for part in key if part is not None) if isinstance(key, tuple) else repr(key)


def dangling(
    document: Document, known: set[str], references: Iterable[tuple[str, str, str]], what: str
) -> Iterator[Issue]:
    """Yield an issue for every reference that leads to nothing.

    Parameters
    ----------
    document : Document
        Its prefixes decide what is the same id.
    known : set of str
        The IRIs that a reference may lead to.
    references : iterable of (owner id, field, target id)
        Where each reference stands and where it leads.
    what : str
        The kind of thing that is missing, for the message.
    """
    for owner, field, target in references:
        if target not in known and document.iri(target) not in known:
            yield Issue(
                "dangling-reference",
                f"{owner!r} names the {what} {target!r} in {field}, which {document.id!r} does not hold",
                (owner, target),
                field,
                f"add it, correct the id, or name the document that holds it in imports of the {document.kind}",
            )


def broader_cycles(document: Document, members: Iterable[_Hierarchical]) -> Iterator[Issue]:
    """Yield an issue for a cycle in each knot of a hierarchy.

    Parameters
    ----------
    document : Document
        Its prefixes decide what is the same id.
    members : iterable
        What has an `id` and a `broader`; entries that share an id are read as one.

    Notes
    -----
    Depth-first search without recursion; linear in the edges.  A member is visited once, so knots of several cycles
    yield at least one and at most one a back edge.
    """
    edges: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for member in members:
        iri = document.iri(member.id)
        written[iri] = member.id
        edges.setdefault(iri, []).extend(map(document.iri, member.broader))
    done: set[str] = set()
    for start, above in edges.items():
        if above and start not in done:
            for chain in _cycles_from(start, edges, done):
                yield _cycle_issue(tuple(written[iri] for iri in chain))


def _cycles_from(start: str, edges: Mapping[str, Sequence[str]], done: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield the cycles met on a depth-first walk."""
    path: dict[str, None] = {start: None}
    stack = [iter(edges[start])]
    while stack:
        for node in stack[-1]:
            if node in path:
                chain = list(path)
                yield tuple(chain[chain.index(node) :])
            elif node not in done and edges.get(node):
                path[node] = None
                stack.append(iter(edges[node]))
                break
        else:
            stack.pop()
            done.add(path.popitem()[0])


def _cycle_issue(chain: tuple[str, ...]) -> Issue:
    """Return the issue for one cycle."""
    shown = " → ".join([*map(repr, chain), repr(chain[0])])
    return Issue(
        "cycle", f"{chain[0]!r} is broader than itself: {shown}", chain, "broader", "remove one of these links"
    )
