"""Course packages as drafts: SCORM, cmi5, Common Cartridge and Open edX, one asset each."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError, UnknownFormatError
from capgraph.formats import cartridge, cmi5, h5p, moodle_backup, olx, packages, scorm, tincan
from capgraph.formats.content import LIMITS, Content, unpacked
from capgraph.ingest.drafts import Draft
from capgraph.ingest.told import Told
from capgraph.model import Catalog

if TYPE_CHECKING:
    from capgraph.formats.content import Opener
    from capgraph.formats.record import Format
    from capgraph.ingest.part import Part
    from capgraph.model import LearningAsset

_DESCRIBING = (".xml", ".html", ".json")
FORMATS: tuple[Format, ...] = (
    *(cmi5.FORMAT, cartridge.FORMAT, scorm.FORMAT),
    *(tincan.FORMAT, h5p.FORMAT, moodle_backup.FORMAT, olx.FORMAT),
)
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
        content = Content(_entries(stream, part.name), package=part.name)
        best = max(FORMATS, key=lambda item: item.sniff(content, "catalog").score)
        if not best.sniff(content, "catalog").score:
            kinds = ", ".join(item.title for item in FORMATS)
            told = f"the archive is none of the course packages that are known: {kinds}; unpack it and import its files"
            raise UnknownFormatError(told, path=part.name)
        try:
            found, _ = best.parse(content)
        except ParseError as error:
            raise ParseError(error.issues, path=part.name, format=best.name) from None
    return [
        (best.name, _draft(item, part, catalog, best.name))
        for item in (found.assets if isinstance(found, Catalog) else ())
    ]


def _draft(asset: LearningAsset, part: Part, catalog: str, system: str) -> Draft:
    """Return the draft of the asset of a package, with what a person should know about it."""
    place = asset.provenance[0].locator
    provenance = ({"source": part.name, "locator": place},)
    data = {name: getattr(asset, name) for name in asset.model_fields_set} | {"provenance": provenance}
    draft = Draft(asset.other_ids[0].value, catalog, part.name, place, data, skills=asset.keywords)
    kept = asset.extensions.get(system, {})
    if kept.get(packages.UNTITLED):
        hint = "no title is stated, so it is called as its file is"
        draft.remarks.append(Told(part.name, place, "remark", "", "title", None, asset.title, "untitled", hint))
    if kept.get(packages.UNREAD):
        hint = kept[packages.UNREAD]
        draft.remarks.append(Told(part.name, place, "remark", "", "", None, None, "metadata-unread", hint))
    return draft


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
                if entry.isfile() and entry.size <= packages.XML_SIZE and entry.name.endswith(_DESCRIBING):
                    opened = archive.extractfile(entry)
                    found[entry.name] = opened.read() if opened is not None else b""
    except (tarfile.TarError, EOFError, OSError) as error:
        issue = Issue("damaged-archive", f"the archive cannot be read: {error}", hint="fetch it again")
        raise ParseError([issue], path=name) from None
    return found
