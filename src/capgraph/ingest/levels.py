"""Levels as tables state them, on the scales of a framework; and the capabilities that their labels name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats import values
from capgraph.formats.cells import plain
from capgraph.formats.identity import is_id, mint
from capgraph.ingest.looks import DAY
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from capgraph.model import Framework, ProficiencyScale

_NOT_APPLICABLE = frozenset(
    {"n/a", "na", "n.a.", "-", "–", "—", "--", "not applicable", "entfällt", "k.a.", "k. a.", "keine angabe", "n.v.t."}
    | {"nicht zutreffend", "non applicable", "no aplica", "não se aplica", "sans objet", "s.o.", "対象外", "不适用"}
)
_SIGNS = "\u25cb\u25d4\u25d1\u25d5\u25cf"
_ILUO = "iluo"
_TOP_WITHOUT_SCALE = 10
_NOTHING = frozenset({"none", "no knowledge", "no experience", "keine", "aucune", "not yet"})
_PLAIN = f"whole numbers up to {_TOP_WITHOUT_SCALE}; a framework states others, and scores end in %"
_WORDS = (
    'say which ranks the words have: a framework with a scale, or [fields.level.values] 1 = ["Beginner"] in a profile'
)
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%")
_DECIMALS = re.compile(r"-?\d+[.,]\d*[1-9]\d*")
_OUT_OF = re.compile(r"\d+\s*/\s*(\d+)")
_TOP = 100.0


def is_not_applicable(cell: object) -> bool:
    """Return whether a cell says that nothing is to be stated there."""
    return normalize(str(cell)) in _NOT_APPLICABLE


def is_decimal(cell: object) -> bool:
    """Return whether a cell is a number with decimals, as grades and averages are."""
    return _DECIMALS.fullmatch(str(cell).strip()) is not None


def _has_letters(text: str) -> bool:
    """Return whether a text has letters: words beside a number, where digits make it a telephone number or a range."""
    return any(map(str.isalpha, text))


def signs_of(cells: Iterable[object]) -> tuple[dict[str, int], str]:
    """Return the ranks of the signs that a matrix uses for levels, and what to tell of them.

    Circles that fill by quarters are 0 to 4, and the letters I, L, U and O 1 to 4, where nothing else is stated.
    """
    texts = {normalize(str(cell)) for cell in cells if not is_not_applicable(cell)} - {""}
    texts = {text for text in texts if not any(map(str.isdigit, text))}
    if texts & set(_SIGNS[1:4]) and texts <= set(_SIGNS):
        return {sign: rank for rank, sign in enumerate(_SIGNS)}, "circles that fill by quarters are read as 0 to 4"
    if len(texts) > 1 and texts <= set(_ILUO):
        return {letter: rank for rank, letter in enumerate(_ILUO, 1)}, "the letters I, L, U, O are read as 1, 2, 3, 4"
    return {}, ""


class LevelProblem(Exception):  # noqa: N818 - a verdict about a cell, which the caller tells
    """A cell that states no level."""

    def __init__(self, reason: str, hint: str) -> None:
        self.reason, self.hint = reason, hint
        super().__init__(reason)


class Levels:
    """Reads levels on the scales of a framework.

    Parameters
    ----------
    framework : Framework or None
        The capabilities and scales.
    zero_means : str
        What 0 says; empty for not known.
    cuts : mapping of float to int or None
        The least score of each level.
    """

    def __init__(self, framework: Framework | None, zero_means: str, cuts: Mapping[float, int] | None) -> None:
        self.has_framework = framework is not None
        self.cuts = sorted(cuts.items(), reverse=True) if cuts else []
        self._ids: dict[str, str] = {}
        self._scale_of: dict[str, ProficiencyScale] = {}
        scales = {scale.id: scale for scale in framework.scales} if framework else {}
        for item in framework.capabilities if framework else ():
            for name in (item.id, item.label, item.notation, *item.alternative_labels):
                self._ids.setdefault(normalize(name), item.id)
            scale = scales.get(item.scale or (framework.default_scale if framework else None) or "")
            if scale is not None:
                self._scale_of[item.id] = scale
        stated = {scale.zero_means for scale in scales.values() if scale.zero_means}
        self.zero_means = zero_means or (stated.pop() if len(stated) == 1 else "")
        self.words: dict[str, int] = {}
        """The ranks that words or signs stand for, in the table that is read."""
        self.without_zero: set[str] = set()
        """The scales for which 0 was read as no knowledge, and which do not say so themselves."""

    def known(self, label: str) -> str:
        """Return the capability with this label, code or id; empty where there is none."""
        return self._ids.get(normalize(label), "") if label else ""

    def capability(self, label: str, workforce: str) -> str:
        """Return the capability with this label; one of its own where the framework has none."""
        return self.known(label) or (label if is_id(label) else mint(workforce, "capability", label))

    def rank(self, cell: object, capability: str, *, where: str = "") -> int | None:
        """Return the level that a cell at some place states; None for a 0 that says nothing about the person.

        Raises
        ------
        LevelProblem
            When the cell states none, or one off the scale.
        ParseError
            When it is 0, and nothing says what that means.
        """
        text = str(cell).strip()
        if normalize(text) in _NOT_APPLICABLE:
            raise LevelProblem("not-applicable", "")
        rank = self._stated(cell, text, capability)
        if rank == 0 and not self._has(capability, 0):
            return self._zero(capability, where)
        if not self._has(capability, rank):
            raise LevelProblem("level-out-of-range", self._hint(capability))
        return rank

    def states(self, cell: object, capability: str) -> bool:
        """Return whether a cell states a level: one of the scale, or without a scale one as low as levels are."""
        text = str(cell).strip()
        try:
            rank = self._stated(cell, text, capability)
        except LevelProblem:
            return _PERCENT.fullmatch(text) is not None
        return rank == 0 or self._has(capability, rank)

    def share(self, cell: object) -> dict[str, Any]:
        """Return the value of a percentage, and the level where there are cuts; nothing for all else."""
        return self._scored(str(cell).strip("% ")) if _PERCENT.fullmatch(str(cell).strip()) else {}

    def step(self, label: str, capability: str) -> tuple[int | None, int] | None:
        """Return the step of a scale that leads to the level of a label; None without such a scale and level.

        It leads from the level below, which is None for the lowest one.
        """
        scale = self._scale_of.get(capability)
        if scale is None or not plain(label):
            return None
        try:
            rank = self._stated(label, str(label).strip(), capability)
        except LevelProblem:
            return None
        ranks = [level.rank for level in scale.levels]
        return (max((other for other in ranks if other < rank), default=None), rank) if rank in ranks else None

    def _stated(self, cell: object, text: str, capability: str) -> int:
        """Return the rank that a text states by number or by label, or for which it stands in its table."""
        if normalize(text) in self.words and self._by_label(text, capability) is None:
            return self.words[normalize(text)]
        found = values.level(cell)
        out_of = _OUT_OF.fullmatch(text)
        top = self._scale_of[capability].levels[-1].rank if capability in self._scale_of else None
        unreadable = LevelProblem("level-unreadable", self._hint(capability))
        ranged = found is not None and found.rank is not None and bool(found.label) and not _has_letters(found.label)
        off = ranged or _DECIMALS.fullmatch(text) or DAY.match(text)
        if found is None or off or (out_of and top is not None and int(out_of[1]) != top):
            raise unreadable
        named = self._by_label(found.label, capability)
        if found.rank is None and named is None:
            raise LevelProblem(unreadable.reason, unreadable.hint if top is not None else _WORDS)
        return named if found.rank is None and named is not None else int(found.rank or 0)

    def _by_label(self, label: str, capability: str) -> int | None:
        """Return the rank of the level with this label."""
        scale = self._scale_of.get(capability)
        wanted = normalize(label)
        return next((level.rank for level in scale.levels if normalize(level.label) == wanted), None) if scale else None

    def _has(self, capability: str, rank: int) -> bool:
        """Return whether a rank is on the scale of a capability; without one, whether it is as low as levels are."""
        scale = self._scale_of.get(capability)
        return rank in {level.rank for level in scale.levels} if scale else 0 < rank <= _TOP_WITHOUT_SCALE

    def _hint(self, capability: str) -> str:
        """Return what the scale knows."""
        scale = self._scale_of.get(capability)
        levels = ", ".join(f"{level.rank} {level.label}" for level in scale.levels) if scale else _PLAIN
        return f"the levels are: {levels}"

    def _zero(self, capability: str, where: str) -> int | None:
        """Return the level that 0 stands for."""
        if not self.zero_means:
            hint = "say it: zero_means='no_knowledge', 'not_needed' or 'not_assessed'"
            issue = Issue("zero-unclear", "the matrix holds 0, which can mean three things", where=where, hint=hint)
            raise ParseError([issue])
        scale = self._scale_of.get(capability)
        if self.zero_means == "no_knowledge" and scale is not None and scale.zero_means != "no_knowledge":
            self.without_zero.add(scale.id)
        return 0 if self.zero_means == "no_knowledge" else None

    def shown(self, level: str, score: str, capability: str) -> dict[str, Any]:
        """Return the level or the value of an assessment.

        Raises
        ------
        LevelProblem
            When it states neither, or one out of range.
        """
        if normalize(level) in _NOTHING:
            return {"level": 0}
        if plain(level):
            rank = self._stated(level, level, capability)
            if rank != 0 and not self._has(capability, rank):
                raise LevelProblem("level-out-of-range", self._hint(capability))
            return {"level": rank}
        if not plain(score):
            raise LevelProblem("no-level-and-no-score", "state a level or a score")
        return self._scored(score)

    def _scored(self, score: str) -> dict[str, Any]:
        """Return the value of a score, and the level where there are cuts."""
        try:
            number = values.number(score)
        except ValueError:
            number = None
        if number is None or not 0 <= number <= _TOP:
            raise LevelProblem("score-out-of-range", "a score lies between 0 and 100")
        value = float(number)
        if not self.cuts:
            return {"value": value}
        return {"value": value, "level": next((level for least, level in self.cuts if value >= least), 0)}
