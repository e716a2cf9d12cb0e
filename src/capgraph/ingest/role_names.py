"""Which role of a framework a label means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.text import normalize

if TYPE_CHECKING:
    from capgraph.model import Framework


def role_names(framework: Framework | None) -> dict[tuple[str, str], str]:
    """Return the ids of roles by label, and by the label of the broader role and their own."""
    found: dict[tuple[str, str], str] = {}
    labels = {role.id: role.label for role in framework.roles} if framework else {}
    for role in framework.roles if framework else ():
        for label in (role.label, *role.alternative_labels):
            for broader in role.broader:
                found.setdefault((normalize(labels.get(broader, "")), normalize(label)), role.id)
            found.setdefault(("", normalize(label)), role.id)
            found.setdefault(("=", label), role.id)
    return found
