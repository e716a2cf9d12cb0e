"""Suggestions for what the command line is given: several catalogs, one framework, or two of them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import typer

from capgraph.cli.output import progress
from capgraph.model import Catalog, Decisions, Document, Framework

if TYPE_CHECKING:
    from pathlib import Path

    from capgraph.analysis.crosswalking import MappedKind
    from capgraph.analysis.mapping_suggestions import CrosswalkReport
    from capgraph.analysis.suggestions import SuggestionReport

D = TypeVar("D", bound=Document)


class Mapped(StrEnum):
    """What a crosswalk maps."""

    CAPABILITIES = "capabilities"
    ROLES = "roles"


def embedding(semantic: bool) -> str | None:  # noqa: FBT001 - the value of an option
    """Return the name of the embedding to use."""
    return "wordllama" if semantic else None


def _only(given: list[Document], kind: type[D]) -> D:
    """Return the one document of a kind."""
    found = [document for document in given if isinstance(document, kind)]
    if len(found) != 1:
        ids = f" ({', '.join(document.id for document in found)})" if found else ""
        message = f"{len(found)} documents of the kind {kind.kind} are given{ids}; give exactly one, with --file"
        raise typer.BadParameter(message)
    return found[0]


def suggestions(given: list[Document], semantic: bool, least: float) -> SuggestionReport:  # noqa: FBT001 - an option
    """Return the suggestions for the catalogs among the documents, one catalog after the other."""
    from capgraph.analysis.matching import suggest_alignments as ask
    from capgraph.analysis.suggestions import SuggestionReport

    framework = _only(given, Framework)
    catalogs = [document for document in given if isinstance(document, Catalog)]
    if not catalogs:
        raise typer.BadParameter("no catalog is given; name its file with --file, or a database with --db")
    decided = [document for document in given if isinstance(document, Decisions)]
    embed = embedding(semantic)
    found = []
    for catalog in catalogs:
        with progress("assets") as advance:
            found.append(
                ask(catalog, framework, embed=embed, decisions=decided, min_confidence=least, progress=advance)
            )
    return SuggestionReport(
        records=tuple(sorted((row for report in found for row in report), key=lambda row: row.asset)),
        abstained=tuple(sorted(asset for report in found for asset in report.abstained)),
        rejected=sum(report.rejected for report in found),
    )


def mappings(
    frameworks: tuple[Path, Path], so_far: Decisions | None, of: Mapped | None, *, semantic: bool, least: float
) -> CrosswalkReport:
    """Return the suggested mappings of one framework to another."""
    from capgraph.analysis.crosswalking import suggest_crosswalk as ask
    from capgraph.files import read_framework

    kind: MappedKind | None = None if of is None else of.value
    left, right = (read_framework(path) for path in frameworks)
    return ask(left, right, of=kind, embed=embedding(semantic), decisions=so_far, min_confidence=least)
