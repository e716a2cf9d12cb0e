"""What all course packages share: finding the manifest, the record of the asset, and the catalog around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.errors import Issue, ParseError
from capgraph.formats.identity import is_id, mint, slug
from capgraph.formats.markup import plain_text
from capgraph.formats.record import NO, Sniff
from capgraph.formats.xmltext import load_xml
from capgraph.model import Catalog, LearningAsset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

    from capgraph.formats.content import Content
    from capgraph.formats.conversion import Ledger

XML_SIZE = 10 << 20
"""The largest XML file of a package, in bytes."""
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "x-none", "@none"})
_TEMPLATE = re.compile(
    r".*template.*|(?:my|new|single|shared|default|test|scorm|ims|sco|content|course|e-?learning|[-_. ])*"
    r"(?:course|manifest|package|man|scorm|content|identifier|id)[-_. ]?\d{0,3}",
    re.IGNORECASE,
)
UNREAD = "metadata_unread"
"""Says in the extensions of an asset what is wrong with the file of metadata that its manifest names."""
UNTITLED = "untitled"
"""Says in the extensions of an asset that it is called as its package is, since no title is stated."""


def found(content: Content, name: str) -> str:
    """Return the path of the file with this name that is nearest to the root; empty where there is none."""
    paths = [path for path in content if path.replace("\\", "/").rsplit("/", 1)[-1].lower() == name]
    return min(paths, key=lambda path: (path.count("/"), path), default="")


def small_file(content: Content, path: str) -> bytes:
    """Return the bytes of a file that describes a package.

    Raises
    ------
    ParseError
        When it is too large for that.
    """
    with content.open(path) as stream:
        data = stream.read(XML_SIZE + 1)
    if len(data) > XML_SIZE:
        issue = Issue("too-large", f"{path!r} holds more than {XML_SIZE:,} bytes", (path,), path, "it is no manifest")
        raise ParseError([issue])
    return data


def xml_file(content: Content, path: str) -> Element:
    """Return the root of an XML file of a package.

    Raises
    ------
    ParseError
        When it is too large, or no XML that may be read.
    """
    return load_xml(small_file(content, path), path)


def blank(format_: str) -> dict[str, Any]:
    """Return the record of an asset before anything is known about it."""
    return {"alignments": [], "keywords": [], "extensions": {}, "kind": "course", "format": format_}


def describe(record: dict[str, Any], *, titles: Mapping[str, str], texts: Mapping[str, str]) -> None:
    """Set title, description and language from texts by language; the first language is the main one."""
    titles, texts = _stated(titles), _stated(texts)
    main = next(iter(titles), "")
    record["title"] = titles.get(main, "")
    record["description"] = plain_text(texts.get(main) or next(iter(texts.values()), ""))
    record["language"] = main or next(iter(texts), "")
    record["translations"] = [
        {"language": tag, "label": titles.get(tag), "description": plain_text(texts.get(tag, ""))}
        for tag in sorted({*titles, *texts} - {record["language"], ""})
    ]


def _stated(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts by language; a tag that says that the language is not known is none."""
    return {"" if tag.lower() in _NO_LANGUAGE else tag: text for tag, text in texts.items()}


def own_key(identifier: str, title: str) -> str:
    """Return what tells a package from others: its identifier, and its title where that is the one of a template.

    Authoring tools and templates put the same identifier into every package that they write.
    """
    return f"{identifier}/{title}" if title and _TEMPLATE.fullmatch(identifier) else identifier


def own_name(content: Content) -> str:
    """Return the name of a package, which stands for the identifier that it lacks."""
    return content.package or content.name


def asset(record: dict[str, Any], *, key: str, content: Content, place: str) -> LearningAsset:
    """Return the asset for a record.

    Its id is the publisher's where that is an IRI, else minted from the format and the publisher's identifier, or the
    name of the package.  Where no title is stated, it is called as the package is, which the extensions say.
    """
    format_, key = record.pop("format"), key or own_name(content)
    if not record.get("title"):
        record["title"] = own_name(content).rsplit("/", 1)[-1].rsplit(".", 1)[0]
        record["extensions"][UNTITLED] = True
    extensions = {name: value for name, value in record.pop("extensions").items() if value not in ("", None, [], {})}
    alignments = {(item["target"], item["relation"]): item for item in record.pop("alignments")}
    iri = ("://" in key or key.startswith("urn:")) and is_id(key)
    fields = {
        **{name: value for name, value in record.items() if value not in ("", None, [])},
        "id": key if iri else mint(f"urn:capgraph:{format_}", "asset", key),
        "notation": "" if iri else key,
        "other_ids": [{"scheme": format_, "value": key}],
        "provenance": [{"source": content.name, "locator": place}],
        "alignments": list(alignments.values()),
        "extensions": {format_: extensions} if extensions else {},
    }
    return LearningAsset.model_validate(fields)


def catalog(format_: str, assets: Iterable[LearningAsset], ledger: Ledger, name: str) -> Catalog:
    """Return the catalog of the assets of packages; of two with one id, the first is kept."""
    members: dict[str, LearningAsset] = {}
    for item in assets:
        if item.id in members:
            text = f"{item.id!r} is the id of two courses, {members[item.id].title!r} and {item.title!r}"
            hint = "the first one is kept; give the other package its own identifier"
            ledger.problems.append(Issue("duplicate-id", text, (item.id,), name, hint))
            continue
        members[item.id] = item
    stem = name.rsplit("/", 1)[-1].split(".", maxsplit=1)[0]
    return Catalog(id=f"catalog:{slug(stem or format_)}", title=stem, assets=tuple(members.values()))


def by_name(content: Content, kind: str, name: str) -> Sniff:
    """Return whether a file of this name gives a package away."""
    return Sniff(0.9, (f"holds {name}",)) if kind in {"", "catalog"} and found(content, name) else NO
