"""Review: people decide about suggestions; decisions are documents, and documents carry what was decided."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from capgraph.analysis.mapping_suggestions import MappingSuggestion
from capgraph.errors import ArgumentError
from capgraph.model import Alignment, Catalog, Decision, Decisions
from capgraph.model.crosswalk import Predicate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from capgraph.analysis.suggestions import Suggestion, SuggestionReport

Verdict = Literal["accepted", "rejected"]
Proposal: TypeAlias = "Suggestion | MappingSuggestion"
"""A row that people decide about: a suggested alignment, or a suggested mapping."""
Found = TypeVar("Found", bound="Proposal")
PREDICATES: tuple[str, ...] = get_args(Predicate)
METHOD = "capgraph suggest_alignments"


class Choice(NamedTuple):
    """What is decided about: the link itself, without its score."""

    kind: Literal["alignment", "mapping"]
    """What kind of link it is."""
    subject: str
    """The asset, or the entry that is mapped."""
    target: str
    """The capability or behavior, or the entry that it is mapped to."""
    relation: str
    """The relation, or the predicate."""
    level: int | None
    """The level, for an alignment."""
    span: str
    """The words of the source."""

    @classmethod
    def of(cls, row: Proposal) -> Choice:
        """Return what a suggestion asks to decide about."""
        if isinstance(row, MappingSuggestion):
            return cls("mapping", row.subject, row.object, row.predicate, None, row.subject_label)
        return cls("alignment", row.asset, row.target, row.relation, row.level, row.span)


def accept(
    rows: Iterable[Proposal], *, by: str, decisions: Decisions, at: dt.datetime | None = None, note: str = ""
) -> Decisions:
    """Return the decisions with the suggestions accepted; the words of each become a label of its capability.

    Parameters
    ----------
    rows : iterable of Suggestion or MappingSuggestion
        What is accepted; of a mapping, with its predicate.
    by : str
        Who decides: a function or a pseudonym.
    decisions : Decisions
        The decisions so far; they are not changed.
    at : datetime or None
        When, with its zone; None for now.
    note : str
        The reason, in words.

    Examples
    --------
    >>> import capgraph as cg
    >>> framework = cg.Framework(id="fw:mini", capabilities=[cg.Capability(id="cap:sql", label="SQL")])
    >>> asset = cg.LearningAsset(id="asset:a", title="SQL for analysts")
    >>> found = cg.suggest_alignments([asset], framework, min_confidence=0.1)
    >>> decided = accept(found, by="role:curator", decisions=cg.Decisions(id="dec:tags"))
    >>> [(one.subject, one.object, one.verdict) for one in decided.decisions]
    [('asset:a', 'cap:sql', 'accepted')]
    """
    return with_verdicts([(Choice.of(row), "accepted", note) for row in rows], by=by, decisions=decisions, at=at)


def reject(
    rows: Iterable[Proposal], *, by: str, decisions: Decisions, at: dt.datetime | None = None, note: str = ""
) -> Decisions:
    """Return the decisions with the suggestions rejected; they are never proposed again.

    Parameters
    ----------
    rows, by, decisions, at, note
        As in `accept`.
    """
    return with_verdicts([(Choice.of(row), "rejected", note) for row in rows], by=by, decisions=decisions, at=at)


def with_verdicts(
    choices: Iterable[tuple[Choice, Verdict, str]], *, by: str, decisions: Decisions, at: dt.datetime | None = None
) -> Decisions:
    """Return the decisions with more of them; one link decided twice at one moment keeps the last verdict."""
    moment = (at or dt.datetime.now(dt.UTC)).astimezone(dt.UTC)
    made = {
        (choice.kind, choice.subject, choice.target, choice.relation): _decision(
            choice, verdict, by=by, at=moment, note=note
        )
        for choice, verdict, note in choices
    }
    kept = [
        one
        for one in decisions.decisions
        if one.at != moment or (one.kind, one.subject, one.object, one.relation) not in made
    ]
    return decisions.replace(decisions=[*kept, *made.values()])


def _decision(choice: Choice, verdict: Verdict, *, by: str, at: dt.datetime, note: str) -> Decision:
    """Return one decision."""
    return Decision(
        kind=choice.kind,
        subject=choice.subject,
        object=choice.target,
        verdict=verdict,
        by=by,
        at=at,
        relation=choice.relation,
        level_to=choice.level,
        label=choice.span if verdict == "accepted" else "",
        note=note,
    )


def with_alignments(catalog: Catalog, found: SuggestionReport) -> Catalog:
    """Return the catalog with the suggestions as alignments, proposed ones with the state *proposed*.

    An alignment that an asset has already, in whatever state, stays as it is.
    """
    by_asset: dict[str, list[Suggestion]] = {}
    for row in found:
        by_asset.setdefault(row.asset, []).append(row)

    def extended(asset_id: str, stated: tuple[Alignment, ...]) -> list[Alignment]:
        known = {(one.target, one.relation) for one in stated}
        return [*stated, *(_alignment(row) for row in by_asset[asset_id] if (row.target, row.relation) not in known)]

    return catalog.replace(
        assets=[
            asset.replace(alignments=extended(asset.id, asset.alignments)) if asset.id in by_asset else asset
            for asset in catalog.assets
        ]
    )


def _alignment(row: Suggestion) -> Alignment:
    """Return the alignment that a suggestion stands for."""
    stated = {
        "target": row.target,
        "relation": row.relation,
        "level_to": row.level,
        "confidence": row.confidence,
        "state": row.state,
        "label": row.span,
        "method": METHOD,
    }
    return Alignment.model_validate(stated)  # a decision may name any relation, and is told here if there is none such


def review(
    found: Iterable[Found],
    *,
    ask: Callable[[Found], str],
    keep: Callable[[Decisions], object],
    by: str,
    decisions: Decisions,
) -> Decisions:
    """Return the decisions after asking about each proposed suggestion, the surest first.

    Parameters
    ----------
    found : SuggestionReport or CrosswalkReport
        What to ask about; accepted ones are passed over.
    ask : callable
        Called with a suggestion; returns ``accepted``, ``rejected``, ``skip`` or ``quit``, and for a mapping also the
        predicate with which it is accepted.
    keep : callable
        Called with the decisions after each verdict, so that nothing is lost when the review is broken off.
    by : str
        Who decides.
    decisions : Decisions
        The decisions so far.

    Raises
    ------
    ValueError
        When `ask` returns another word.
    """
    for row in sorted(found, key=lambda one: (-one.confidence, Choice.of(one)[:3])):
        if row.state == "accepted":
            continue
        answer = ask(row)
        if answer == "quit":
            break
        if answer != "skip":
            decisions = _answered(row, answer, by=by, decisions=decisions)
            keep(decisions)
    return decisions


def _answered(row: Proposal, answer: str, *, by: str, decisions: Decisions) -> Decisions:
    """Return the decisions with the answer to one suggestion."""
    choice = Choice.of(row)
    if choice.kind == "mapping" and answer in PREDICATES:
        choice, answer = choice._replace(relation=answer), "accepted"
    if answer == "accepted":
        return with_verdicts([(choice, "accepted", "")], by=by, decisions=decisions)
    if answer == "rejected":
        return with_verdicts([(choice, "rejected", "")], by=by, decisions=decisions)
    message = f"{answer!r} is no answer to a suggestion; give accepted, rejected, skip or quit"
    raise ArgumentError(message)
