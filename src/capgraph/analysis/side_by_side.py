"""Two entries side by side, with the differences marked, for whoever has to decide whether they are the same."""

from __future__ import annotations

import difflib
import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.compared import again, decided, held, spelling
from capgraph.analysis.entries import entry_of
from capgraph.analysis.pairs import duplicate_row
from capgraph.analysis.scoring import judge
from capgraph.analysis.typed import typed
from capgraph.analysis.verdicts import Verdicts
from capgraph.errors import UnknownIdError
from capgraph.model import Behavior, Capability, LearningAsset
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.analysis.compared import Compared, Held, Subject
    from capgraph.analysis.pairs import DuplicateRow
    from capgraph.model import Decisions, Node

_WORDS = 400
_WIDTH = 58
_STYLE = {
    "left": "background:#fbe3cf;text-decoration:line-through;color:#1b1b1b",
    "right": "background:#cfe4f3;text-decoration:underline;color:#1b1b1b",
}
_SIGNS = {"left": ("[-", "-]"), "right": ("{+", "+}")}


class Piece(NamedTuple):
    """A stretch of text."""

    text: str
    """The words."""
    differs: bool
    """Whether the other side lacks them."""


class Line(NamedTuple):
    """What both sides say about one thing."""

    name: str
    """What it is about."""
    left: tuple[Piece, ...]
    """What the left one says; nothing where it says nothing."""
    right: tuple[Piece, ...]
    """What the right one says."""

    @property
    def differs(self) -> bool:
        """Whether the sides differ."""
        return any(piece.differs for piece in (*self.left, *self.right))


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """Two entries side by side, and the verdict of the rule and of people."""

    verdict: DuplicateRow
    """The score, the band, what is equal, what differs, and why."""
    lines: tuple[Line, ...]
    """What both sides say: title first, description last."""

    def __str__(self) -> str:
        return "\n".join(self._text_lines())

    def _text_lines(self) -> Iterable[str]:
        """Yield the lines of plain text: what only one side says in ``[-…-]`` or ``{+…+}``."""
        yield self.title
        for line in self.lines:
            yield f"{'≠' if line.differs else '='} {line.name}"
            yield f"    {_marked_text(line.left, 'left')}"
            if line.differs:
                yield f"    {_marked_text(line.right, 'right')}"
        for fact in self.verdict.because:
            yield f"· {fact.text}"

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the verdict and the lines as JSON text."""
        row = self.verdict
        verdict = {"left": row.left, "right": row.right, "score": row.score, "band": row.band}
        lines = [
            {"name": line.name, "differs": line.differs, "left": _plain(line.left), "right": _plain(line.right)}
            for line in self.lines
        ]
        why = [fact.text for fact in row.because]
        return json.dumps({**verdict, "lines": lines, "because": why}, ensure_ascii=False, indent=indent)

    @property
    def title(self) -> str:
        """The pair and its verdict in one line."""
        row = self.verdict
        return f"{row.left} | {row.right}: {row.band}, score {row.score:.2f}"

    def _repr_html_(self) -> str:
        head = f"<tr><th></th><th>{html.escape(self.verdict.left)}</th><th>{html.escape(self.verdict.right)}</th></tr>"
        body = "".join(_html_line(line) for line in self.lines)
        why = "".join(f"<li>{html.escape(fact.text)}</li>" for fact in self.verdict.because)
        return (
            f"<div style='overflow-x:auto'><table><caption style='text-align:left'>{html.escape(self.title)}</caption>"
            f"<thead>{head}</thead><tbody>{body}</tbody></table><ul>{why}</ul></div>"
        )


@typed
def side_by_side(
    subject: Subject, left: str, right: str, *, of: Compared = "assets", decisions: Decisions | None = None
) -> SideBySide:
    """Return two entries side by side, with the words marked that only one of them has.

    Parameters
    ----------
    subject : CapabilityGraph, Document, iterable of Document or of LearningAsset
        What holds both: words weigh by their rarity in it.
    left, right : str
        The ids.
    of : str
        ``assets``, ``capabilities`` or ``behaviors``.
    decisions : Decisions or None
        Verdicts of people to respect.

    Returns
    -------
    SideBySide
        A table in Jupyter, plain text when printed; the left one is that whose id sorts first.

    Raises
    ------
    UnknownIdError
        When one of the two is not held.

    Notes
    -----
    One pass over what is held, and a comparison of the first 400 words of each description.

    Examples
    --------
    >>> import capgraph as cg
    >>> from capgraph.analysis.side_by_side import side_by_side
    >>> pair = side_by_side(cg.sample().graph(), "asset:AC-150", "asset:AC-151")
    >>> pair.lines[0].name, pair.lines[0].differs
    ('title', True)
    """
    whole = again(subject)
    nodes = {one.id: one for one in held(whole, of)}
    for id_ in (left, right):
        if id_ not in nodes:
            raise UnknownIdError(id_, closest(id_, nodes))
    first, second = sorted((left, right))
    verdicts = Verdicts([*decided(whole), *([decisions] if decisions else [])], spelling(whole))
    ours, theirs = _told(nodes[first].node), _told(nodes[second].node)
    lines = tuple(_line(name, ours[name], theirs[name]) for name in ours if ours[name] or theirs[name])
    return SideBySide(verdict=_verdict(nodes.values(), (first, second), verdicts), lines=lines)


def _verdict(nodes: Iterable[Held], pair: tuple[str, str], verdicts: Verdicts) -> DuplicateRow:
    """Return the verdict on a pair, whatever people have decided."""
    import numpy as np

    from capgraph.analysis.corpus import Corpus

    corpus = Corpus(entry_of(one) for one in nodes)
    places = {entry.id: place for place, entry in enumerate(corpus.entries)}
    left, right = (places[id_] for id_ in pair)
    found = judge(corpus, np.array([left]), np.array([right]))[0]
    return duplicate_row(corpus.entries[left], corpus.entries[right], found, verdicts.of(*pair))


def _told(node: Node) -> dict[str, str]:
    """Return what an entry says, by what it is about."""
    if isinstance(node, Capability):
        names = ", ".join(node.alternative_labels)
        return {"label": node.label, "other labels": names, "kind": node.kind, "description": node.description}
    if isinstance(node, Behavior):
        level = "" if node.level is None else str(node.level)
        return {"statement": node.statement, "capability": node.capability, "level": level}
    return _told_of_asset(node) if isinstance(node, LearningAsset) else {}


def _told_of_asset(asset: LearningAsset) -> dict[str, str]:
    """Return what an asset says, by what it is about."""
    return {
        "title": asset.title,
        "other titles": ", ".join([*asset.alternative_titles, *(text.label or "" for text in asset.translations)]),
        "code": asset.notation,
        "kind": asset.kind,
        "provider": asset.provider,
        "language": asset.language or "",
        "duration": f"{asset.duration:g} minutes" if asset.duration else "",
        "cost": f"{asset.cost.amount} {asset.cost.currency}" if asset.cost else "",
        "audience": ", ".join([*asset.audience, *asset.roles]),
        "edition": asset.edition,
        "published": str(asset.published or ""),
        "teaches": ", ".join(sorted(link.target for link in asset.alignments)),
        "status": asset.status,
        "description": asset.description,
    }


def _line(name: str, left: str, right: str) -> Line:
    """Return what both sides say about one thing, with the words marked that only one side has."""
    ours, theirs = left.split(), right.split()
    cut = max(len(ours), len(theirs)) > _WORDS
    ours, theirs = ours[:_WORDS], theirs[:_WORDS]
    matcher = difflib.SequenceMatcher(None, [word.casefold() for word in ours], [word.casefold() for word in theirs])
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, start, end, begin, stop in matcher.get_opcodes():
        for side, words in zip(pieces, (ours[start:end], theirs[begin:stop]), strict=True):
            if words:
                side.append(Piece(" ".join(words), tag != "equal"))
    if cut:
        for side in pieces:
            side.append(Piece("…", differs=False))
    return Line(name, *map(tuple, pieces))


def _plain(pieces: tuple[Piece, ...]) -> str:
    """Return the text of one side."""
    return " ".join(piece.text for piece in pieces)


def _marked_text(pieces: tuple[Piece, ...], side: str) -> str:
    """Return the text of one side with signs around what the other lacks."""
    opening, closing = _SIGNS[side]
    return (
        " ".join(f"{opening}{piece.text}{closing}" if piece.differs else piece.text for piece in pieces) or "not stated"
    )


def _html_line(line: Line) -> str:
    """Return one row of the table; what differs is colored, and struck through or underlined."""
    sign = "≠" if line.differs else "="
    cells = "".join(
        f"<td style='text-align:left;vertical-align:top;max-width:30em'>{_marked_html(pieces, side)}</td>"
        for side, pieces in (("left", line.left), ("right", line.right))
    )
    return f"<tr><th style='text-align:left;vertical-align:top'>{sign} {html.escape(line.name)}</th>{cells}</tr>"


def _marked_html(pieces: tuple[Piece, ...], side: str) -> str:
    """Return the text of one side with what the other lacks marked."""
    return " ".join(
        f"<span style='{_STYLE[side]}'>{html.escape(piece.text)}</span>" if piece.differs else html.escape(piece.text)
        for piece in pieces
    )
