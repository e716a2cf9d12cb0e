"""Interchange formats: bytes to documents and back; nothing here touches the file system.

A format is a frozen `Format` value.  The ones that come with the library are listed in `BUILT_IN`; other distributions
add theirs by the entry point group ``capgraph.formats``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from capgraph.errors import CapgraphError, UnknownFormatError
from capgraph.text import closest

if TYPE_CHECKING:
    from capgraph.formats.record import Format

BUILT_IN = (
    ("native", "capgraph.formats.native:FORMAT"),
    ("native-lines", "capgraph.formats.native:LINES"),
    ("tidy", "capgraph.formats.tidy:FORMAT"),
    ("tidy-xlsx", "capgraph.formats.tidy:WORKBOOK"),
    ("case", "capgraph.formats.case:FORMAT"),
    ("sssom", "capgraph.formats.sssom:FORMAT"),
    ("esco-crosswalk", "capgraph.formats.esco_crosswalk:FORMAT"),
    ("nice", "capgraph.formats.nice:FORMAT"),
    ("moodle", "capgraph.formats.moodle:FORMAT"),
    ("canvas", "capgraph.formats.canvas:FORMAT"),
    ("openedx", "capgraph.formats.openedx:FORMAT"),
    ("openedx-json", "capgraph.formats.openedx:JSON"),
    ("esco", "capgraph.formats.esco:FORMAT"),
    ("lightcast", "capgraph.formats.lightcast:FORMAT"),
    ("osmt", "capgraph.formats.osmt:FORMAT"),
    ("sfia", "capgraph.formats.sfia:FORMAT"),
    ("framework-table", "capgraph.formats.framework_table:FORMAT"),
    ("skos", "capgraph.formats.skos:FORMAT"),
    ("skos-jsonld", "capgraph.formats.skos:JSONLD"),
    ("ctdl-asn", "capgraph.formats.ctdl:FORMAT"),
    ("open-badges", "capgraph.formats.openbadges:FORMAT"),
    ("schema-org", "capgraph.formats.schema_org:FORMAT"),
    ("onet", "capgraph.formats.onet:FORMAT"),
    ("ddat", "capgraph.formats.ddat:FORMAT"),
    ("ucsd", "capgraph.formats.ucsd:FORMAT"),
    ("cmi5", "capgraph.formats.cmi5:FORMAT"),
    ("common-cartridge", "capgraph.formats.cartridge:FORMAT"),
    ("scorm", "capgraph.formats.scorm:FORMAT"),
    ("olx", "capgraph.formats.olx:FORMAT"),
    ("tincan", "capgraph.formats.tincan:FORMAT"),
    ("h5p", "capgraph.formats.h5p:FORMAT"),
    ("moodle-backup", "capgraph.formats.moodle_backup:FORMAT"),
    ("course-table", "capgraph.formats.course_table:FORMAT"),
    ("people-table", "capgraph.formats.people_table:FORMAT"),
    ("graphml", "capgraph.formats.graph_exports:GRAPHML"),
    ("gexf", "capgraph.formats.graph_exports:GEXF"),
    ("cytoscape", "capgraph.formats.graph_exports:CYTOSCAPE"),
    ("dot", "capgraph.formats.graph_exports:DOT"),
    ("mermaid", "capgraph.formats.graph_exports:MERMAID"),
    ("edges", "capgraph.formats.graph_exports:EDGES"),
)
"""The formats of the library: their names, and where each is found."""

GROUP = "capgraph.formats"
"""The entry point group of formats in other distributions."""


@cache
def known_formats() -> tuple[Format, ...]:
    """Return the known formats: the library's own in their order, then those of other distributions by name.

    A format of another distribution replaces one of the library that has the same name.

    Raises
    ------
    CapgraphError
        When another distribution's entry point leads to something that is no format.
    """
    found = {name: _loaded(path) for name, path in BUILT_IN}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        found[point.name] = _checked(point.load(), f"entry point {point.value!r}")
    return tuple(found.values())


def format_named(name: str) -> Format:
    """Return the format with this name.

    Raises
    ------
    UnknownFormatError
        When there is none; the message suggests the nearest.
    """
    own = dict(BUILT_IN)
    if name in own and not any(point.name == name for point in entry_points(group=GROUP)):
        return _loaded(own[name])
    by_name = {item.name: item for item in known_formats()}
    if name not in by_name:
        near = closest(name, by_name)
        hint = f"did you mean {near!r}?" if near else f"the formats are {', '.join(by_name)}"
        raise UnknownFormatError(f"{name!r} is no known format; {hint}", format=name)
    return by_name[name]


def _loaded(path: str) -> Format:
    """Return the format at a dotted path."""
    module, _, name = path.partition(":")
    return _checked(getattr(import_module(module), name), path)


def _checked(value: object, where: str) -> Format:
    """Return a format, or say that something else was found."""
    from capgraph.formats.record import Format

    if not isinstance(value, Format):
        raise CapgraphError(f"{where} leads to {type(value).__name__}, not to a Format; correct it in its distribution")
    return value
