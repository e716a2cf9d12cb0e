"""Damage: files as they arrive broken, for the readers to refuse or to read with their problems listed."""

from __future__ import annotations

import re

from hypothesis import strategies as st

ODD = (
    *(
        b"",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'"',
        b"'",
        b"\n",
        b"\r",
        b",",
        b"\t",
        b"{",
        b"}",
        b"]",
        b"<",
        b"&a;",
    ),
    *(b"[" * 300, b'{"a":' * 300, b"<a>" * 300, b"null", b"true", b"-1", b"NaN", b"1e999", b"99999999999999999999"),
    *(b"=1+1", b"a" * 3000, b"\xc3\x28", b"\xed\xa0\x80", b"\x1a", "ü".encode("utf-16"), b"..", b":", b" "),
)
"""Bytes that readers stumble over."""
_WORD = re.compile(rb"[\w.-]+")


@st.composite
def damaged(draw: st.DrawFn, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with one of them cut, doubled, spliced, or with bytes, words or lines exchanged."""
    name = draw(st.sampled_from(sorted(files)))
    data = files[name]
    for _ in range(draw(st.integers(1, 3))):
        data = draw(_worse(data))
    return {**files, name: data}


@st.composite
def _worse(draw: st.DrawFn, data: bytes) -> bytes:
    """Return data with one more damage."""
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    other = draw(st.sampled_from(ODD) | st.binary(max_size=8))
    near = data[start : min(end, start + 40)]
    spliced = (
        data[:start],
        data[:start] + other + data[end:],
        data[:start] + other + data[start:],
        data[:end] + data[start:],
    )
    changed = [*spliced, data[:start] + data[start + len(near) :], other + data, data + other]
    lines = data.splitlines(keepends=True)
    if len(lines) > 1:
        one, two = draw(st.tuples(*[st.integers(0, len(lines) - 1)] * 2))
        moved = [*lines]
        moved[one], moved[two] = moved[two], moved[one]
        changed += [b"".join(moved), b"".join([*lines[:one], *lines[one + 1 :]]), b"".join([*lines, lines[one]])]
    words = _WORD.findall(data, start, min(len(data), start + 2000)) or [b""]
    old, new = draw(st.tuples(*[st.sampled_from(words)] * 2))
    changed += [data.replace(old, new), data.replace(old, new, 1), data.replace(old, other, 1)] if old else []
    return draw(st.sampled_from(changed))
