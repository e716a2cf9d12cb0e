"""Gold: texts with the capabilities that people gave them, from tables as people keep them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.decided import successors
from capgraph.errors import Issue, ParseError
from capgraph.model import LearningAsset
from capgraph.text import closest, normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from capgraph.model import Framework

Labelled = str | LearningAsset
"""What is labelled: a text, or an asset where the table has titles."""
_TEXT = ("text", "sentence", "description")
_TITLE = "title"
_TARGETS = (
    *("capability", "capabilities", "uri", "uris", "id", "ids", "skill", "skills", "competency", "competencies"),
    *("label", "labels", "skill label", "tag", "tags"),
)
"""The columns of labels, those that name the same thing most surely first."""
_NUMBERED = re.compile(r"[\s_.#-]*\d+$")
_LISTED = re.compile(r"[;|\n]")
_TOLD = 20


class Gold(NamedTuple):
    """Labelled texts, and the labels that nothing in the framework has."""

    texts: list[tuple[Labelled, list[str]]]
    """Texts or assets with the ids of their labels, in the order of the rows."""
    unknown: tuple[str, ...]
    """The labels that the framework does not have, sorted."""


def gold_of(rows: Iterable[Mapping[str, object]], framework: Framework, *, first: int = 2) -> Gold:
    """Return what labelled rows say: each text or asset with the capabilities that people gave it.

    A text stands in the column ``text``, ``sentence`` or ``description``, or with a ``title`` beside the description;
    it may stand in several rows.  Labels are ids, CURIEs, IRIs, or names in any language, preferred ones before others,
    in a column ``capability``, ``uri``, ``id``, ``skill``, ``competency``, ``label`` or ``tag``, in the singular or the
    plural.  Columns with numbers (``skill 1``, ``skill 2``) and lists in one cell (``;``, ``|`` or line breaks, and
    commas where no label has them) give several.  Where several such columns stand in a row (``uri`` and ``label``),
    the first that the framework knows counts.  A capability that one other has replaced counts as that one.

    Parameters
    ----------
    rows : iterable of mappings
        The rows by column name; letter case and underscores do not matter.
    framework : Framework
        Whose capabilities are meant.
    first : int
        The number of the first row, as messages name it.

    Raises
    ------
    ParseError
        When there is no column of texts or of labels, rows have labels and no text, or the framework has none of the
        labels; all of it is told at once.

    Examples
    --------
    >>> import capgraph as cg
    >>> framework = cg.Framework(id="fw:x", capabilities=[cg.Capability(id="cap:sql", label="SQL")])
    >>> gold_of([{"Text": "You query", "Skills": "sql; cooking"}], framework)
    Gold(texts=[('You query', ['cap:sql'])], unknown=('cooking',))
    """
    labels = _Labels(framework)
    found: dict[Labelled, dict[str, None]] = defaultdict(dict)
    issues: list[Issue] = []
    columns: _Columns | None = None
    for place, given in enumerate(rows, start=first):
        row = {normalize(str(name)).replace("_", " "): _cell(value) for name, value in given.items()}
        columns = columns or _Columns.of(tuple(row), given)
        ids, text = labels.of(columns.labels(row)), columns.text(row)
        if text is not None:
            found[text].update(dict.fromkeys(ids))
        elif any(columns.labels(row)):
            hint = "repeat the text in each row of its labels"
            issues.append(Issue("no-text", "labels without a text", where=f"row:{place}", hint=hint))
    if columns is None:
        raise ParseError([Issue("no-rows", "no labelled rows", hint="give a row for each text below the header")])
    if labels.unknown and not any(found.values()):
        issues += labels.issues()
    if issues:
        raise ParseError(issues, format="labelled rows")
    return Gold([(text, list(ids)) for text, ids in found.items()], tuple(sorted(labels.unknown)))


def _cell(value: object) -> str:
    """Return the text of a cell."""
    return "" if value is None else str(value).strip()


class _Columns(NamedTuple):
    """Where a table has its texts and its labels."""

    texts: tuple[str, ...]
    groups: list[list[str]]
    """The columns of labels; those of one group add up, of several groups the first known one counts."""

    @classmethod
    def of(cls, names: Sequence[str], given: Iterable[object]) -> _Columns:
        """Return the columns of a table.

        Raises
        ------
        ParseError
            When there are none of texts, or none of labels.
        """
        texts = tuple(name for name in _TEXT if name in names)[:1]
        groups: dict[str, list[str]] = defaultdict(list)
        for name in names:
            base = _NUMBERED.sub("", name)
            if base in _TARGETS:
                groups[base].append(name)
        stated = ", ".join(map(str, given)) or "an empty file"
        issues = []
        if not texts and _TITLE not in names:
            wanted = ", ".join((*_TEXT, _TITLE))
            issues.append(Issue("no-column", f"{stated}: no column of texts", hint=f"name one of them {wanted}"))
        if not groups:
            hint = "name one of them capability, skill, label, uri or id"
            issues.append(Issue("no-column", f"{stated}: no column of labels", hint=hint))
        if issues:
            raise ParseError(issues, format="labelled rows")
        return cls(texts, [groups[base] for base in _TARGETS if base in groups])

    def text(self, row: Mapping[str, str]) -> Labelled | None:
        """Return what a row labels; None where it has no text."""
        said = "".join(row.get(name, "") for name in self.texts)
        title = row.get(_TITLE, "")
        return LearningAsset(id="asset:labelled", title=title, description=said) if title else said or None

    def labels(self, row: Mapping[str, str]) -> Iterator[list[str]]:
        """Yield the cells of labels of a row, group by group."""
        for group in self.groups:
            cells = [row[name] for name in group if row.get(name)]
            if cells:
                yield cells


class _Labels:
    """What labels mean in a framework, and those that mean nothing."""

    def __init__(self, framework: Framework) -> None:
        self._framework = framework
        moved = successors(framework)
        self._ids = {framework.iri(one.id): moved.get(one.id, one.id) for one in framework.capabilities}
        self._names: dict[str, str] = {}
        self.unknown: set[str] = set()
        entries = sorted(framework.capabilities, key=lambda one: (one.kind == "domain", one.status == "deprecated"))
        for one in entries:
            self._names.setdefault(normalize(one.label), moved.get(one.id, one.id))
        for one in entries:
            translated = (name for text in one.translations for name in (text.label or "", *text.alternative_labels))
            for name in (*one.alternative_labels, *one.hidden_labels, *translated):
                self._names.setdefault(normalize(name), moved.get(one.id, one.id))

    def of(self, groups: Iterable[list[str]]) -> list[str]:
        """Return the ids of the first group of cells that the framework knows, and keep what it does not."""
        missed: list[str] = []
        for cells in groups:
            read = [one for cell in cells for one in self._read(cell)]
            known = [id_ for _, id_ in read if id_ is not None]
            missed = [name for name, id_ in read if id_ is None]
            if known:
                self.unknown.update(missed)
                return known
        self.unknown.update(missed)
        return []

    def _read(self, cell: str) -> Iterator[tuple[str, str | None]]:
        """Yield the labels of a cell with their ids."""
        for part in [cell] if self._known(cell) else filter(None, map(str.strip, _LISTED.split(cell))):
            pieces = [piece.strip() for piece in part.split(",")]
            if not self._known(part) and any(map(self._known, pieces)):
                yield from ((piece, self._known(piece)) for piece in pieces if piece)
            else:
                yield part, self._known(part)

    def _known(self, label: str) -> str | None:
        """Return the id that a label means."""
        found = self._ids.get(self._framework.iri(label)) if ":" in label else self._ids.get(label)
        return found or self._names.get(normalize(label))

    def issues(self) -> Iterator[Issue]:
        """Yield that labels are unknown, each with the name that it most likely stands for."""
        for label in sorted(self.unknown)[:_TOLD]:
            near = closest(normalize(label), self._names)
            hint = f"did you mean {near!r}?" if near else "give the framework that the labels are from"
            yield Issue("unknown-label", f"{label!r}: no capability has this id or name", (label,), hint=hint)
