"""Ratings of O*NET elements as requirements: the rule, with all of its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.formats.draft import Draft
    from capgraph.model import Framework

RATED = ("Skills", "Knowledge", "Abilities", "Work Activities")
"""The tables of ratings by importance and level."""

_KEPT = ("N", "Standard Error", "Lower CI Bound", "Upper CI Bound", "Recommend Suppress", "Date", "Domain Source")
RATING = (*_KEPT, "Not Relevant")
"""The columns of the tables of ratings beyond those that name what is rated, and how high."""
_SCALES = {"IM", "LV"}


@dataclass(frozen=True, slots=True)
class Rule:
    """When a rating becomes a requirement."""

    min_importance: float = 3.0
    """The least importance, from 1 to 5."""
    top_k: int | None = None
    """How many of the most important elements of a table are taken instead."""
    suppressed_confidence: float = 0.25
    """The confidence of ratings that the publisher recommends to suppress."""


def number(text: str) -> float | None:
    """Return the number that a cell holds, or None."""
    try:
        return float(text)
    except ValueError:
        return None


def whole(text: str) -> int | str:
    """Return a whole number, which workbooks may write with a point; a text that is none, as it is."""
    found = number(text)
    return int(found) if found is not None and found == int(found) else text


def _place(row: dict[str, str]) -> str:
    """Return how a report names a rating."""
    return f"{row['O*NET-SOC Code']} {row['Element ID']} {row['Scale ID']}"


class Ratings:
    """The ratings of all occupations on their way into requirements."""

    def __init__(self, draft: Draft[Framework], rule: Rule) -> None:
        self.draft = draft
        self.rule = rule
        self.rated: set[str] = set()

    def take(self, rows: Iterable[dict[str, str]], table: str) -> None:
        """Turn the ratings of one table into requirements."""
        found: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
        for row in rows:
            element = found.setdefault(row["O*NET-SOC Code"], {}).setdefault(row["Element ID"], {})
            if row["Scale ID"] not in _SCALES or number(row["Data Value"]) is None:
                self._refuse(row, table)
                continue
            if row.get("Not Relevant", "") not in {"", "N", "Y"}:
                self.draft.ledger.note("dropped", "Not Relevant", reason="neither Y nor N", place=_place(row))
            element[row["Scale ID"]] = row
            self._know(row, table)
        for code, elements in found.items():
            role = self.draft.tables["roles"].get(f"soc:{code}")
            if role is None:
                self.draft.ledger.note(
                    "dropped", table, reason="of no occupation here", place=code, count=len(elements)
                )
                continue
            self.rated.add(code)
            role.setdefault("requirements", []).extend(self._requirements(elements, table, code))

    def _refuse(self, row: dict[str, str], table: str) -> None:
        """Note a rating on an unknown scale, or without a number."""
        reason = "on an unknown scale, or without a number"
        self.draft.ledger.note("dropped", table, reason=reason, place=f"{_place(row)} {row['Data Value']}")

    def _know(self, row: dict[str, str], table: str) -> None:
        """Add the element of a rating where the content model does not hold it."""
        id_ = f"onet:{row['Element ID']}"
        known = self.draft.tables["capabilities"].get(id_)
        if known is not None:
            if row.get("Element Name", known["label"]) != known["label"]:
                reason = "differs from the name in the content model"
                self.draft.ledger.note("dropped", "Element Name", reason=reason, place=_place(row))
        else:
            name = row.get("Element Name") or row["Element ID"]
            kind = "knowledge" if table == "Knowledge" else "task" if table == "Work Activities" else "skill"
            self.draft.add("capabilities", {"id": id_, "label": name, "notation": row["Element ID"], "kind": kind})

    def _requirements(
        self, elements: dict[str, dict[str, dict[str, str]]], table: str, code: str
    ) -> list[dict[str, Any]]:
        """Return the requirements of one occupation by the rule."""
        rated = []
        for element, scales in elements.items():
            important, level = scales.get("IM", {}), scales.get("LV", {})
            importance = number(important.get("Data Value", ""))
            if importance is None:
                self.draft.ledger.note("dropped", table, reason="without importance", place=f"{code} {element}")
            elif self._is_required(importance, level, table, f"{code} {element}"):
                rated.append((importance, element, important, level))
        rated.sort(key=lambda item: (-item[0], item[1]))
        if self.rule.top_k is not None:
            reason, over = f"not among the first {self.rule.top_k}: not required", len(rated) - self.rule.top_k
            self.draft.ledger.note("normalized", table, reason=reason, place=code, count=max(0, over))
            rated = rated[: self.rule.top_k]
        return [self._requirement(*item) for item in rated]

    def _is_required(self, importance: float, level: dict[str, str], table: str, place: str) -> bool:
        """Return whether an element is relevant and important enough; why not is noted."""
        reason = ""
        if level.get("Not Relevant") == "Y":
            reason = "not relevant: not required"
        elif self.rule.top_k is None and importance < self.rule.min_importance:
            reason = f"importance below {self.rule.min_importance:g}: not required"
        if reason:
            self.draft.ledger.note("normalized", table, reason=reason, place=place)
        return not reason

    def _requirement(
        self, importance: float, element: str, important: dict[str, str], level: dict[str, str]
    ) -> dict[str, Any]:
        """Return one requirement with the ratings that it was made of."""
        suppressed = "Y" in {important.get("Recommend Suppress"), level.get("Recommend Suppress")}
        ratings = {
            name: {"value": number(row["Data Value"]), **{column: row[column] for column in _KEPT if row.get(column)}}
            for name, row in (("IM", important), ("LV", level))
            if row
        }
        return {
            "capability": f"onet:{element}",
            "importance": (importance - 1) / 4,
            "value": number(level.get("Data Value", "")),
            "confidence": self.rule.suppressed_confidence if suppressed else None,
            "extensions": {"onet": ratings},
        }

    def say_what_is_unrated(self) -> None:
        """Note the occupations of which nothing is rated: what they require is not known."""
        for record in self.draft.tables["roles"].values():
            if record["notation"] not in self.rated:
                reason = "what it requires is not known"
                self.draft.ledger.note("kept", "role without ratings", reason=reason, place=record["notation"])
