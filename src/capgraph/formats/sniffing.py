"""Which format content is in: told by the content, and never guessed between equals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.errors import ParseError, UnknownFormatError
from capgraph.formats import BUILT_IN, known_formats
from capgraph.formats.jsontext import load_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.formats.content import Content
    from capgraph.formats.record import Format, Sniff

_ENOUGH = 0.3
_SHOWN = 3
_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")
_IMPORTED = (
    "a table of courses, people or evidence as companies keep them is imported: capgraph import sniff tells more"
)


def recognized(content: Content, kind: str = "") -> tuple[Format, str]:
    """Return the format that fits content best, and why.

    Raises
    ------
    UnknownFormatError
        When none fits, or two fit equally well; the library's own formats go before those of other distributions.
    ParseError
        When none fits because JSON ends early or is none.
    """
    candidates = [item for item in known_formats() if item.reader is not None and (not kind or kind in item.reads)]
    own = dict(BUILT_IN)
    sniffed = [(item.sniff(content, kind), item) for item in candidates]
    sniffed.sort(key=lambda pair: (-pair[0].score, pair[1].name not in own))
    (best, chosen), *others = sniffed
    if best.score < _ENOUGH:
        _refuse_broken_json(content)
        sniffed.sort(key=lambda pair: (-pair[0].score, not content.name.lower().endswith(pair[1].extensions)))
        message = f"no known format{f' of a {kind}' if kind else ''} fits; {_nearest(sniffed)}"
        raise UnknownFormatError(f"{message}; {_IMPORTED}" if _is_table(content) else message)
    equal = [
        item.name for sniff, item in others if sniff.score == best.score and (item.name in own) == (chosen.name in own)
    ]
    if equal:
        names = ", ".join([chosen.name, *equal])
        raise UnknownFormatError(f"the content fits several formats equally: {names}; say which one (format=)")
    return chosen, "; ".join(best.reasons)


def _nearest(sniffed: Iterable[tuple[Sniff, Format]]) -> str:
    """Return the nearest formats and what each missed."""
    near = [(sniff, item) for sniff, item in sniffed if sniff.score > 0 or sniff.missing][:_SHOWN]
    told = [f"{item.name} (missing: {', '.join(sniff.missing) or 'most of it'})" for sniff, item in near]
    return (
        f"nearest: {'; '.join(told)}; name the format (format=) if it is one of them" if told else "name it (format=)"
    )


def _is_table(content: Content) -> bool:
    """Return whether a single file is called as tables are."""
    return len(content) == 1 and content.name.lower().endswith(_TABLES)


def _refuse_broken_json(content: Content) -> None:
    """Raise what is wrong with a single file that begins like JSON and ends before its value does."""
    if len(content) == 1 and content.head().lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}:
        try:
            load_json(content[content.name])
        except ParseError as error:
            if error.issues[0].code == "truncated":
                raise


def written_as(file: str, kind: str) -> str:
    """Return the name of the format for a file name: as it says in words, or by an ending that only one format has."""
    name = file.lower()
    if name.endswith(".ndjson"):
        return "native-lines"
    writers = [item for item in known_formats() if kind in item.writes]
    said = [item.name for item in writers if name.endswith(tuple(f".{item.name}{end}" for end in item.extensions))]
    fitting = said or [item.name for item in writers if name.endswith(item.extensions[0])]
    if len(fitting) == 1 or "native" in fitting:
        return fitting[0] if len(fitting) == 1 else "native"
    other = next((item for item in known_formats() if item.writes and name.endswith(item.extensions[:1])), None)
    if not fitting and other is not None:
        text = f"{file!r} is named like {other.title}, which holds a {' or '.join(other.writes)}, not a {kind}"
        raise UnknownFormatError(f"{text}; name another format (format=), or another file", path=file)
    offered = f"one of {', '.join(fitting)}" if fitting else "such as native, or end the name with .json"
    raise UnknownFormatError(f"{file!r} does not say its format; name it (format=), {offered}", path=file)
