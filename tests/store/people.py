"""A small workforce, and records about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from capgraph.model import Evidence, Workforce


def workforce(**changes: Any) -> Workforce:
    """Return a workforce of three people with some fields changed."""
    fields: dict[str, Any] = {
        "id": "wf:all",
        "prefixes": {"p": "https://example.org/p/"},
        "teams": [{"id": "team:a", "label": "A", "lead": "p:ada"}, {"id": "team:b", "label": "B"}],
        "people": [
            {"id": "p:ada", "label": "Ada Example", "roles": ["role:analyst"], "teams": ["team:a", "team:b"]},
            {"id": "p:bo", "roles": ["role:analyst", "role:lead"], "manager": "p:ada", "since": "2020-02-01"},
            {"id": "p:cy"},
        ],
        "evidence": [record(1, person="p:ada"), record(2, person="p:bo")],
    }
    return Workforce(**{**fields, **changes})


def record(number: int, **changes: Any) -> Evidence:
    """Return a record of evidence with some fields changed."""
    fields: dict[str, Any] = {
        "id": f"ev:{number}",
        "person": "p:bo",
        "capability": "cap:sql",
        "kind": "test",
        "level": 2,
        "date": dt.date(2026, 1, 1) + dt.timedelta(days=number),
    }
    return Evidence(**{**fields, **changes})
