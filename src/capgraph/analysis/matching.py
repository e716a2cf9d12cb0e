"""Suggested links from texts to a framework: scored, explained, never applied by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from capgraph.analysis.suggestions import Suggestion, SuggestionReport
from capgraph.analysis.typed import typed
from capgraph.model import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from capgraph.analysis.calibration import Calibration
    from capgraph.analysis.embedding import Embedding
    from capgraph.analysis.matcher import Matcher
    from capgraph.model import Decisions, Framework, LearningAsset

MatchedKind = Literal["capabilities", "behaviors"]
TEXT = "text"
"""What stands in the column ``asset`` for a text that is no asset."""
_BATCH = 500


@typed
def suggest_alignments(
    catalog: Catalog | Iterable[LearningAsset],
    framework: Framework | Matcher,
    *,
    of: MatchedKind = "capabilities",
    embed: Embedding | str | None = None,
    decisions: Decisions | Iterable[Decisions] | None = None,
    min_confidence: float = 0.5,
    limit: int | None = 10,
    calibration: Calibration | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> SuggestionReport:
    """Return the capabilities, or behaviors, that learning assets seem to teach or to require.

    Titles, keywords and descriptions are cut into segments, and each segment is compared with all labels: words by
    their rarity, neighbors as phrases, acronyms, and with `embed` the meaning too.  A match inside a longer, complete
    one counts less ("management" in "project management"); a segment that many assets share counts half; a capability
    gains from a named one under the same broader entry.  What learners must bring (after "prerequisites", "prior
    knowledge") is proposed as ``requires``.  A level is proposed where the text states one, or for
    what is taught the title.  Where the framework has labels in several languages, those of the text's own come first.

    Parameters
    ----------
    catalog : Catalog or iterable of LearningAsset
        What to tag.
    framework : Framework or Matcher
        What to tag it with; a `Matcher` built once saves building the index again (its own `of`, embedding and taught
        labels then count).
    of : str
        ``capabilities`` or ``behaviors``.
    embed : str, callable or None
        ``"wordllama"`` for the offline model of the ``semantic`` extra, a function from texts to a matrix with one row
        each, or None for words alone.
    decisions : Decisions, iterable of Decisions, or None
        What people have decided, with ids in any spelling: a rejected link is never proposed again, an accepted one is
        always there, and the words of accepted links count as labels.
    min_confidence : float
        The least confidence of a row, 0 to 1; below it, the answer abstains.  Capabilities that the same words name
        just as well share their confidence and pass together: what counts is that one of them is meant.
    limit : int or None
        The most rows of one asset, >= 1; None for no limit.
    calibration : Calibration or None
        How scores become confidence; None for the one that comes with the library.
    progress : callable or None
        Called with the assets done so far and their number.

    Returns
    -------
    SuggestionReport
        By asset, falling score, and id; nothing is applied.

    Raises
    ------
    MissingDependencyError
        When wordllama is asked for and not installed.
    ValueError
        When `min_confidence` is not between 0 and 1, `limit` is below 1, `of` is neither, or `embed` returns no matrix.

    Notes
    -----
    Building the index is linear in the labels; an asset costs the labels that share a word with it.  The text of an
    asset is read up to 200,000 signs.

    Examples
    --------
    >>> import capgraph as cg
    >>> framework = cg.Framework(id="fw:mini", capabilities=[
    ...     cg.Capability(id="cap:dm", label="data modelling", alternative_labels=["design data models"]),
    ...     cg.Capability(id="cap:pm", label="project management")])
    >>> catalog = cg.Catalog(id="cat:mini", assets=[
    ...     cg.LearningAsset(id="asset:a", title="Designing data models"),
    ...     cg.LearningAsset(id="asset:b", title="Yoga at lunch")])
    >>> found = cg.suggest_alignments(catalog, framework, min_confidence=0.1)
    >>> [(row.asset, row.capability, row.span) for row in found], found.abstained
    ([('asset:a', 'cap:dm', 'Designing data models')], ('asset:b',))
    """
    from capgraph.analysis.segments import asset_segments
    from capgraph.analysis.tagging import Limits, Tagging

    assets = sorted(catalog.assets if isinstance(catalog, Catalog) else catalog, key=lambda asset: asset.id)
    limits = Limits(min_confidence, limit, calibration)
    held = catalog if isinstance(catalog, Catalog) else None
    task = Tagging(framework, limits, of=of, embed=embed, decisions=decisions, catalog=held)
    rows: list[Suggestion] = []
    for start in range(0, len(assets), _BATCH):
        batch = assets[start : start + _BATCH]
        for asset, found in zip(batch, task.found([list(asset_segments(one)) for one in batch]), strict=True):
            rows.extend(task.rows(asset.id, found, title=asset.title))
        if progress is not None:
            progress(start + len(batch), len(assets))
    tagged = {row.asset for row in rows}
    abstained = tuple(asset.id for asset in assets if asset.id not in tagged)
    return SuggestionReport(records=tuple(rows), abstained=abstained, rejected=task.rejected)


@typed
def suggest_requirements(
    text: str,
    framework: Framework | Matcher,
    *,
    of: MatchedKind = "capabilities",
    embed: Embedding | str | None = None,
    decisions: Decisions | Iterable[Decisions] | None = None,
    subject: str = TEXT,
    min_confidence: float = 0.3,
    limit: int | None = 30,
    calibration: Calibration | None = None,
) -> SuggestionReport:
    """Return the capabilities that a free text asks for: a job advertisement, a role description.

    Parameters
    ----------
    text : str
        Plain text or HTML.
    framework : Framework or Matcher
        What to look for; give a `Matcher` where several texts are asked about.
    of, embed, decisions, min_confidence, limit, calibration
        As in `suggest_alignments`.
    subject : str
        The id under which decisions about the text are kept, such as the id of the role.

    Returns
    -------
    SuggestionReport
        By falling score, then id; `abstained` lists the sentences in which nothing fits.

    Examples
    --------
    >>> import capgraph as cg
    >>> framework = cg.Framework(id="fw:mini", capabilities=[
    ...     cg.Capability(id="cap:sql", label="SQL"), cg.Capability(id="cap:pm", label="manage projects")])
    >>> found = cg.suggest_requirements("You know SQL. We have a nice garden.", framework, min_confidence=0.05)
    >>> [row.capability for row in found], found.abstained
    (['cap:sql'], ('We have a nice garden',))
    """
    from capgraph.analysis.segments import segments
    from capgraph.analysis.tagging import Limits, Tagging

    limits = Limits(min_confidence, limit, calibration)
    task = Tagging(framework, limits, of=of, embed=embed, decisions=decisions)
    parts = list(segments(text))
    asked = [part for part in parts if not part.is_beside]
    rows = task.rows(subject, next(task.found([asked])), relation="requires")
    told = {fact.text for row in rows for fact in row.because if fact.kind == "record"}
    silent = tuple(dict.fromkeys(part.text for part in parts if part.text not in told))
    return SuggestionReport(records=tuple(rows), abstained=silent, rejected=task.rejected)
