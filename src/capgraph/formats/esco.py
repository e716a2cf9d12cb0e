"""ESCO, the European classification of skills and occupations, from its CSV download (1.1 and 1.2).

Concepts stand in one file a language (``skills_en.csv``, ``occupations_en.csv``, ``skillGroups_en.csv``,
``ISCOGroups_en.csv``, collections); relations in files of their own, in 1.1 in another archive: give both.  Skills and
groups become capabilities, occupations and ISCO groups roles.  ESCO has no proficiency levels: a requirement is
essential or optional.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.draft import Draft
from capgraph.formats.esco_concept import record_of, translation_of
from capgraph.formats.esco_filter import Selection, selected
from capgraph.formats.esco_relations import Relations, is_relations
from capgraph.formats.fixed import header_of, records_of
from capgraph.formats.record import NO, Format, Sniff
from capgraph.model import Framework

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

ID = "http://data.europa.eu/esco"
PREFIX = "http://data.europa.eu/esco/"
ATTRIBUTION = "This product uses the ESCO classification of the European Commission."
LABELED = ("conceptUri", "preferredLabel")

_NAME = re.compile(r"^(?P<stem>[A-Za-z]+?)(?:_(?P<language>[a-z]{2}(?:-[A-Za-z]+)?))?\.csv$")
_CONCEPTS = {
    "skillGroups": ("capabilities", "domain"),
    "skills": ("capabilities", "skill"),
    "ISCOGroups": ("roles", "family"),
    "occupations": ("roles", "role"),
}
_DERIVED = {"skillsHierarchy", "conceptSchemes", "dictionary"}
_COLLECTED = (
    *("conceptType", "conceptUri", "preferredLabel", "status", "skillType", "reuseLevel", "altLabels", "description"),
    *("broaderConceptUri", "broaderConceptPT"),
)
_SAME = ("conceptType", "preferredLabel", "status", "skillType", "reuseLevel", "description")
"""Columns of a collection that repeat those of the concept."""


def read_esco(
    content: Content,
    ledger: Ledger,
    *,
    language: str = "",
    version: str = "",
    isco: str = "",
    occupations: Sequence[str] = (),
    collection: str = "",
) -> Framework:
    """Return the classification, or the part of it that is asked for; several filters must all hold.

    Parameters
    ----------
    language : str
        The language of the labels; the others become translations.  Empty for English, else the first one found.
    version : str
        The version, which the files do not state.
    isco : str
        Only occupations below this ISCO code, such as ``25``, and the skills that they need.
    occupations : sequence of str
        Only these occupations, by URI, and the skills that they need.
    collection : str
        Only the skills of this collection, such as ``digCompSkillsCollection``, and the occupations that need them.

    Raises
    ------
    ParseError
        When a language, code, occupation or collection is not in the files.
    """
    files = _files(content)
    main = _main_language(files, language)
    fields = {"id": ID, "title": "ESCO", "version": version, "language": main, "prefixes": {"esco": PREFIX}}
    fields |= {"publisher": "European Commission", "url": "https://esco.ec.europa.eu", "attribution": ATTRIBUTION}
    reader = _Files(content, Draft(Framework, ledger, **fields), main)
    reader.take(files)
    wanted = Selection(isco, frozenset(occupations), collection)
    for table in ("capabilities", "roles", "relations"):
        ledger.note("kept", table, count=len(reader.draft.tables[table]))
    return selected(reader.draft, wanted).build()


def _files(content: Content) -> dict[str, tuple[str, str]]:
    """Return the stem and language of each file by its name in the content."""
    found = {name: _NAME.match(PurePosixPath(name).name) for name in content}
    return {name: (match["stem"], match["language"] or "") for name, match in found.items() if match}


def _main_language(files: dict[str, tuple[str, str]], wanted: str) -> str:
    """Return the language of the labels: the one that is wanted, else English, else the first one found.

    Concepts in a file whose name states no language are taken to be in that language.
    """
    found = sorted({said for _, said in files.values() if said})
    unstated = any(stem in _CONCEPTS and not said for stem, said in files.values())
    if wanted and wanted not in found and not unstated:
        text = f"{wanted!r} is no language of these files"
        raise ParseError([Issue("no-language", text, (wanted,), hint=f"there are {', '.join(found)}")])
    return wanted or ("en" if unstated or "en" in found or not found else found[0])


def _of(files: dict[str, tuple[str, str]], stem: str) -> Iterator[tuple[str, str]]:
    """Yield the names and languages of the files with a stem."""
    return ((name, said) for name, (own, said) in files.items() if own == stem)


class _Files:
    """The files on their way into a framework."""

    def __init__(self, content: Content, draft: Draft[Framework], language: str) -> None:
        self.content = content
        self.draft = draft
        self.language = language
        self.rows: dict[str, dict[str, str]] = {}

    def take(self, files: dict[str, tuple[str, str]]) -> None:
        """Take in all files: the concepts first, those in the main language before their translations."""
        for stem in _CONCEPTS:
            for name, said in sorted(_of(files, stem), key=lambda pair: pair[1] not in {"", self.language}):
                self.concepts(name, said, stem)
        for name, (stem, said) in files.items():
            self.rest(name, stem, said or self.language)
        for name in self.content:
            if name not in files:
                self.draft.ledger.note("dropped", "file", reason="not named like a file of ESCO", place=name)
        Relations(self.content, self.draft).take(files)

    def concepts(self, name: str, language: str, stem: str) -> None:
        """Take in the concepts of a file, or their labels where they are known from another language."""
        table, kind = _CONCEPTS[stem]
        records = self.draft.tables[table]
        base = name.rpartition("/")[2]
        for place, row in records_of(self.content, name, needed=LABELED, ledger=self.draft.ledger):
            id_ = row["conceptUri"]
            if language in {"", self.language}:
                self._concept(row, table, kind, place.replace(name, base))
            elif id_ in records:
                texts = translation_of(row, language=language, others=self._others(row, language))
                records[id_].setdefault("translations", []).append(texts)
            else:
                text = f"{id_!r} has labels in {language!r}, but no concept"
                self.draft.problem(
                    "unknown-concept", text, ids=(id_,), place=place, hint="give the files of one version"
                )
                self.draft.ledger.note("dropped", "translation", reason="of no concept", place=id_)

    def _concept(self, row: dict[str, str], table: str, kind: str, place: str) -> None:
        """Add one concept; the same row again is passed over."""
        id_ = row["conceptUri"]
        if self.rows.setdefault(id_, row) is not row and self.rows[id_] == row:
            self.draft.ledger.note("normalized", "row", reason="repeats another row", place=place)
            return
        if table == "roles" and row.get("hiddenLabels"):
            row = {**row, "altLabels": "\n".join((row.get("altLabels", ""), row["hiddenLabels"]))}
            self.draft.ledger.note("normalized", "hiddenLabels", reason="kept as alternative labels", place=place)
        record = record_of(row, kind=kind, others=self._others(row, place))
        record["sequence"] = len(self.draft.tables[table])
        record["provenance"] = [{"source": "esco", "locator": place}]
        if table == "capabilities" and row.get("hiddenLabels"):
            record["hidden_labels"] = [label for label in row["hiddenLabels"].split("\n") if label.strip()]
        self.draft.add(table, record, place=place)

    def _others(self, row: dict[str, str], place: str) -> list[str]:
        """Return the alternative labels without the preferred one."""
        labels = [label for label in row.get("altLabels", "").split("\n") if label.strip()]
        others = [label for label in labels if label != row["preferredLabel"]]
        if len(others) < len(labels):
            self.draft.ledger.note("normalized", "altLabels", reason="repeats the preferred label", place=place)
        return others

    def rest(self, name: str, stem: str, language: str) -> None:
        """Take in a collection or the green shares; say of other files why they are not read."""
        if stem.endswith("Collection") and language == self.language:
            for place, row in records_of(self.content, name, needed=("conceptUri",), ledger=self.draft.ledger):
                self._collected(row, stem, place)
        elif stem == "greenShareOcc" and language == self.language:
            for _, row in records_of(self.content, name, needed=("conceptUri", "greenShare"), ledger=self.draft.ledger):
                self._extend(row["conceptUri"], "greenShare", row["greenShare"])
        elif stem in _DERIVED:
            reason = "derived from the other files; not read"
            self.draft.ledger.note("normalized", "file", reason=reason, place=name, whole=True)
        elif stem.endswith("Collection"):
            reason = "in another language than the concepts; not read"
            self.draft.ledger.note("normalized", "file", reason=reason, place=name, whole=True)
        elif stem != "greenShareOcc" and stem not in _CONCEPTS and not is_relations(stem):
            self.draft.ledger.note("dropped", "file", reason="no file of ESCO that is known", place=name)

    def _collected(self, row: dict[str, str], stem: str, place: str) -> None:
        """Take in one skill of a collection; where its texts differ from those of the concept, that is noted."""
        id_ = row["conceptUri"]
        known = self.rows.get(id_, row)
        for column in _SAME:
            if row.get(column, "").split() != known.get(column, row.get(column, "")).split():
                reason = "differs from the concept's own"
                self.draft.ledger.note("dropped", f"{stem}.{column}", reason=reason, place=place)
        self._extend(id_, "collections", stem)
        for column, cell in row.items():
            if cell and (column not in _COLLECTED or column.startswith("broader")):
                self._extend(id_, f"{stem}.{column}", cell)

    def _extend(self, id_: str, field: str, value: str) -> None:
        """Add to what the extensions of a concept hold."""
        record = self.draft.tables["capabilities"].get(id_) or self.draft.tables["roles"].get(id_)
        if record is None:
            self.draft.ledger.note("dropped", field, reason="of no concept", place=id_)
            return
        kept = record.setdefault("extensions", {}).setdefault("esco", {})
        if field == "collections":
            kept.setdefault(field, []).append(value)
        else:
            kept[field] = value
        self.draft.ledger.note("moved", field, reason="no field holds it", place=id_)


def _sniff(content: Content, kind: str) -> Sniff:
    """Return whether there are files named and built like those of ESCO."""
    if kind not in {"", "framework"}:
        return NO
    named = [name for name, (stem, _) in _files(content).items() if stem in _CONCEPTS]
    fitting = [name for name in named if set(LABELED) <= set(header_of(content, name))]
    if fitting:
        return Sniff(0.95, (f"has {', '.join(fitting[:4])} with conceptUri and preferredLabel",))
    return Sniff(0.0, missing=("skills_en.csv or occupations_en.csv",))


FORMAT = Format(
    name="esco",
    title="ESCO 1.1 and 1.2 (CSV)",
    extensions=(".zip",),
    reads=("framework",),
    carries={
        "framework": frozenset({"capabilities", "roles", "relations", "language", "version"}),
        "capability": frozenset(
            {"label", "kind", "description", "notation", "alternative_labels", "hidden_labels", "broader", "status"}
            | {"translations", "extensions"}
        ),
        "role": frozenset(
            {"label", "kind", "description", "notation", "alternative_labels", "broader", "status", "requirements"}
            | {"translations", "extensions"}
        ),
        "requirement": frozenset({"capability", "necessity"}),
        "relation": frozenset({"subject", "predicate", "object"}),
    },
    sniff=_sniff,
    reader=read_esco,
    notes="Several languages are merged by URI; filters by ISCO prefix, occupation or collection. No levels.",
    fixture="real files (1.1.0, 1.1.1); files written after the documentation (1.2, other languages)",
)
