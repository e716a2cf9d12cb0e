"""Entries to compare: assets, capabilities and behaviors reduced to what tells twins from look-alikes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.titles import Title, numbers_in, parse_title
from capgraph.model import Behavior, Capability, LearningAsset
from capgraph.text import normalize, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TEXT_LIMIT = 20_000
"""Characters of a description that are compared; a longer one is cut, so that one monster slows nothing down."""
_MARKUP = re.compile(r"<[^<>]{0,200}>|&(?:nbsp|amp|quot|lt|gt|#\d{1,6});")
_SAME_AS = re.compile(
    r"\b(?:same (?:course )?as|cross-?listed (?:with|as)|cross-?list(?:s|ed)?:|identical (?:to|with)|equivalent course:"
    r"|also (?:listed|offered) (?:as|under)|(?:not receive|no|duplicate) credit (?:for|with)(?: both)?|meets with|see)"
    r"\s+(?P<codes>[^.;)]{2,120})",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?!(?:and|or|both|with|to|for)\b)([A-Za-z]{2,6})[ \-/]?(\d{1,5}[A-Za-z]{0,2})\b|\b(\d{2,5}[A-Za-z]{0,2})\b"
)
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_SHORT = 50


class Entry(NamedTuple):
    """One asset, capability or behavior, ready to be compared."""

    id: str
    """The id."""
    title: Title
    """The title or label, taken apart."""
    others: tuple[str, ...]
    """Other titles and translated ones, as the words of their subjects."""
    text: tuple[str, ...]
    """The words of the description, in their order; none where it is a stub that only refers elsewhere."""
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
    code: str
    """The code shown to people, without spaces and signs."""
    group: str
    """The letters that the code begins with: a department or a series."""
    stated: tuple[str, ...]
    """The codes that the description calls the same."""
    standing: tuple[float, ...] = ()
    """What makes it the one to keep: in use, learners, rating, date, alignments, length of the description."""


def asset_entry(asset: LearningAsset, language: str = "") -> Entry:
    """Return the entry of a learning asset; `language` is that of its catalog."""
    code = flat_code(asset.notation)
    description, stated = _description(asset.description, asset.title)
    translated = (text.label for text in asset.translations if text.label)
    return Entry(
        id=asset.id,
        title=parse_title(asset.title),
        others=tuple(dict.fromkeys(parse_title(text).core for text in (*asset.alternative_titles, *translated))),
        text=description,
        kind=asset.kind,
        language=asset.language or language,
        provider=normalize(asset.provider) if asset.provider else "",
        duration=asset.duration,
        price=float(asset.cost.amount) if asset.cost is not None else None,
        audience=tuple(sorted({normalize(who) for who in asset.audience})) if asset.audience else (),
        code=code,
        group=re.match(r"[A-Z]*", code)[0],  # type: ignore[index]
        stated=stated,
        standing=_standing(asset),
    )


def _standing(asset: LearningAsset) -> tuple[float, ...]:
    """Return what makes an asset the one to keep among its twins."""
    newest = max((day.toordinal() for day in (asset.published, asset.modified) if day), default=0)
    return (
        asset.status != "deprecated",
        asset.learners or 0,
        asset.rating or 0.0,
        newest,
        len(asset.alignments),
        len(asset.description),
    )


def capability_entry(capability: Capability, language: str = "") -> Entry:
    """Return the entry of a capability."""
    translated = (text.label for text in capability.translations if text.label)
    others = (*capability.alternative_labels, *translated)
    entry = _plain_entry(capability.id, capability.label, others, capability.description)
    return entry._replace(kind=capability.kind, language=language)


def behavior_entry(behavior: Behavior, language: str = "") -> Entry:
    """Return the entry of a behavior; its level is its part, so that two levels are never the same."""
    translated = tuple(text.label for text in behavior.translations if text.label)
    entry = _plain_entry(behavior.id, behavior.statement, translated, "")._replace(language=language)
    if behavior.level is None:
        return entry
    return entry._replace(title=entry.title._replace(part=(str(behavior.level),)))


def flat_code(text: str) -> str:
    """Return a code without spaces and signs, in capitals.

    Examples
    --------
    >>> flat_code("Cse 8-a")
    'CSE8A'
    """
    return "".join(sign for sign in text.upper() if sign.isalnum()) if text else ""


def stated_codes(text: str) -> tuple[str, ...]:
    """Return the codes that a text calls the same course, flat and in order of mention.

    Read are *same as*, *cross-listed with*, *equivalent to*, *see*, *no credit for both … and …* and the like; a bare
    number takes the letters of the code before it.

    Examples
    --------
    >>> stated_codes("Same as ECON 71 and 72. Prerequisite: MATH 9.")
    ('ECON71', 'ECON72')
    """
    found: dict[str, None] = {}
    for match in _SAME_AS.finditer(text[:_TEXT_LIMIT]):
        letters = ""
        for prefix, number, bare in _CODE.findall(match["codes"]):
            letters = prefix or letters
            if letters:
                found[flat_code(letters + (number or bare))] = None
    return tuple(found)


def _plain_entry(id_: str, label: str, others: Iterable[str], text: str) -> Entry:
    """Return the entry of something whose label is no title: all its words are its subject."""
    words = tokens(label)[:200] or (normalize(label)[:100],)
    title = Title(words, (words,), (), (), (), (), (), (), numbers_in(words))
    named = tuple(dict.fromkeys(" ".join(tokens(other)) for other in others))
    return Entry(id_, title, named, _description(text, label)[0], "behavior", "", "", None, None, (), "", "", ())


def _description(text: str, title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a description and the codes it calls the same; a copy of the title has no words."""
    if not text:
        return (), ()
    plain = text[:_TEXT_LIMIT]
    if "<" in plain or "&" in plain:
        plain = _MARKUP.sub(" ", plain)
    stated: tuple[str, ...] = ()
    if _DIGIT.search(plain):
        stated = stated_codes(plain)
        plain = _SAME_AS.sub(" ", plain) if stated else plain
    words = _WORD.findall(plain.lower() if plain.isascii() else normalize(plain))
    return (() if len(words) < _SHORT and tuple(words) == tokens(title) else tuple(words)), stated


def entries(nodes: Iterable[object], language: str = "") -> Iterator[Entry]:
    """Yield the entries of assets, capabilities and behaviors; other nodes are passed over."""
    for node in nodes:
        if isinstance(node, LearningAsset):
            yield asset_entry(node, language)
        elif isinstance(node, Capability):
            yield capability_entry(node, language)
        elif isinstance(node, Behavior):
            yield behavior_entry(node, language)
