"""Entries to compare: assets, capabilities and behaviors reduced to what tells twins from look-alikes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.codes import codes_of, read_statements, split_code
from capgraph.analysis.compared import Held
from capgraph.analysis.titles import Title, numbers_in, parse_title
from capgraph.errors import ArgumentError
from capgraph.model import Behavior, Capability, LearningAsset
from capgraph.text import normalize, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.model import Node

_TEXT_LIMIT = 20_000
"""Characters of a description that are compared; a longer one is cut, so that one monster slows nothing down."""
_MARKUP = re.compile(r"<[^<>]{0,200}>|&(?:nbsp|amp|quot|lt|gt|#\d{1,6});")
_DIGITS = "0123456789"
_WORD = re.compile(r"\w+")
_WORD_SIGNS = str.maketrans({sign: " " for sign in map(chr, range(128)) if not (sign.isalnum() or sign == "_")})
_COPY = 2
"""A copy of the title is at most so many times as long."""


class Entry(NamedTuple):
    """One asset, capability or behavior, ready to be compared."""

    id: str
    """The id."""
    label: str
    """The title or label as it stands."""
    title: Title
    """The title or label, taken apart."""
    others: tuple[str, ...]
    """Other titles and translated ones, as the words of their subjects."""
    kind: str
    """What kind of entry it is."""
    language: str
    """The language of the content."""
    provider: str
    """Who offers it, normalized."""
    duration: float | None
    """Minutes."""
    price: float | None
    """The price of one learner, in whatever currency."""
    audience: tuple[str, ...]
    """Whom it is made for, in normalized words."""
    codes: tuple[str, ...] = ()
    """The codes shown to people, without spaces and signs."""
    group: str = ""
    """The letters that the code begins with: a department or a series."""
    number: str = ""
    """The number of the code with its letters."""
    digits: str = ""
    """The digits of the number."""
    stated: tuple[str, ...] = ()
    """The codes that the description calls the same."""
    overlapping: tuple[str, ...] = ()
    """The codes with which the description shares credit."""
    standing: tuple[float, ...] = ()
    """What makes it the one to keep: in use, learners, rating, date, alignments, length of the description."""


class Described(NamedTuple):
    """An entry with its description, which whoever compares many entries keeps as numbers."""

    entry: Entry
    """The entry."""
    text: Sequence[str]
    """The words of the description, in their order; none where it is a stub that only refers elsewhere."""


def asset_entry(asset: LearningAsset, language: str = "") -> Described:
    """Return the entry of a learning asset; `language` is that of its catalog."""
    codes = codes_of(asset.notation) if asset.notation else ()
    group, number, digits = split_code(codes[0]) if codes else ("", "", "")
    words, stated, overlapping = _description(asset.description, asset.title)
    others = [*asset.alternative_titles, *(text.label for text in asset.translations if text.label)]
    entry = Entry(
        id=asset.id,
        label=asset.title,
        title=parse_title(asset.title),
        others=tuple(dict.fromkeys(parse_title(text).core for text in others)) if others else (),
        kind=asset.kind,
        language=asset.language or language,
        provider=normalize(asset.provider) if asset.provider else "",
        duration=asset.duration,
        price=float(asset.cost.amount) if asset.cost is not None else None,
        audience=tuple(sorted({normalize(who) for who in asset.audience})) if asset.audience else (),
        codes=codes,
        group=group,
        number=number,
        digits=digits,
        stated=stated,
        overlapping=overlapping,
        standing=_standing(asset),
    )
    return Described(entry, words)


def _standing(asset: LearningAsset) -> tuple[float, ...]:
    """Return what makes an asset the one to keep among its twins."""
    days = [day.toordinal() for day in (asset.published, asset.modified) if day is not None]
    newest = max(days) if days else 0
    return (
        asset.status != "deprecated",
        asset.learners or 0,
        asset.rating or 0.0,
        newest,
        len(asset.alignments),
        len(asset.description),
    )


def capability_entry(capability: Capability, language: str = "") -> Described:
    """Return the entry of a capability."""
    translated = (text.label for text in capability.translations if text.label)
    others = (*capability.alternative_labels, *translated)
    words = _description(capability.description, capability.label)[0]
    entry = _plain_entry(capability.id, capability.label, others)
    return Described(entry._replace(kind=capability.kind, language=language), words)


def behavior_entry(behavior: Behavior, language: str = "") -> Described:
    """Return the entry of a behavior; its level is its part, so that two levels are never the same."""
    translated = tuple(text.label for text in behavior.translations if text.label)
    entry = _plain_entry(behavior.id, behavior.statement, translated)._replace(language=language)
    if behavior.level is not None:
        entry = entry._replace(title=entry.title._replace(part=(str(behavior.level),)))
    return Described(entry, ())


def _plain_entry(id_: str, label: str, others: Iterable[str]) -> Entry:
    """Return the entry of something whose label is no title: all its words are its subject."""
    words = tokens(label)[:200] or (normalize(label)[:100],)
    title = Title(words, (words,), (), (), (), (), (), (), numbers_in(words))
    named = tuple(dict.fromkeys(" ".join(tokens(other)) for other in others))
    return Entry(id_, label, title, named, "behavior", "", "", None, None, ())


def _description(text: str, title: str) -> tuple[Sequence[str], tuple[str, ...], tuple[str, ...]]:
    """Return the words of a description, the codes it calls the same, and those it overlaps with.

    A copy of the title has no words.
    """
    if not text:
        return (), (), ()
    plain = text[:_TEXT_LIMIT]
    if "<" in plain or "&" in plain:
        plain = _MARKUP.sub(" ", plain)
    stated: tuple[str, ...] = ()
    overlapping: tuple[str, ...] = ()
    if any(map(plain.__contains__, _DIGITS)):  # several times as fast as a pattern, which has to look at each sign
        stated, overlapping, plain = read_statements(plain)
    words = plain.lower().translate(_WORD_SIGNS).split() if plain.isascii() else _WORD.findall(normalize(plain))
    is_copy = len(plain) <= _COPY * len(title) and tuple(words) == tokens(title)
    return () if is_copy else words, stated, overlapping


def entries(nodes: Iterable[Node], language: str = "") -> Iterator[Described]:
    """Yield the entries of assets, capabilities and behaviors."""
    for node in nodes:
        yield entry_of(Held(node.id, node, language))


def entry_of(one: Held) -> Described:
    """Return the entry of an asset, a capability or a behavior, with its description."""
    node = one.node
    if isinstance(node, LearningAsset):
        found = asset_entry(node, one.language)
    elif isinstance(node, Capability):
        found = capability_entry(node, one.language)
    elif isinstance(node, Behavior):
        found = behavior_entry(node, one.language)
    else:
        message = f"{one.id}: a {type(node).__name__} is not compared; pass assets, capabilities or behaviors"
        raise ArgumentError(message)
    return found if found.entry.id == one.id else found._replace(entry=found.entry._replace(id=one.id))
