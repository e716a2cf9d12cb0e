"""Ids for what a source names: publishers' ids are kept, others are minted the same way every time."""

from __future__ import annotations

import hashlib
import re
import uuid
from functools import lru_cache

from capgraph.model.refusal import ID_PATTERN
from capgraph.text import normalize, words

_ID = re.compile(ID_PATTERN)
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
_LONGEST = 2000
_WORD = re.compile(r"\w+")


def is_id(text: str) -> bool:
    """Return whether the text can be an id: an IRI, or a CURIE such as ``cap:data``."""
    return len(text) <= _LONGEST and _ID.match(text) is not None


def mint(framework: str, table: str, key: str) -> str:
    """Return the id of what a source names by a key of its own: ``urn:uuid:`` with the UUIDv5 of all three.

    Parameters
    ----------
    framework : str
        The identity of the document, as an IRI.
    table : str
        The kind of thing, such as ``capability``.
    key : str
        The source's key; white space and case count for nothing.

    Examples
    --------
    >>> mint("fw:a", "role", "Data engineer") == mint("fw:a", "role", " data  Engineer")
    True
    """
    # Half a surrogate pair, which JSON may hold, is left to the model, which refuses the record and says so.
    name = f"{table}\x1f{normalize(key)}".encode("utf-8", "surrogatepass")
    # As uuid.uuid5 does it, without the object that it makes: an import mints a million ids.
    made = bytearray(hashlib.sha1(_space(framework) + name, usedforsecurity=False).digest()[:16])
    made[6] = made[6] & 0x0F | 0x50
    made[8] = made[8] & 0x3F | 0x80
    text = made.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=64)
def _space(framework: str) -> bytes:
    """Return the namespace of a document."""
    return uuid.uuid5(uuid.NAMESPACE_URL, framework).bytes


def slug(text: str) -> str:
    """Return the text as the local part of an id: lower case, words joined by hyphens.

    Examples
    --------
    >>> slug("UK Digital & Data")
    'uk-digital-data'
    """
    return "-".join(words(_WORD, normalize(text))).strip("-_") or "untitled"


def publisher_id(key: str) -> str:
    """Return the id that a publisher's key is already, or an empty text."""
    text = key.strip()
    if is_id(text):
        return text
    return f"urn:uuid:{text.lower()}" if _UUID.match(text) else ""
