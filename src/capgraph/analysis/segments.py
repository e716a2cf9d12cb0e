"""Texts taken apart into segments: plain text without markup, cut at sentences, bullets and long stretches."""

# ruff: noqa: RUF001 - sentences end with the signs of several scripts
from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.cues import ASIDE, DENIED, OFFER, REQUIRES, TEACHES, clauses, heading, speaks_of_learning
from capgraph.analysis.language import language_of, main_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.model import LearningAsset

_TAG = re.compile(r"<(?:!--.*?--|/?[A-Za-z][^<>]{0,2000})>", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|td|h[1-6]|section|article)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"[\r\n\t]+|[.!?。！？।]+[)\]\x22”’»]*(?=\s|$)|[。！？]|[;•·▪●◦|]+|\s[-–—*]\s")
LONGEST = 300
"""The most signs of one segment."""
LIMIT = 200_000
"""The most signs of one text that are looked at; what follows is left out, which answers say."""

KEYWORD, TEXT = 1.15, 1.0
"""How much a match counts in a keyword, and in a title or description."""


class Segment(NamedTuple):
    """A stretch of text that is matched on its own."""

    text: str
    """The text."""
    weight: float
    """How much a match in it counts."""
    relation: str = TEACHES
    """What the text says of what it names: ``teaches``, ``requires`` of what learners must bring, or a reason to pass
    over it (``denied``, ``offer``, ``aside``)."""
    is_whole: bool = False
    """Whether it is a complete name, such as a tag, and not a part of a sentence."""
    language: str = ""
    """Its language, as a BCP 47 tag; empty where nobody has asked."""
    is_title: bool = False
    """Whether it is a title or a part of one."""

    @property
    def is_beside(self) -> bool:
        """Whether it names nothing that is taught or asked for."""
        return self.relation in {DENIED, OFFER, ASIDE}


def plain_text(text: str) -> str:
    r"""Return a text without markup, entities resolved; block elements end a line.

    Examples
    --------
    >>> plain_text("<p>Data&nbsp;models</p><p>SQL &amp; R</p>").split("\n")
    ['Data\xa0models', 'SQL & R']
    """
    text = text[:LIMIT]
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK.sub("\n", _SCRIPT.sub(" ", text)))
    lines = (line.strip() for line in html.unescape(text).split("\n"))
    return "\n".join(line for line in lines if line)


def segments(text: str, *, language: str = "", is_title: bool = False) -> Iterator[Segment]:
    """Yield the segments of a text in their order; empty ones and headings are passed over.

    What a heading such as *Prerequisites* or *What we offer* says holds for the lines below, up to the next heading.

    Notes
    -----
    Linear in the length of the text.

    Examples
    --------
    >>> text = "Prerequisites: SQL. No knowledge of R needed."
    >>> [(one.text, one.relation) for one in segments(text)]
    [('Prerequisites: SQL', 'requires'), ('No knowledge of R needed', 'denied')]
    """
    section = ""
    for line in plain_text(text).split("\n"):
        parts = [part for part in map(str.strip, _BREAK.split(line)) if part]
        below = section
        for place, part in enumerate(parts, start=1):
            told = None if is_title else heading(part)
            if told is not None:
                section, below = told, told if place == len(parts) else below
            if told:
                continue
            if section == REQUIRES and speaks_of_learning(part):
                section = below = ""
            yield from _said(part, section, Segment("", TEXT, language=language, is_title=is_title))
        section = below


def _said(sentence: str, section: str, like: Segment) -> Iterator[Segment]:
    """Yield the segments of a sentence, each with what the sentence or the heading above says of it."""
    carried = section or TEACHES
    for piece in _pieces(sentence):
        says = ""
        for stretch, says in clauses(piece):
            if stretch.strip():
                yield like._replace(text=stretch.strip(), relation=says or carried)
        carried = says if says and says != DENIED else carried


def _pieces(text: str) -> Iterator[str]:
    """Yield a long stretch in pieces that end at spaces, each no longer than `LONGEST`."""
    while len(text) > LONGEST:
        cut = text.rfind(" ", LONGEST // 2, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield text[:cut]
        text = text[cut:].strip()
    if text:
        yield text


def in_languages(segments: Sequence[Segment], among: Sequence[str]) -> list[Segment]:
    """Return the segments of a text, each with its language: its own, else that of the text or of its source.

    Parameters
    ----------
    segments : sequence of Segment
        The segments of one text.
    among : sequence of str
        The languages that are possible, as BCP 47 tags.
    """
    stated = next((one.language for one in segments if main_language(one.language) in among), "")
    overall = language_of(" ".join([one.text for one in segments]), among=among) or stated
    return [one._replace(language=language_of(one.text, among=among) or overall) for one in segments]


def asset_segments(asset: LearningAsset) -> Iterator[Segment]:
    """Yield the segments of an asset: titles, keywords and the description, without what it does not teach.

    What a provider offers is what it teaches.
    """
    spoken = asset.language or ""
    for title in (asset.title, *asset.alternative_titles):
        yield from _taught(segments(title, language=spoken, is_title=True))
    for keyword in asset.keywords:
        if keyword.strip():
            yield Segment(plain_text(keyword)[:LONGEST], KEYWORD, is_whole=True, language=spoken)
    yield from _taught(segments(asset.description, language=spoken))


def _taught(parts: Iterable[Segment]) -> Iterator[Segment]:
    """Yield what an asset teaches or requires."""
    for part in parts:
        if part.relation == OFFER:
            yield part._replace(relation=TEACHES)
        elif not part.is_beside:
            yield part
