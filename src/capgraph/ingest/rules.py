"""How the cells of a column are read: by the profile, by what its name says, by what its cells show."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from capgraph.formats.cells import plain
from capgraph.formats.values import day_order
from capgraph.ingest.fields import LISTS
from capgraph.ingest.units import currency_of, implied_unit, unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capgraph.ingest.profile import FieldRule, Profile

TIMED = frozenset({"duration", "facilitator_minutes", "maintenance_minutes"})
"""Fields that are durations."""
_PRICED = frozenset({"cost", "session_cost", "annual_cost"})
_DATED = frozenset({"modified", "published", "revision", "date", "expires", "since"})
_LEAD = re.compile(r"([^\W\d_][^:\n]{2,40}:)\s+\S")
_MOST = 0.8
_LEAST = 3


def rule_of(name: str, column: str, profile: Profile, usual: Profile, cells: Sequence[object]) -> FieldRule:
    """Return how the cells of a column are read, as one of a field."""
    rule = profile.rule(name)
    if not rule.values:
        rule = replace(rule, values=usual.rule(name).values)
    if name in TIMED and not rule.unit:
        rule = replace(rule, unit=unit_of(column) or implied_unit(cells))
    if name in _PRICED and not rule.currency:
        rule = replace(rule, currency=currency_of(column))
    if name in _DATED and not rule.first:
        rule = replace(rule, first=day_order(map(plain, cells)) or "")
    if name in LISTS and not rule.lead:
        rule = replace(rule, lead=_lead(cells))
    return rule


def _lead(cells: Sequence[object]) -> str:
    """Return the words, with a colon behind them, with which most cells of a list begin: they only say what it is."""
    texts = [text for cell in cells if not isinstance(cell, list) and (text := plain(cell))]
    found = [match[1] for text in texts if (match := _LEAD.match(text))]
    usual = max(set(found), key=found.count, default="")
    return usual if len(texts) >= _LEAST and found.count(usual) >= _MOST * len(texts) else ""
