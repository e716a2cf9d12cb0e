"""Text that was encoded twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from capgraph.formats.twice import is_twice, once

_WESTERN = "".join(chr(code) for code in range(0xC0, 0x180)) + "–—’“”€™•…"


@given(st.text(alphabet=st.sampled_from("abc XYZ" + _WESTERN), max_size=30))
def test_what_was_encoded_twice_is_mended(text: str) -> None:
    twice = "".join(bytes([code]).decode("cp1252", errors="ignore") or chr(code) for code in text.encode())
    assert once(twice) == once(text) or once(twice) == text


def test_other_text_is_left_alone() -> None:
    assert once("São Paulo, Ângela, naïve") == "São Paulo, Ângela, naïve"
    assert once("Ã") == "Ã"
    assert once("Ã¿¿") == "ÿ¿"
    assert not is_twice(["São", "Ângela"])
    assert not is_twice(["GestiÃ³n"]), "one text is no evidence"
