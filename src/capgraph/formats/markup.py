"""HTML in cells as plain text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from capgraph.formats.cells import SPACES, plain

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)
_BLOCKS = frozenset(
    ["p", "div", "br", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article"]
)
_UNSEEN = frozenset({"script", "style"})


class _Text(HTMLParser):
    """The visible text of a fragment of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BLOCKS and tag != "li":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def plain_text(cell: object) -> str:
    r"""Return text without markup: tags become line breaks and bullets, entities their characters.

    Text without tags is left as it is, but for its entities.

    Examples
    --------
    >>> plain_text("<p>You will:</p><ul><li>plan</li><li>do &amp; check</li></ul>")
    'You will:\n- plan\n- do & check'
    """
    text = plain(cell)
    if not _TAG.search(text):
        return html.unescape(text).translate(SPACES).strip() if _ENTITY.search(text) else text
    parser = _Text()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.translate(SPACES).split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line and line != "-")
