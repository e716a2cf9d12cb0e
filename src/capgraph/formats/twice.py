"""Text that was encoded twice: UTF-8 taken for Windows-1252 and written as UTF-8 again, as ``Ã©`` for ``é``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEADS = "".join(map(chr, range(0xC2, 0xF5)))
_TRAILS = "".join(bytes([code]).decode("cp1252", errors="ignore") or chr(code) for code in range(0x80, 0xC0))
_PAIR = re.compile(f"[{_LEADS}][{re.escape(_TRAILS)}]{{1,3}}")
_BYTES = {(bytes([code]).decode("cp1252", errors="ignore") or chr(code)): code for code in range(0x80, 0x100)}
_SPACES = str.maketrans({"\u00a0": " "})
_LEAST = 2


def is_twice(texts: Iterable[str]) -> bool:
    """Return whether texts were encoded twice: of those with other signs than ASCII, half hold pairs that say so.

    Examples
    --------
    >>> is_twice(["GestiÃ³n", "Beginner Â· Course"]), is_twice(["São", "Ânimo · Ça"]), is_twice(["A", "B"])
    (True, False, False)
    """
    marked = [text for text in texts if not text.isascii()]
    mended = sum(once(text) != text for text in marked)
    return mended >= _LEAST and 2 * mended >= len(marked)


def once(text: str) -> str:
    """Return a text as it was before it was encoded a second time; as it is, where it was not.

    Examples
    --------
    >>> once("CafÃ© â€“ rÃ©sumÃ©"), once("Café – résumé")
    ('Café – résumé', 'Café – résumé')
    """
    return text if text.isascii() else _PAIR.sub(_decoded, text)


def _decoded(pair: re.Match[str]) -> str:
    """Return the sign that a pair stands for, or the pair."""
    raw = bytes(_BYTES.get(sign, 0x3F) for sign in pair[0])
    for end in range(len(raw), 1, -1):
        try:
            return raw[:end].decode("utf-8") + pair[0][end:]
        except UnicodeDecodeError:
            continue
    return pair[0]
