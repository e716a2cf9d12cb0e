"""What rows of exported skills say beside the skill: that it is to be deleted, or that they only translate it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.formats.conversion import Ledger

_DELETING = frozenset({"d", "delete", "delimit", "clear", "remove"})
_INACTIVE = frozenset({"n", "no", "i", "inactive", "false", "0", "retired"})


def is_inactive(word: str) -> bool:
    """Return whether the word of a row says that it does not hold any more."""
    return normalize(word) in _INACTIVE


def is_left_out(ledger: Ledger, operation: str, state: str, place: str) -> bool:
    """Return whether a row is an instruction to delete, or does not hold any more, which is noted as left out."""
    told = "it is an instruction to delete" if normalize(operation) in _DELETING else ""
    told = told or ("the source says that it is not active" if is_inactive(state) else "")
    if told:
        ledger.note("dropped", "row", reason=told, place=place)
    return bool(told)


def add_translation(record: dict[str, Any], culture: str, texts: dict[str, str]) -> bool:
    """Return whether a row of another culture states an entry again; its texts become a translation of the entry.

    Parameters
    ----------
    record : dict
        The entry, whose own culture is among its extensions.
    culture : str
        The culture of the row, such as ``de-DE`` or ``de_DE``.
    texts : dict
        Label and description.
    """
    known = record.setdefault("translations", [])
    own = record.get("extensions", {}).get("table", {}).values()
    tag = culture.replace("_", "-")
    if not culture or culture in own or any(item["language"] == tag for item in known):
        return False
    known.append({"language": tag, **{name: text for name, text in texts.items() if text}})
    return True
