"""Evaluation: how good suggestions are on texts that people have labelled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.errors import Issue, ParseError
from capgraph.report import Report, ReportRow
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from capgraph.analysis.gathering import Finding
    from capgraph.analysis.matcher import Matcher
    from capgraph.model import Framework

_TEXT = ("text", "sentence", "description")
_TARGET = ("capability", "uri", "id", "label")
_DEPTH = 5
_BINS = 10


@dataclass(frozen=True, kw_only=True)
class CalibrationRow(ReportRow):
    """Matches whose confidence lies in one tenth."""

    confidence_from: float
    """The lower end of the tenth."""
    confidence_to: float
    """Its upper end."""
    mean_confidence: float
    """The mean confidence of the matches in it."""
    right: float
    """The share of them that the labels confirm."""
    matches: int
    """How many there are."""
    precision_from_here: float
    """The precision of a threshold at `confidence_from`: the share of right ones among matches at least so sure."""
    recall_from_here: float | None
    """The share of the labels that such a threshold finds; None without labels."""

    def tone(self) -> str:
        """Return the color of how far confidence and truth are apart."""
        return "good" if abs(self.mean_confidence - self.right) <= 0.1 else "fair"  # noqa: PLR2004 - one tenth


@dataclass(frozen=True, kw_only=True, repr=False)
class EvaluationReport(Report[CalibrationRow]):
    """How good the suggestions are; the rows are the calibration curve, by confidence."""

    name: ClassVar[str] = "evaluation"
    row_type: ClassVar[type[ReportRow]] = CalibrationRow

    texts: int
    """How many labelled texts were matched."""
    precision: float | None
    """The share of suggestions that the labels confirm; None where nothing was suggested."""
    recall: float | None
    """The share of the labels that were suggested; None without labels."""
    mrr: float | None
    """The mean of 1 / the rank of the first right match, over texts with labels."""
    rp_at_5: float | None
    """The mean of the right ones among the best five ÷ the smaller of five and the labels, over texts with labels."""
    calibration_error: float
    """The mean distance of confidence and share of right ones over the tenths, weighted by their matches."""
    min_confidence: float
    """The least confidence of what counts as a suggestion."""
    unknown: tuple[str, ...] = ()
    """Labels that the framework does not have, sorted; they are left out."""


def evaluate_matching(
    labelled: Iterable[tuple[str, Iterable[str]]], matcher: Matcher, *, min_confidence: float = 0.5
) -> EvaluationReport:
    """Return precision, recall, rank figures and the calibration of suggestions on labelled texts.

    Parameters
    ----------
    labelled : iterable of (text, ids)
        Texts with the ids that a person gave them; no ids where nothing fits.
    matcher : Matcher
        The index to evaluate.
    min_confidence : float
        The least confidence of what counts as a suggestion, 0 to 1; the rank figures count all matches.

    Returns
    -------
    EvaluationReport
        One row a tenth of confidence that has matches.

    Examples
    --------
    >>> import capgraph as cg
    >>> from capgraph.analysis.matcher import Matcher
    >>> sql = cg.Capability(id="cap:sql", label="SQL")
    >>> found = evaluate_matching([("You know SQL", ["cap:sql"])], Matcher(cg.Framework(id="fw:x", capabilities=[sql])))
    >>> found.mrr, found.rp_at_5
    (1.0, 1.0)
    """
    from capgraph.analysis.calibration import calibration_error
    from capgraph.analysis.gathering import findings
    from capgraph.analysis.segments import segments

    texts = [(text, frozenset(ids)) for text, ids in labelled]
    known = {entry.id for entry in matcher.entries}
    unknown = tuple(sorted({id_ for _, ids in texts for id_ in ids} - known))
    wanted = [ids & known for _, ids in texts]
    found = list(findings([[one for one in segments(text) if not one.is_beside] for text, _ in texts], matcher))
    judged = [
        (one.confidence, matcher.entries[one.entry].id in ids)
        for ids, ranked in zip(wanted, found, strict=True)
        for one in ranked
    ]
    suggested = [good for value, good in judged if value >= min_confidence]
    labels = sum(map(len, wanted))
    ranks = [_ranks(ids, ranked, matcher) for ids, ranked in zip(wanted, found, strict=True) if ids]
    return EvaluationReport(
        records=_curve(judged, labels),
        texts=len(texts),
        precision=_share(sum(suggested), len(suggested)),
        recall=_share(sum(suggested), labels),
        mrr=_share(sum(1 / min(places) for places, _ in ranks if places), len(ranks)),
        rp_at_5=_share(
            sum(sum(place <= _DEPTH for place in places) / min(_DEPTH, size) for places, size in ranks), len(ranks)
        ),
        calibration_error=round(calibration_error(*_columns(judged)), 4),
        min_confidence=min_confidence,
        unknown=unknown,
    )


def _columns(judged: Sequence[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    """Return confidences and verdicts as two lists."""
    return [value for value, _ in judged], [good for _, good in judged]


def _curve(judged: Sequence[tuple[float, bool]], labels: int) -> tuple[CalibrationRow, ...]:
    """Return the calibration curve, by confidence, with what each tenth is worth as a threshold."""
    from capgraph.analysis.calibration import reliability

    rows: list[CalibrationRow] = []
    right = matches = 0
    for mean, share, size in reversed(reliability(*_columns(judged), bins=_BINS)):
        right, matches = right + round(share * size), matches + size
        low = min(int(mean * _BINS), _BINS - 1)
        rows.append(
            CalibrationRow(
                confidence_from=low / _BINS,
                confidence_to=(low + 1) / _BINS,
                mean_confidence=round(mean, 4),
                right=round(share, 4),
                matches=size,
                precision_from_here=round(right / matches, 4),
                recall_from_here=_share(right, labels),
            )
        )
    return tuple(reversed(rows))


def _ranks(ids: frozenset[str], ranked: Sequence[Finding], matcher: Matcher) -> tuple[list[int], int]:
    """Return the ranks of the right matches of one text, from 1, and how many labels it has."""
    places = [place for place, one in enumerate(ranked, start=1) if matcher.entries[one.entry].id in ids]
    return places, len(ids)


def _share(part: float, whole: int) -> float | None:
    """Return a share, or None of nothing."""
    return round(part / whole, 4) if whole else None


def labelled_texts(rows: Iterable[Mapping[str, str]], framework: Framework) -> list[tuple[str, list[str]]]:
    """Return texts with the ids that labelled rows give them, in the order of the rows.

    A row holds a text (column ``text``, ``sentence`` or ``description``) and an id or preferred label (column
    ``capability``, ``uri``, ``id`` or ``label``); a text may stand in several rows.  An empty cell, and a label that
    the framework does not have, adds the text without an id.  Where a domain has the label too, the other one is meant.

    Raises
    ------
    ParseError
        When there is no such column.
    """
    by_label: dict[str, str] = {}
    for entry in sorted(framework.capabilities, key=lambda one: one.kind == "domain"):
        by_label.setdefault(normalize(entry.label), entry.id)
    ids = {entry.id for entry in framework.capabilities}
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        text, target = _column(row, _TEXT), _column(row, _TARGET)
        given = row[target].strip()
        id_ = given if given in ids else by_label.get(normalize(given))
        found[row[text]].extend([id_] if id_ else [])
    return list(found.items())


def _column(row: Mapping[str, str], names: Sequence[str]) -> str:
    """Return the first of the names that is a column."""
    for name in names:
        if name in row:
            return name
    hint = f"name one of the columns {', '.join(names)}"
    raise ParseError([Issue("no-column", f"{', '.join(row) or 'an empty file'}: no column fits", hint=hint)])
