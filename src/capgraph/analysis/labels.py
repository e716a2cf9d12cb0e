"""What texts are matched with: the entries of a framework, each with all its labels in all its languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from capgraph.model import Behavior, Capability, Framework

_QUALIFIER = re.compile(r"\s*\([^()]*\)")


class Label(NamedTuple):
    """One name of an entry."""

    text: str
    """The name."""
    kind: str
    """``preferred``, ``alternative``, ``hidden``, ``accepted`` or ``unqualified``."""
    language: str
    """Its language, as a BCP 47 tag."""


class Entry(NamedTuple):
    """One thing that texts are matched with."""

    id: str
    """Its id."""
    label: str
    """Its preferred label."""
    others: tuple[Label, ...]
    """Other labels, the more telling kinds first."""
    description: str
    """Its description."""
    broader: tuple[str, ...]
    """What it is a part or a kind of."""
    source: Capability | Behavior
    """The entry itself."""


def entries_of(framework: Framework, *, of: str = "capabilities", taught: Mapping[str, Sequence[str]]) -> list[Entry]:
    """Return what texts are matched with: capabilities or behaviors in use, in the order of their ids.

    Domains are left out where the framework holds anything else, since they only group.  `taught` are further labels
    by id: those that people have accepted.
    """
    if of == "behaviors":
        return [_behavior_entry(one) for one in framework.behaviors if one.status != "deprecated"]
    kept = [one for one in framework.capabilities if one.status != "deprecated"]
    narrow = [one for one in kept if one.kind != "domain"]
    return [_capability_entry(one, framework.language, taught.get(one.id, ())) for one in narrow or kept]


def _behavior_entry(behavior: Behavior) -> Entry:
    """Return the entry of a behavior; its statement is its label."""
    others = tuple(Label(text.label, "preferred", text.language) for text in behavior.translations if text.label)
    return Entry(behavior.id, behavior.statement, others, "", (behavior.capability,), behavior)


def _capability_entry(capability: Capability, language: str, accepted: Sequence[str]) -> Entry:
    """Return the entry of a capability with all its labels, the more telling kinds first."""
    others = [Label(label, "accepted", language) for label in accepted]
    others += _unqualified(capability.label, language)
    for text in capability.translations:
        if text.label and text.language != language:
            others += [Label(text.label, "preferred", text.language), *_unqualified(text.label, text.language)]
        others += [Label(label, "alternative", text.language) for label in text.alternative_labels]
    others += [Label(label, "alternative", language) for label in capability.alternative_labels]
    others += [Label(label, "hidden", language) for label in capability.hidden_labels]
    return Entry(capability.id, capability.label, tuple(others), capability.description, capability.broader, capability)


def _unqualified(label: str, language: str) -> list[Label]:
    """Return a label without what stands in brackets, where anything does."""
    plain = _QUALIFIER.sub("", label).strip() if "(" in label else ""
    return [Label(plain, "unqualified", language)] if plain and plain != label else []
