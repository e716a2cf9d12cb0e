"""Texts taken apart into segments: plain text without markup, cut at sentences, bullets and long stretches."""

# ruff: noqa: RUF001 - sentences end with the signs of several scripts
from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from capgraph.analysis.language import language_of, main_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.model import LearningAsset

_TAG = re.compile(r"<(?:!--.*?--|/?[A-Za-z][^<>]{0,2000})>", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|td|h[1-6]|section|article)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"[\r\n\t]+|[.!?。！？।]+(?=\s|$)|[。！？]|[;•·▪●◦|]+|\s[-–—*]\s")
_WANTED = re.compile(
    r"\b(?:prerequisites?|pre-requisites?|voraussetzung(?:en)?|vorausgesetzt|prérequis|pré-requis)\b"
    r"|\brequisitos? previos?\b|\b(?:prior|previous) (?:knowledge|experience)\b",
    re.IGNORECASE,
)
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
    relation: str = "teaches"
    """``requires`` where the text speaks of what learners must bring, else ``teaches``."""
    is_whole: bool = False
    """Whether it is a complete name, such as a tag, and not a part of a sentence."""
    language: str = ""
    """Its language, as a BCP 47 tag; empty where nobody has asked."""
    is_title: bool = False
    """Whether it is a title or a part of one."""


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
    """Yield the segments of a text in their order; empty ones are passed over.

    Notes
    -----
    Linear in the length of the text.
    """
    relation = "teaches"
    for part in _BREAK.split(plain_text(text)):
        if _WANTED.search(part):
            relation = "requires"
        for piece in _pieces(part.strip()):
            yield Segment(piece, TEXT, relation, language=language, is_title=is_title)
        if part.strip():
            relation = "teaches" if len(part.split()) > _HEADING_WORDS else relation


_HEADING_WORDS = 2
"""A line of so many words, such as "Prerequisites:", speaks for the next one too."""


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
    """Yield the segments of an asset: titles, keywords and the description."""
    spoken = asset.language or ""
    for title in (asset.title, *asset.alternative_titles):
        yield from segments(title, language=spoken, is_title=True)
    for keyword in asset.keywords:
        if keyword.strip():
            yield Segment(plain_text(keyword)[:LONGEST], KEYWORD, is_whole=True, language=spoken)
    yield from segments(asset.description, language=spoken)
