"""What is told about a record: one row of a plan, before the plan exists."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """What happened to a record, or to one field of it."""

    source: str
    """The file."""
    locator: str
    """The place in it."""
    action: str
    """The word for what happened; see `capgraph.ingest.actions.ACTIONS`."""
    asset: str = ""
    """The id of what it is about."""
    field: str = ""
    """The field, where it is about one."""
    before: object = None
    """What was there."""
    after: object = None
    """What is there now, or what the source says."""
    reason: str = ""
    """Why, as a stable code."""
    hint: str = ""
    """What to do about it."""
