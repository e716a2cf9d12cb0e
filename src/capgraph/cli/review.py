"""Commands about suggestions: asking for them, deciding about them, and measuring them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capgraph.cli.inputs import Database, Files, documents
from capgraph.cli.output import AsJson, Limit, say, show
from capgraph.cli.suggesting import Mapped, embedding, mappings, suggestions
from capgraph.model import Decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from capgraph.analysis.mapping_suggestions import CrosswalkReport, MappingSuggestion
    from capgraph.analysis.reviewing import Proposal
    from capgraph.analysis.suggestions import Suggestion, SuggestionReport

Semantic = Annotated[bool, typer.Option("--semantic", help="Compare meanings too (the semantic extra).")]
MinConfidence = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="The least confidence of a row.")]
FrameworkFiles = Annotated[
    list[Path],
    typer.Option("--framework", help="The framework, as a file; give the option once for each of its files."),
]
Of = Annotated[
    Mapped | None,
    typer.Option("--of", help="What to map; roles by themselves where a framework has no capabilities."),
]
_KEYS = {"a": "accepted", "r": "rejected", "s": "skip", "": "skip", "q": "quit"}
_PREDICATE_KEYS = {"e": "exact", "c": "close", "b": "broad", "n": "narrow", "t": "related"}
_ALL_KEYS = _KEYS | _PREDICATE_KEYS
_COLUMNS = ("title", "capability_label", "relation", "level", "confidence", "label", "span", "asset", "capability")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("suggest-alignments")(suggest_alignments)
    app.command("suggest-crosswalk")(suggest_crosswalk)
    app.command("review")(review)
    group = typer.Typer(help="Measure suggestions on labelled data.", no_args_is_help=True)
    group.callback()(_evaluate)
    group.command("matching")(evaluate_matching)
    app.add_typer(group, name="evaluate")


def _evaluate() -> None:
    """Measure suggestions on labelled data."""


def suggest_alignments(
    *,
    db: Database = None,
    files: Files = None,
    semantic: Semantic = False,
    min_confidence: MinConfidence = 0.5,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show which capabilities the learning assets seem to teach, with the words that say so."""
    report = suggestions(list(documents(db, files)), semantic, min_confidence)
    show(report, as_json=as_json, limit=limit, columns=_COLUMNS)


def suggest_crosswalk(
    subjects: Annotated[Path, typer.Argument(help="The framework to map.")],
    objects: Annotated[Path, typer.Argument(help="The framework to map it to.")],
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the crosswalk, such as x.sssom.tsv.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", help="What people have decided about mappings.")
    ] = None,
    of: Of = None,
    semantic: Semantic = False,
    min_confidence: MinConfidence = 0.3,
    as_json: AsJson = False,
    limit: Limit = None,
) -> None:
    """Show which entries of one framework may stand for entries of another."""
    from capgraph.files import read_decisions, write

    so_far = None if decisions is None else read_decisions(decisions)
    report = mappings((subjects, objects), so_far, of, semantic=semantic, least=min_confidence)
    if output is not None:
        text = "sssom" if output.suffix == ".tsv" else None
        write(report.to_crosswalk("cw:suggested"), output, format=text)
    show(report, as_json=as_json, limit=limit)


def review(
    decisions: Annotated[Path, typer.Argument(help="The file of decisions; made where there is none.")],
    *,
    by: Annotated[str, typer.Option("--by", help="Who decides: a function or a pseudonym.")],
    db: Database = None,
    files: Files = None,
    crosswalk: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--crosswalk", help="Two frameworks: decide about mappings of the first to the second."),
    ] = None,
    of: Of = None,
    semantic: Semantic = False,
    min_confidence: MinConfidence = 0.3,
    export: Annotated[Path | None, typer.Option("--export", help="Write a workbook to fill in, and stop.")] = None,
    sheet: Annotated[Path | None, typer.Option("--import", help="Take the verdicts of a filled workbook.")] = None,
) -> None:
    """Decide about suggestions, one key each: a accept, r reject, s skip, q quit; every verdict is kept at once.

    With --crosswalk they are mappings; e, c, b, n or t accepts one as exact, close, broad, narrow or related.
    """
    so_far = _decisions(decisions)
    if sheet is not None:
        _take(sheet, decisions, so_far, by)
        return
    if crosswalk is not None:
        report: SuggestionReport | CrosswalkReport = mappings(
            crosswalk, so_far, of, semantic=semantic, least=min_confidence
        )
    else:
        report = suggestions([*documents(db, files), so_far], semantic, min_confidence)
    if export is None:
        _ask_each(report, decisions, so_far, by)
        return
    from capgraph.analysis.review_sheet import review_sheet

    export.write_bytes(review_sheet(report))
    say(f"{_open(report)} suggestions to decide about in {export}")


def _take(sheet: Path, path: Path, so_far: Decisions, by: str) -> None:
    """Take the verdicts of a filled workbook into the file of decisions."""
    from capgraph.analysis.review_sheet import decisions_of_sheet
    from capgraph.files import write

    rows, first = _rows(sheet)
    decided = decisions_of_sheet(rows, by=by, decisions=so_far, first=first)
    write(decided, path)
    say(f"{len(decided.decisions) - len(so_far.decisions)} more decisions in {path}")


def _ask_each(report: SuggestionReport | CrosswalkReport, path: Path, so_far: Decisions, by: str) -> None:
    """Ask about each open suggestion, and keep each verdict in the file of decisions."""
    from capgraph.analysis.reviewing import review as ask_each
    from capgraph.files import write

    decided = ask_each(report, ask=_asking(_open(report)), keep=lambda kept: write(kept, path), by=by, decisions=so_far)
    say(f"{len(decided.decisions) - len(so_far.decisions)} decisions made; the file is {path}")


def _open(report: SuggestionReport | CrosswalkReport) -> int:
    """Return how many suggestions nobody has decided about."""
    return sum(row.state == "proposed" for row in report)


def evaluate_matching(
    gold: Annotated[
        Path, typer.Argument(help="A table of texts and their capabilities (ids or labels): CSV or a workbook.")
    ],
    *,
    framework: FrameworkFiles,
    semantic: Semantic = False,
    min_confidence: MinConfidence = 0.5,
    as_json: AsJson = False,
) -> None:
    """Show precision, recall, MRR, RP@5 and the calibration of suggestions on your own labelled rows."""
    from capgraph.analysis.evaluation import evaluate_matching as ask
    from capgraph.analysis.gold import gold_of
    from capgraph.analysis.matcher import Matcher
    from capgraph.files import read_framework

    known = read_framework(*framework)
    rows, first = _rows(gold)
    labelled = gold_of(rows, known, first=first)
    matcher = Matcher(known, embed=embedding(semantic))
    show(ask(labelled.texts, matcher, min_confidence=min_confidence, unknown=labelled.unknown), as_json=as_json)


def _decisions(path: Path) -> Decisions:
    """Return the decisions of a file, or none where there is no file yet."""
    from capgraph.files import read_decisions

    return read_decisions(path) if path.exists() else Decisions(id="decisions:review")


def _rows(path: Path) -> tuple[list[dict[str, object]], int]:
    """Return the rows of the first sheet of a workbook or table by column name, and the number of the first of them."""
    from capgraph.analysis.review_sheet import COLUMNS, MAPPING_COLUMNS
    from capgraph.formats.headers import find_header
    from capgraph.formats.tabular import sheets

    rows = next(iter(sheets(path.read_bytes(), name=path.name))).rows
    header = find_header(rows, known={*COLUMNS, *MAPPING_COLUMNS, "text", "sentence", "description", "title"})
    if header is None:
        return [], 1
    names = header.keys()
    below = [(*row, *[""] * (len(names) - len(row))) for row in rows[header.row + 1 :]]
    return [dict(zip(names, row, strict=False)) for row in below], header.row + 2


def _asking(total: int) -> Callable[[Proposal], str]:
    """Return the function that shows a suggestion and waits for a key."""
    from capgraph.analysis.mapping_suggestions import MappingSuggestion

    asked = 0

    def ask(row: Proposal) -> str:
        nonlocal asked
        asked += 1
        if isinstance(row, MappingSuggestion):
            _show_mapping(row, f"[{asked}/{total}]")
            return _key("  [a]ccept, as [e]xact [c]lose [b]road [n]arrow rela[t]ed, [r]eject [s]kip [q]uit", _ALL_KEYS)
        _show_alignment(row, f"[{asked}/{total}]")
        return _key("  [a]ccept [r]eject [s]kip [q]uit", _KEYS)

    return ask


def _show_alignment(row: Suggestion, place: str) -> None:
    """Show a suggested alignment."""
    level = "" if row.level is None else f" up to level {row.level}"
    say(f"\n{place} {row.title or row.asset} {row.relation} {row.capability_label}{level}  ({row.confidence:.0%})")
    say(f"  ids:   {row.asset}, {row.target}")
    say(f"  text:  {row.span}")
    say(f"  label: {row.label}")
    for other in row.ambiguous_with:
        say(f"  the same words also name {other}")


def _show_mapping(row: MappingSuggestion, place: str) -> None:
    """Show a suggested mapping."""
    say(f"\n{place} {row.subject} {row.predicate} {row.object}  ({row.confidence:.0%})")
    say(f"  {row.subject_label}")
    say(f"  {row.object_label}")


def _key(question: str, keys: Mapping[str, str]) -> str:
    """Return what the key that is pressed stands for."""
    while (answer := typer.prompt(question, default="s").strip().lower()[:1]) not in keys:
        *first, last = (key for key in keys if key)
        say(f"  {', '.join(first)} or {last}")
    return keys[answer]
