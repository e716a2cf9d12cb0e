"""Conditions in words: what a text says must come before, as a condition; or that it is prose."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from capgraph.formats.cells import plain
from capgraph.ingest.names import TOKEN, Names
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*[-_ ]?\d[\w./-]*|\d{3,}[\w.-]*")
_AND = frozenset({"and", "und", "et", "y", "e", "en", "&", "+", "plus", "sowie", "as", "well"})
_OR = frozenset({"or", "oder", "ou", "o", "of", "/", "|"})
_BREAKS = frozenset({",", ";", "\n"})
_OPEN, _CLOSE = frozenset("(["), frozenset(")]")
_WORDED = {"one": 1, "any": 1, "either": 1, "two": 2, "three": 3, "four": 4, "five": 5, "eine": 1, "zwei": 2, "drei": 3}
_NUMBERS = _WORDED | {str(count): count for count in range(1, 10)}
_FILLERS = frozenset(
    [
        "completion",
        "completed",
        "complete",
        "course",
        "courses",
        "required",
        "requires",
        "prerequisite",
        "prerequisites",
        "must",
        "have",
        "the",
        "a",
        "an",
        "of",
        "either",
        "passed",
        "successful",
        "successfully",
        "after",
        "before",
        "voraussetzung",
        "abschluss",
        "kurs",
        "kurse",
    ]
)

Tree = dict[str, Any] | str
"""A condition as plain data: an id, or one of the forms of `capgraph.model.Condition`."""


class Token(NamedTuple):
    """A piece of a prerequisite text."""

    kind: str
    """``asset``, ``and``, ``or``, ``break``, ``open``, ``close`` or ``count``."""
    value: Any = None
    """The id of an asset, or a count."""


_PAIRS = {("all", "of"): Token("count", 0), ("at", "least"): Token("filler")}


def parse_condition(text: str, names: Names) -> Tree | None:
    """Return the condition that a text states, or None where it is prose.

    Understood are names of assets, joined by *and*, *or*, commas and semicolons, in brackets, and *one of*, *two of*,
    *at least n of* lists.  *And* binds closer than *or*; a comma means what the next joining word says, else
    *and*; a semicolon and a line break mean *and*.
    """
    if text.startswith("{"):
        return _of_object(text, names)
    tokens = _tokens(text, names)
    if tokens is None or not any(token.kind == "asset" for token in tokens):
        return None
    try:
        tree, rest = _any_of(tokens, 0)
    except RecursionError:  # brackets in brackets without end are damage, not a condition
        return None
    return tree if rest == len(tokens) else None


def _of_object(text: str, names: Names) -> Tree | None:
    """Return the condition that a nested object states: a word such as *all* or *one* beside a list."""
    try:
        found = json.loads(text)
        return _of_value(found, names) or None
    except (json.JSONDecodeError, RecursionError):
        return None


def _of_value(found: Any, names: Names) -> Tree:  # noqa: ANN401 - any JSON
    """Return the condition of a code, a list or an object; empty where it states none."""
    if isinstance(found, str):
        return names.named(found) or names.unknown(found)
    if isinstance(found, list):
        return _joined("all_of", [_of_value(item, names) for item in found])
    if not isinstance(found, dict):
        return ""
    items = next((value for value in found.values() if isinstance(value, list)), [])
    words = [normalize(value) for value in found.values() if isinstance(value, str)]
    parts = [part for part in (_of_value(item, names) for item in items) if part]
    if any(word in _NUMBERS or word in _OR for word in words):
        count = next((_NUMBERS[word] for word in words if word in _NUMBERS), 1)
        return _counted(count, parts)
    return _joined("all_of", parts)


def _tokens(text: str, names: Names) -> list[Token] | None:
    """Return the pieces of a text, or None where a word is not understood."""
    shown = TOKEN.findall(plain(text))
    words = [normalize(word) or word for word in shown]
    found: list[Token] = []
    place = 0
    while place < len(words):
        counted = words[place] in _NUMBERS and words[place + 1 : place + 2] in (["of"], ["von"], ["de"])
        id_, count = ("", 0) if counted else names.longest(words, place)
        if not count:
            token, count = _token(shown, words, place, names)
            if token is None:
                return None
            if token.kind != "filler":
                found.append(token)
        else:
            found.append(Token("asset", id_))
        place += count
    return found


def _token(shown: Sequence[str], words: Sequence[str], place: int, names: Names) -> tuple[Token | None, int]:
    """Return the piece at a place that is no known asset, and how many words it takes."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in _NUMBERS and following in {"of", "from", "von", "de"}:
        return Token("count", _NUMBERS[word]), 2
    fixed = _PAIRS.get((word, following))
    if fixed is not None:
        return fixed, 2
    for kind, signs in (("and", _AND), ("or", _OR), ("break", _BREAKS), ("open", _OPEN), ("close", _CLOSE)):
        if word in signs:
            return Token(kind, word), 1
    pair = f"{shown[place]} {shown[place + 1]}" if place + 1 < len(shown) else ""
    if re.fullmatch(r"[A-Z]{2,8} \d{1,4}[A-Z]{0,3}(?:-[A-Z]{1,2})*", pair):
        return Token("asset", names.unknown(pair)), 2
    coded = _CODE.fullmatch(shown[place]) and not shown[place].isalpha()
    if coded:
        return Token("asset", names.unknown(shown[place])), 1
    return (Token("filler"), 1) if word in _FILLERS or word in {".", ":"} else (None, 1)


def _any_of(tokens: Sequence[Token], place: int) -> tuple[Tree, int]:
    """Return the alternatives from a place on, and the place behind them."""
    options: list[Tree] = []
    while True:
        option, place = _all_of(tokens, place)
        options.append(option)
        if place < len(tokens) and tokens[place].kind == "or":
            place += 1
            continue
        return _joined("any_of", options), place


def _all_of(tokens: Sequence[Token], place: int) -> tuple[Tree, int]:
    """Return what must hold together from a place on, and the place behind it."""
    needed: list[Tree] = []
    while place < len(tokens) and tokens[place].kind not in {"or", "close"}:
        token = tokens[place]
        if token.kind in {"and", "break"}:
            if token.kind == "break" and _next_joint(tokens, place) == "or":
                break
            place += 1
            continue
        part, place = _one(tokens, place)
        if part:
            needed.append(part)
    if place < len(tokens) and tokens[place].kind == "break":
        rest, place = _any_of(tokens, place + 1)
        return _joined("any_of", [_joined("all_of", needed), rest]), place
    return _joined("all_of", needed), place


def _next_joint(tokens: Sequence[Token], place: int) -> str:
    """Return the word that a comma stands for: the next *and* or *or* on its level; a semicolon is always *and*."""
    if tokens[place].value != ",":
        return "and"
    depth = 0
    for token in tokens[place:]:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth < 0 or token.value in {";", "\n"}:
            return "and"
        if depth == 0 and token.kind in {"and", "or"}:
            return token.kind
    return "and"


def _one(tokens: Sequence[Token], place: int) -> tuple[Tree, int]:
    """Return one asset, one bracket or one counted list from a place on, and the place behind it."""
    token = tokens[place]
    if token.kind == "asset":
        return token.value, place + 1
    if token.kind == "open":
        tree, place = _any_of(tokens, place + 1)
        return tree, place + 1
    items: list[Tree] = []
    place += 1
    closing = place < len(tokens) and tokens[place].kind == "open"
    place += closing
    while place < len(tokens) and tokens[place].kind in {"asset", "break", "or", "and"}:
        if tokens[place].kind == "and" and not closing:
            break
        if tokens[place].kind == "asset":
            items.append(tokens[place].value)
        place += 1
    return _counted(token.value, items), place + closing


def _counted(count: int, items: list[Tree]) -> Tree:
    """Return that so many of the items must hold; 0 for all."""
    distinct = [item for place, item in enumerate(items) if item not in items[:place]]
    if count == 0 or count >= len(distinct):
        return _joined("all_of", items)
    return _joined("any_of", items) if count == 1 else {"at_least": count, "of": distinct}


def _joined(form: str, parts: list[Tree]) -> Tree:
    """Return the parts as one condition; a single one is itself, nested ones of the same form are opened."""
    flat: list[Tree] = []
    for part in parts:
        flat.extend(part[form] if isinstance(part, dict) and set(part) == {form} else [part] if part else [])
    distinct = [part for place, part in enumerate(flat) if part not in flat[:place]]
    return distinct[0] if len(distinct) == 1 else {form: distinct} if distinct else ""


def leaves(tree: Tree | None) -> list[str]:
    """Return the assets that a condition names."""
    if not tree:
        return []
    if isinstance(tree, str):
        return [tree]
    if "asset" in tree:
        return [tree["asset"]]
    return [leaf for parts in tree.values() if isinstance(parts, list) for part in parts for leaf in leaves(part)]


def without(tree: Tree, id_: str) -> Tree:
    """Return a condition without one asset; empty where nothing is left."""
    if isinstance(tree, str):
        return "" if tree == id_ else tree
    if "of" in tree:
        rest = [part for part in tree["of"] if part != id_]
        return _counted(tree["at_least"], rest)
    (form, parts), *_ = tree.items()
    return _joined(form, [part for part in (without(part, id_) for part in parts) if part])
