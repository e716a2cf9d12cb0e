"""Evaluation: how good suggestions are on texts that people have labelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from capgraph.analysis.gathering import Finding
    from capgraph.analysis.gold import Labelled
    from capgraph.analysis.matcher import Matcher
    from capgraph.analysis.segments import Segment
    from capgraph.model import Framework

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
    """The share of suggestions that the labels confirm; None where nothing was suggested.  Capabilities that the same
    words name just as well are suggested together, and all but the right one count as wrong."""
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
    labelled: Iterable[tuple[Labelled, Iterable[str]]],
    matcher: Matcher,
    *,
    min_confidence: float = 0.5,
    unknown: Iterable[str] = (),
) -> EvaluationReport:
    """Return precision, recall, rank figures and the calibration of suggestions on labelled texts.

    Parameters
    ----------
    labelled : iterable of (text, ids)
        Texts or assets with the ids that a person gave them; no ids where nothing fits.
    matcher : Matcher
        The index to evaluate.
    min_confidence : float
        The least confidence of what counts as a suggestion, 0 to 1; the rank figures count all matches.
    unknown : iterable of str
        Labels that were left out before, which the answer lists too.

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

    texts = [(text, frozenset(ids)) for text, ids in labelled]
    known = {entry.id for entry in matcher.entries}
    left_out = {id_ for _, ids in texts for id_ in ids} - known
    wanted = [ids & known for _, ids in texts]
    found = list(findings([_segments(text) for text, _ in texts], matcher))
    verdicts = [
        (one, matcher.entries[one.entry].id in ids) for ids, ranked in zip(wanted, found, strict=True) for one in ranked
    ]
    judged = [(one.shared_confidence, good) for one, good in verdicts]
    suggested = [good for one, good in verdicts if one.confidence >= min_confidence]
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
        unknown=tuple(sorted(left_out.union(unknown))),
    )


def _segments(text: Labelled) -> list[Segment]:
    """Return what is matched of a text or an asset."""
    from capgraph.analysis.segments import asset_segments, segments

    if isinstance(text, str):
        return [one for one in segments(text) if not one.is_beside]
    return list(asset_segments(text))


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


def labelled_texts(rows: Iterable[Mapping[str, object]], framework: Framework) -> list[tuple[Labelled, list[str]]]:
    """Return texts with the ids that labelled rows give them, in the order of the rows; see `gold_of`.

    Labels that the framework does not have add the text without an id.

    Raises
    ------
    ParseError
        As `gold_of`.
    """
    from capgraph.analysis.gold import gold_of

    return gold_of(rows, framework).texts
