"""XML as strangers write it: read without document type, entities and network, and searched without namespaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError as XmlError

from capgraph.errors import Issue, ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def load_xml(data: bytes, place: str = "") -> Element:
    """Return the root of an XML text; Windows-1252 that calls itself UTF-8 is read as what it is.

    Raises
    ------
    ParseError
        When it is no XML, or declares a document type or entities.
    """
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(_honest(data), forbid_dtd=True)
    except DefusedXmlException as error:
        told = {"DTDForbidden": "a document type"}.get(type(error).__name__, "entities")
        issue = Issue(
            "hostile-xml", f"it declares {told}, which is refused", where=place, hint="remove the declaration"
        )
    except (XmlError, ValueError, LookupError) as error:
        issue = Issue("bad-xml", f"the text is not XML: {error}", where=place, hint="correct it there")
    else:
        return root
    raise ParseError([issue])


def _honest(data: bytes) -> bytes | str:
    """Return XML in the encoding that it is really in."""
    head = data[:200].lower()
    if (b"encoding" in head and b"utf-8" not in head) or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _DECLARATION.sub("", data.decode("cp1252", errors="replace"))
    return data


def local(element: Element) -> str:
    """Return the name of an element without its namespace, in lower case."""
    return element.tag.rsplit("}", 1)[-1].lower()


def namespace(element: Element) -> str:
    """Return the namespace of an element."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def children(element: Element | None, name: str) -> list[Element]:
    """Return the children with a name, whatever its namespace and case."""
    return [child for child in element if local(child) == name] if element is not None else []


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first element on a path of names, or None."""
    for name in path:
        element = next(iter(children(element, name)), None)
    return element


def descendants(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the elements with a name anywhere below."""
    for found in element.iter() if element is not None else ():
        if local(found) == name:
            yield found


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute, whatever its namespace and case; empty where it is missing."""
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1].lower() == name), "")


def text_of(element: Element | None) -> str:
    """Return the text inside an element with single spaces; empty for None."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def texts_of(element: Element | None) -> dict[str, str]:
    """Return the texts of an element by language (empty where none is stated), the first of each.

    They are ``langstring`` or ``string`` elements, or the text itself.
    """
    if element is None:
        return {}
    found: dict[str, str] = {}
    for item in [*children(element, "langstring"), *children(element, "string")] or [element]:
        stated = attribute(item, "lang") or attribute(item, "language") or item.get(_LANGUAGE, "")
        language = stated if _TAG.fullmatch(stated) and not stated.lower().startswith("x-") else ""
        if text_of(item):
            found.setdefault(language, text_of(item))
    return found
