"""What is wrong with a profile that a person wrote: keys, fields, types and words that there are not, all at once."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, get_args

from capgraph.errors import Issue
from capgraph.formats.lexicon import UNIT_WORDS
from capgraph.model.capability import ZeroMeans
from capgraph.model.catalog import AssetKind
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


_CODE = 3


class Shape(NamedTuple):
    """What the value of a key has to be."""

    fits: Callable[[object], bool]
    """Whether a value is that."""
    told: str
    """The same in words, after *is not*."""
    example: str
    """How it is written."""


def _is_text(value: object) -> bool:
    """Return whether a value is a text."""
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    """Return whether a value is a text, or a list of texts."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _is_plain(value: object) -> bool:
    """Return whether a value is a text, a number or a truth."""
    return isinstance(value, str | int | float)


def _is_currency(value: object) -> bool:
    """Return whether a value is the code of a currency, or empty."""
    return isinstance(value, str) and (not value or (len(value) == _CODE and value.isalpha() and value.isupper()))


def _is_encoding(value: object) -> bool:
    """Return whether a value names an encoding; none at all is to find it out."""
    try:
        return isinstance(value, str) and (not value or bool(codecs.lookup(value)))
    except LookupError:
        return False


def one_of(*words: str) -> Shape:
    """Return the shape of a text that is one of some words, or empty."""
    return Shape(lambda value: value in ("", *words), f"one of {', '.join(words)}", f'"{words[0]}"')


TEXT = Shape(_is_text, "a text", '"text"')
TEXTS = Shape(_is_texts, "a text or a list of texts", '["one", "two"]')
PLAIN = Shape(_is_plain, "a text or a number", '"text"')
TRUTH = Shape(lambda value: isinstance(value, bool), "true or false", "true")
ROW = Shape(lambda value: type(value) is int and value > 0, "a whole number from 1 on", "2")
ONE = Shape(lambda value: isinstance(value, str) and len(value) <= 1, "one character", '";"')
CURRENCY = Shape(_is_currency, "a currency of three capital letters", '"EUR"')
ENCODING = Shape(_is_encoding, "an encoding", '"cp1252"')

KEYS: Mapping[str, Shape | None] = {
    "name": TEXT, "title": TEXT, "system": TEXT, "about": one_of("courses", "people"), "match": TEXTS,
    "columns": None, "fields": None, "key": TEXTS, "required": TEXTS, "constants": None, "sheets": TEXTS,
    "header_row": ROW, "encoding": ENCODING, "delimiter": ONE, "ignore": TEXTS,
    "zero_means": one_of(*get_args(ZeroMeans)), "exclusive": TRUTH,
}  # fmt: skip
"""The keys of a profile with the shapes of their values; None for tables."""

RULE_KEYS: Mapping[str, Shape | None] = {
    "split": TEXT, "values": None, "only": TRUTH, "reject": TEXT, "unit": one_of(*dict.fromkeys(UNIT_WORDS.values())),
    "form": one_of("iso"), "first": one_of("day", "month"), "decimal": one_of(".", ","),
    "currency": CURRENCY, "when_stated": TRUTH, "lead": TEXT,
}  # fmt: skip
"""The keys of the rule of a field with the shapes of their values; None for tables."""


def problems(data: Mapping[str, object], fields: Collection[str]) -> list[Issue]:
    """Return what is wrong with a profile as TOML states it.

    Parameters
    ----------
    data : mapping
        The profile.
    fields : collection of str
        The fields that there are.
    """
    found = [*_keys(data, KEYS, "", "key")]
    found += _table(data.get("columns", {}), fields, "columns", TEXTS)
    found += _table(data.get("constants", {}), fields, "constants", PLAIN)
    rules = data.get("fields", {})
    found += _table(rules, fields, "fields", None)
    for name, rule in rules.items() if isinstance(rules, Mapping) else ():
        found += _rule(name, rule)
    required = data.get("required", [])
    for name in required if isinstance(required, list) else [required]:
        if isinstance(name, str):
            found += _unknown(name, fields, "field, but required names it")
    return found


def _rule(name: str, rule: object) -> Iterator[Issue]:
    """Yield what is wrong with how a field is read."""
    where = f"[fields.{name}]"
    if not isinstance(rule, Mapping):
        yield _no_table(rule, f"each key in {where}", f'{where}, and below it lines such as unit = "hour"')
        return
    yield from _keys(rule, RULE_KEYS, where, f"key in {where}")
    values = rule.get("values", {})
    if not isinstance(values, Mapping):
        yield _no_table(values, f"each value in [fields.{name}.values]", 'our word = ["theirs"]')
        return
    for ours, theirs in values.items():
        yield from _shaped(ours, theirs, TEXTS, f"[fields.{name}.values]")
        if name == "kind":
            yield from _unknown(ours, get_args(AssetKind), "kind of asset in [fields.kind.values]")


def _keys(data: Mapping[str, object], shapes: Mapping[str, Shape | None], where: str, what: str) -> Iterator[Issue]:
    """Yield the keys that there are not, and those whose values have another shape."""
    for name, value in data.items():
        if name not in shapes:
            yield from _unknown(name, shapes, what)
        elif (shape := shapes[name]) is not None:
            yield from _shaped(name, value, shape, where)


def _table(table: object, fields: Collection[str], name: str, shape: Shape | None) -> Iterator[Issue]:
    """Yield what is wrong with a table of fields."""
    if not isinstance(table, Mapping):
        yield _no_table(table, f"each field in [{name}]", f"[{name}], and a line for each field below it")
        return
    for field, value in table.items():
        if field not in fields:
            yield from _unknown(field, fields, f"field in [{name}]")
        elif shape is not None:
            yield from _shaped(field, value, shape, f"[{name}]")


def _shaped(name: str, value: object, shape: Shape, where: str) -> Iterator[Issue]:
    """Yield that a value has another shape than the key wants."""
    if not shape.fits(value):
        told = f"{name!r}{f' in {where}' if where else ''} is {value!r}, not {shape.told}"
        yield Issue("wrong-value", told, (name,), name, f"write {name} = {shape.example}")


def _no_table(value: object, what: str, hint: str) -> Issue:
    """Return that there is no table of names."""
    return Issue("no-table", f"{value!r} stands where a table does, a line for {what}", hint=f"write {hint}")


def _unknown(name: str, known: Iterable[str], what: str) -> Iterator[Issue]:
    """Yield that a name is none of those that there are."""
    names = list(known)
    if name not in names:
        near = closest(name, names)
        hint = f"did you mean {near!r}?" if near else f"known are {', '.join(names)}"
        yield Issue("unknown-key", f"{name!r} is no {what}", (name,), name, hint)
