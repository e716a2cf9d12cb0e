"""Duplicates: the same content twice, with the reasons, and clusters that nobody has to judge twice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from capgraph.analysis.arguments import require_numbers
from capgraph.analysis.bands import POSSIBLE
from capgraph.analysis.compared import Compared, Subject, decided, held, spelling
from capgraph.analysis.entries import entry_of
from capgraph.analysis.judging import judged_rows, worth_judging
from capgraph.analysis.pairs import DuplicateRow
from capgraph.analysis.rivals import outdone
from capgraph.analysis.typed import typed
from capgraph.analysis.verdicts import Cluster, Verdicts, clusters
from capgraph.errors import ArgumentError, DuplicateIdError, Issue, UnknownIdError
from capgraph.report import Report, ReportRow
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from capgraph.analysis.compared import Held
    from capgraph.analysis.corpus import Corpus
    from capgraph.model import Decisions

_CHUNK = 50_000


@dataclass(frozen=True, kw_only=True, repr=False)
class DuplicatesReport(Report[DuplicateRow]):
    """Pairs that may be the same content twice, and clusters of those that are."""

    name: ClassVar[str] = "duplicates"
    row_type: ClassVar[type[ReportRow]] = DuplicateRow

    compared: int
    """How many entries were compared."""
    same: int
    """How many pairs are in the band *same*."""
    settled: int
    """How many pairs people have called different, which are left out."""
    clusters: tuple[Cluster, ...]
    """Groups of entries connected by pairs of the band *same*, by representative."""


@typed
def duplicates(
    subject: Subject,
    *,
    of: Compared = "assets",
    min_score: float = POSSIBLE,
    decisions: Decisions | None = None,
    pairs: Iterable[tuple[str, str]] | None = None,
    one_to_one: bool = False,
    sink: Callable[[Sequence[DuplicateRow]], object] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> DuplicatesReport:
    """Return pairs of entries that are the same content twice, with the reasons.

    Titles are taken apart first: editions, years, marketing, formats and codes are set aside; part, level, audience and
    numbers tell look-alikes apart.  The score blends the likeness of what is left with that of the descriptions, words
    weighted by their rarity.  Bands: *same* from 0.85, *probable* from 0.70, *possible* from 0.50.  A description that
    says "same as" and a code is evidence.  A human verdict counts more than any score: *same* is 1, *different* is
    never shown again and never clustered.

    Parameters
    ----------
    subject : CapabilityGraph, Document, iterable of Document or LearningAsset
        What to look into; the decisions inside a graph or among documents are respected.
    of : str
        ``assets``, ``capabilities`` or ``behaviors``.
    min_score : float
        The least score of a row, 0.5 to 1; lower is read as 0.5.  It does not concern `pairs`.
    decisions : Decisions or None
        More verdicts to respect; ids count in any spelling, and an accepted *rename* carries a verdict to the new id.
    pairs : iterable of pairs of str, or None
        Compare exactly these pairs of ids and return them, however unlike, but for those that people called different;
        None to look for pairs.
    one_to_one : bool
        Whether each document holds everything once, as the catalogs of two vendors do: a pair of two documents then
        counts less where one of its entries has a better twin in the document of the other, by
        ``score × score / best``.
    sink : callable or None
        Called with each batch of rows instead of keeping them, for catalogs whose pairs do not fit into memory.
    progress : callable or None
        Called with the pairs compared so far and their number.

    Returns
    -------
    DuplicatesReport
        One row a pair, by falling score, then left and right id.  With a `sink` there are no rows, and batches come in
        the order of ids.

    Raises
    ------
    ArgumentError
        When the subject, or something in it, is neither a document nor an asset; when `one_to_one` has less than two
        documents to go by, or a `sink`, which is fed before all pairs are known.
    DuplicateIdError
        When two documents hold one id.
    UnknownIdError
        When `pairs` name an id that is not compared.

    Notes
    -----
    Candidates come from shared title keys and weighted MinHash bands, never from all pairs: n log n in the entries for
    catalogs whose buckets stay small, and bounded for those whose do not.

    References
    ----------
    S. Ioffe, Improved consistent sampling, weighted minhash and L1 sketching, ICDM 2010.

    Examples
    --------
    >>> import capgraph as cg
    >>> catalog = cg.Catalog(id="cat:mini", assets=[
    ...     cg.LearningAsset(id="asset:a", title="[NEW] Data Protection Law 2026 (online)"),
    ...     cg.LearningAsset(id="asset:b", title="Data protection law"),
    ...     cg.LearningAsset(id="asset:c", title="Data Protection Law II")])
    >>> [(row.left, row.right, row.band) for row in cg.duplicates(catalog)][0]
    ('asset:a', 'asset:b', 'same')
    """
    from capgraph.analysis.corpus import Corpus

    require_numbers(0, 1, min_score=min_score)
    homes: dict[str, str] = {}
    entries = held(subject, of)
    corpus = Corpus(entry_of(one) for one in (_noting(entries, homes) if one_to_one else entries))
    _refuse_repeated(corpus)
    if one_to_one:
        _refuse_one_to_one(homes, sink)
    verdicts = Verdicts([*decided(subject), *([decisions] if decisions else [])], spelling(subject))
    least = 0.0 if pairs is not None else max(min_score, POSSIBLE)
    return _collect(corpus, verdicts, _Options(least, pairs, homes, sink, progress))


class _Options(NamedTuple):
    """How to compare."""

    min_score: float
    pairs: Iterable[tuple[str, str]] | None
    homes: dict[str, str]
    sink: Callable[[Sequence[DuplicateRow]], object] | None
    progress: Callable[[int, int], object] | None


def _noting(entries: Iterable[Held], homes: dict[str, str]) -> Iterator[Held]:
    """Yield entries, and note the documents that hold them."""
    for one in entries:
        homes[one.id] = one.home
        yield one


def _refuse_one_to_one(homes: dict[str, str], sink: object) -> None:
    """Refuse to match one to one what stands in no two documents, or what a sink takes before all is known."""
    if sink is not None:
        message = "one_to_one: a sink is fed before all pairs are known; leave one of the two out"
        raise ArgumentError(message)
    if homes and len(set(homes.values())) == 1:
        message = f"one_to_one: all entries stand in one document, {next(iter(homes.values()))!r}; pass two or more"
        raise ArgumentError(message)


def _refuse_repeated(corpus: Corpus) -> None:
    """Refuse two entries of one id."""
    ids = [entry.id for entry in corpus.entries]
    repeated = sorted({left for left, right in pairwise(ids) if left == right})
    if repeated:
        hint = "load one of them, or give each catalog a prefix of its own"
        issues = [Issue("duplicate-id", f"{id_!r} stands for two entries", (id_,), "", hint) for id_ in repeated]
        raise DuplicateIdError(issues, "duplicates")


def _collect(corpus: Corpus, verdicts: Verdicts, options: _Options) -> DuplicatesReport:
    """Return the report on all candidates."""
    places = {entry.id: place for place, entry in enumerate(corpus.entries)}
    lefts, rights = _pairs_to_judge(corpus, places, verdicts, options)
    rows: list[DuplicateRow] = []
    sure: list[tuple[float, str, str]] = []
    settled = 0
    for start in range(0, len(lefts), _CHUNK):
        part = slice(start, start + _CHUNK)
        batch, left_out = judged_rows(corpus, (lefts[part], rights[part]), verdicts, options.min_score)
        settled += left_out
        if options.sink is None:
            rows.extend(batch)
        elif batch:
            sure.extend(_sure(batch))
            options.sink(batch)
        if options.progress is not None:
            options.progress(min(start + _CHUNK, len(lefts)), len(lefts))
    if options.homes:
        rows = list(outdone(rows, options.homes, options.min_score))
    sure.extend(_sure(rows))
    rows.sort(key=lambda row: (-row.score, row.left, row.right))
    joined = [(left, right) for _, left, right in sorted(sure)]
    standing = {id_: corpus.entries[places[id_]].standing for pair in joined for id_ in pair}
    return DuplicatesReport(
        records=tuple(rows),
        compared=len(corpus),
        same=len(joined),
        settled=settled,
        clusters=clusters(joined, verdicts.pairs(same=False), standing.__getitem__),
    )


def _sure(rows: Iterable[DuplicateRow]) -> Iterator[tuple[float, str, str]]:
    """Yield the pairs of the band *same*; sorted, the surest come first."""
    return ((-row.score, row.left, row.right) for row in rows if row.band == "same")


def _pairs_to_judge(
    corpus: Corpus, places: dict[str, int], verdicts: Verdicts, options: _Options
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the pairs to compare: those asked for, or candidates and pairs called the same."""
    import numpy as np

    from capgraph.analysis.candidates import candidates

    if options.pairs is not None:
        asked = sorted({tuple(sorted((_place(places, left), _place(places, right)))) for left, right in options.pairs})
        return np.array([pair[0] for pair in asked], np.int64), np.array([pair[1] for pair in asked], np.int64)
    lefts, rights = worth_judging(corpus, candidates(corpus))
    called = [(places[a], places[b]) for a, b in verdicts.pairs(same=True) if a in places and b in places]
    if not called:
        return lefts, rights
    both = sorted({*zip(lefts.tolist(), rights.tolist(), strict=True), *((min(pair), max(pair)) for pair in called)})
    return np.array([pair[0] for pair in both], np.int64), np.array([pair[1] for pair in both], np.int64)


def _place(places: dict[str, int], id_: str) -> int:
    """Return the place of an id; refuse one that is not compared."""
    if id_ not in places:
        raise UnknownIdError(id_, closest(id_, places))
    return places[id_]
