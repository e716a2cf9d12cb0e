"""Which kind of file this is, and which known vendor wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.formats.headers import spelled
from capgraph.ingest.profile import generic, presets

if TYPE_CHECKING:
    from capgraph.ingest.profile import Profile
    from capgraph.ingest.tables import Table

_ABOUT = {"generic": "courses", "people": "people"}


def known_names(kind: str = "generic") -> frozenset[str]:
    """Return every name that a column is known to have."""
    profiles = (generic(kind), *(profile for profile in presets() if profile.about == _ABOUT[kind]))
    return frozenset(spelled(name) for profile in profiles for names in profile.columns.values() for name in names)


def choose(table: Table, kind: str = "generic") -> Profile:
    """Return the preset with the most columns that all occur in the table; else the one for any table."""
    names = {spelled(name) for name in table.names}
    heads = {spelled(name.split(".", 1)[0]) for name in table.names}
    fitting = [
        profile
        for profile in presets()
        if profile.about == _ABOUT[kind]
        and all(spelled(name) in names or spelled(name) in heads for name in profile.match)
    ]
    return max(fitting, key=lambda profile: len(profile.match), default=generic(kind))
