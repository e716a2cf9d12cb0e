"""XML as strangers write it: read without document type, entities and network, and searched without namespaces."""

from __future__ import annotations

import codecs
import html.entities
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError as XmlError

from capgraph.errors import Issue, ParseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_BLANKS = b" \t\r\n"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNTOUCHED = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", re.DOTALL)
_ENTITY = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)(?:(\w{2,32});)?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_QUOTED = re.compile(r"""=\s*("[^"]*"|'[^']*')""")
_ROOT = re.compile(r"<(?![?!])[^\s/>]+")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]")
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

    try:
        return _parsed(data)
    except DefusedXmlException as error:
        told = {"DTDForbidden": "a document type"}.get(type(error).__name__, "entities")
        issue = Issue(
            "hostile-xml", f"it declares {told}, which is refused", where=place, hint="remove the declaration"
        )
    except (XmlError, ValueError, LookupError) as error:
        issue = Issue("bad-xml", f"the text is not XML: {error}", where=place, hint="correct it there")
    raise ParseError([issue])


def _parsed(data: bytes) -> Element:
    """Return the root of an XML text, of one that is slightly broken after it is mended."""
    from defusedxml.ElementTree import fromstring

    text = _honest(data.lstrip(_BLANKS))
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except (XmlError, ValueError, LookupError) as error:
        mended = _mended(text if isinstance(text, str) else _decoded(text))
        try:
            root = fromstring(mended, forbid_dtd=True)
        except (XmlError, ValueError, LookupError):
            raise error from None  # its place is that in the file
    return root


def _decoded(data: bytes) -> str:
    """Return XML as text, by its byte-order mark, by what it declares, or as UTF-8."""
    stated = re.match(rb"""<\?xml[^>]*encoding=["']([\w.-]+)""", data)
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), stated[1].decode() if stated else "utf-8")
    wide = b"\x00" in data[:4] or data[:2] in {mark for mark, _ in _MARKS}
    return data.decode("utf-8-sig" if codec.lower().startswith("utf-16") and not wide else codec)


def _mended(text: str) -> str:
    """Return XML without what writers get wrong: bare ampersands, entities of HTML, control characters, prefixes."""
    body = _DECLARATION.sub("", text)
    pieces = _UNTOUCHED.split(_CONTROLS.sub("", body))
    pieces[::2] = [_ENTITY.sub(_replaced, piece) for piece in pieces[::2]]
    used = {
        prefix for piece in pieces[::2] for prefix in _PREFIX.findall(re.sub(r"""=\s*("[^"]*"|'[^']*')""", "", piece))
    }
    mended = "".join(pieces)
    lost = sorted(prefix for prefix in used - {"xml", "xmlns"} if f"xmlns:{prefix}" not in mended)
    declared = "".join(f' xmlns:{prefix}="urn:undeclared:{prefix}"' for prefix in lost)
    return _ROOT.sub(lambda found: found[0] + declared, mended, count=1)


def _replaced(found: re.Match[str]) -> str:
    """Return what a reference to an entity of HTML stands for; another ampersand is itself."""
    sign = html.entities.html5.get(f"{found[1]};") if found[1] else None
    return sign if sign and sign not in "<>&" else f"&amp;{found[0][1:]}"


def _honest(data: bytes) -> bytes | str:
    """Return XML in the encoding that it is really in."""
    head = data[:200].lower()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        return data
    if b"encoding" in head and b"utf-8" not in head and not (b"utf-16" in head or data.startswith(codecs.BOM_UTF8)):
        return data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _DECLARATION.sub("", data.decode("cp1252", errors="replace"))
    return data if b"utf-16" not in head and not data.startswith(codecs.BOM_UTF8) else _DECLARATION.sub("", text)


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
