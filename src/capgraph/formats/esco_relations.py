"""The relations of ESCO: what is broader, what occupations require, and what skills require of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.formats.esco_concept import EXPECTED
from capgraph.formats.fixed import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from capgraph.formats.content import Content
    from capgraph.formats.draft import Draft
    from capgraph.model import Framework

_TYPES = frozenset({"conceptType", "broaderType", "skillType", "originalSkillType", "relatedSkillType"})
"""Columns of the relations that repeat what the concepts say."""
_KNOWN_TYPES = {word for words in EXPECTED.values() for word in words}
_LABELS = frozenset({"conceptLabel", "broaderLabel", "occupationLabel", "skillLabel"})
_RELATED = {"essential": "relatedEssentialSkill", "optional": "relatedOptionalSkill"}


def is_relations(stem: str) -> bool:
    """Return whether a file holds relations, by its name without language and ending."""
    return stem.startswith("broaderRelations") or stem in {"occupationSkillRelations", "skillSkillRelations"}


class Relations:
    """The files of relations on their way into a framework.

    Parameters
    ----------
    content : Content
        The files.
    draft : Draft
        The framework, with the concepts in it.
    """

    def __init__(self, content: Content, draft: Draft[Framework]) -> None:
        self.content = content
        self.draft = draft

    def take(self, files: Mapping[str, tuple[str, str]]) -> None:
        """Take in the files of relations, each once, whatever languages there are."""
        seen: set[str] = set()
        for name, (stem, _) in files.items():
            if not is_relations(stem):
                continue
            if stem in seen:
                reason = "the same relations beside labels in another language; not read"
                self.draft.ledger.note("normalized", "file", reason=reason, place=name, whole=True)
                continue
            seen.add(stem)
            if stem.startswith("broaderRelations"):
                self._broader(name)
            elif stem == "occupationSkillRelations":
                self._requirements(name)
            else:
                self._skills(name)

    def _columns(self, name: str, *columns: str) -> Iterator[tuple[str, ...]]:
        """Yield the cells of some columns, row by row."""
        rows = rows_of(self.content, name, needed=columns, ledger=self.draft.ledger)
        header = next(rows, [])
        for column in header:
            if column not in {*columns, *_TYPES, *_LABELS}:
                self.draft.ledger.note("dropped", column, reason="no field of a relation holds it", place=name)
        places = [header.index(column) for column in columns] if header else []
        types = [place for place, column in enumerate(header) if column in _TYPES]
        words: set[tuple[str, ...]] = set()
        for row in rows:
            if any(row):
                words.add(tuple([row[place] for place in types]))
                yield tuple([row[place] for place in places])
        self._note_types([header[place] for place in types], words, name)

    def _note_types(self, columns: list[str], words: set[tuple[str, ...]], name: str) -> None:
        """Note the types in a file of relations that ESCO does not have: the concepts say what they are."""
        for number, column in enumerate(columns):
            for word in sorted({found[number] for found in words} - _KNOWN_TYPES):
                self.draft.ledger.note("dropped", column, reason=f"the unknown type {word!r}", place=name)

    def _broader(self, name: str) -> None:
        """Take in a file of hierarchy."""
        capabilities, roles = self.draft.tables["capabilities"], self.draft.tables["roles"]
        for id_, broader in self._columns(name, "conceptUri", "broaderUri"):
            record = capabilities.get(id_) or roles.get(id_)
            if record is None:
                self.draft.ledger.note("dropped", "broader", reason="of no concept", place=id_)
                continue
            record.setdefault("broader", []).append(broader)

    def _requirements(self, name: str) -> None:
        """Take in what occupations require."""
        roles = self.draft.tables["roles"]
        stated: dict[str, dict[str, str]] = {}
        for role, necessity, skill in self._columns(name, "occupationUri", "relationType", "skillUri"):
            if role not in roles:
                self.draft.ledger.note("dropped", "requirement", reason="of no occupation", place=role)
                continue
            if necessity not in _RELATED:
                text = f"{role!r} needs {skill!r} in the unknown way {necessity!r}"
                self.draft.problem(
                    "unknown-relation", text, ids=(role, skill), place=name, hint="write essential or optional"
                )
                self.draft.ledger.note("dropped", "requirement", reason="neither essential nor optional", place=role)
                continue
            own = stated.setdefault(role, {})
            if own.setdefault(skill, necessity) != necessity:
                own[skill] = "essential"
                self.draft.ledger.note("normalized", "requirement", reason="essential and optional at once", place=role)
        for role, skills in stated.items():
            roles[role]["requirements"] = [{"capability": skill, "necessity": word} for skill, word in skills.items()]

    def _skills(self, name: str) -> None:
        """Take in what skills require of one another."""
        for subject, word, object_ in self._columns(name, "originalSkillUri", "relationType", "relatedSkillUri"):
            relation = {"subject": subject, "predicate": _RELATED.get(word, word), "object": object_}
            if subject in self.draft.tables["capabilities"]:
                self.draft.tables["relations"].setdefault("\x1f".join(relation.values()), relation)
            else:
                self.draft.ledger.note("dropped", "relation", reason="of no concept", place=subject)
