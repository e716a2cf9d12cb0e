"""Course packages as drafts: SCORM, cmi5, Common Cartridge and Open edX, one asset each."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError, UnknownFormatError
from capgraph.formats import cartridge, cmi5, olx, scorm
from capgraph.formats.content import LIMITS, Content, unpacked
from capgraph.ingest.drafts import Draft
from capgraph.model import Catalog

if TYPE_CHECKING:
    from capgraph.formats.content import Opener
    from capgraph.formats.record import Format
    from capgraph.ingest.parts import Part

FORMATS: tuple[Format, ...] = (cmi5.FORMAT, cartridge.FORMAT, scorm.FORMAT, olx.FORMAT)
"""The formats of packages, the surest first."""


def package_drafts(part: Part, catalog: str) -> list[tuple[str, Draft]]:
    """Return the source system and the draft of every course in a package.

    Raises
    ------
    ParseError
        When the package is broken or hostile.
    UnknownFormatError
        When it is none of the known packages.
    """
    with part.open() as stream:
        content = Content(_entries(stream, part.name))
        best = max(FORMATS, key=lambda item: item.sniff(content, "catalog").score)
        if not best.sniff(content, "catalog").score:
            raise UnknownFormatError("the archive is no course package that is known; name its files", path=part.name)
        found, _ = best.parse(content)
    drafts = []
    for asset in found.assets if isinstance(found, Catalog) else ():
        place = asset.provenance[0].locator
        data = {name: getattr(asset, name) for name in asset.model_fields_set} | {
            "provenance": ({"source": part.name, "locator": place},)
        }
        key = asset.other_ids[0].value
        drafts.append((best.name, Draft(key, catalog, part.name, place, data, skills=asset.keywords)))
    return drafts


def _entries(stream: object, name: str) -> dict[str, Opener | bytes]:
    """Return the files of a package: of a zip, a tar, or of the single file that it is."""
    assert isinstance(stream, io.IOBase)  # noqa: S101 - tells the type checkers what a part opens
    head = stream.read(4)
    stream.seek(0)
    if head.startswith(b"PK"):
        return dict(unpacked(stream))  # type: ignore[arg-type]
    if head.startswith(b"\x1f\x8b"):
        return _tar(stream, name)
    return {name: stream.read(LIMITS.size)}


def _tar(stream: io.IOBase, name: str) -> dict[str, Opener | bytes]:
    """Return the text files of a compressed tar, within the limits; nothing is written to disk."""
    found: dict[str, Opener | bytes] = {}
    size = 0
    try:
        with tarfile.open(fileobj=stream, mode="r|gz") as archive:
            for entry in archive:
                size += entry.size
                if size > LIMITS.size or len(found) > LIMITS.count:
                    issue = Issue("too-large", "the archive unpacks to more than the limits", hint="unpack it yourself")
                    raise ParseError([issue], path=name)
                if entry.isfile() and entry.name.endswith((".xml", ".html")):
                    opened = archive.extractfile(entry)
                    found[entry.name] = opened.read() if opened is not None else b""
    except (tarfile.TarError, EOFError, OSError) as error:
        issue = Issue("damaged-archive", f"the archive cannot be read: {error}", hint="fetch it again")
        raise ParseError([issue], path=name) from None
    return found
