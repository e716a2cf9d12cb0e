"""Ids that only machines read, and the labels that people know them by: in what is asked, and in what is printed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal, overload

from capgraph.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from capgraph.graph import CapabilityGraph

_MACHINE = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|https?://[^\s,;'\"()→]+(?<![.:!?])")
Kind = Literal["asset", "behavior", "capability", "challenge", "person", "role", "team"]
_NAMES = ("label", "title", "statement")


def label_of(graph: CapabilityGraph, id_: str) -> str:
    """Return what people call a node; nothing where the graph does not hold it, or it has no name."""
    if id_ not in graph:
        return ""
    return next(filter(None, (getattr(graph[id_], field, "") for field in _NAMES)), "")


def _code_of(graph: CapabilityGraph, id_: str) -> str:
    """Return the code that people know a node by; people and teams have none."""
    return getattr(graph[id_], "notation", "")


def shown(graph: CapabilityGraph, text: str) -> str:
    """Return a text with labels in place of the minted ids and addresses that the graph knows."""
    return named(text, names_in(graph, [text]))


def named(text: str, names: dict[str, str]) -> str:
    """Return a text with the names in place of the ids that have one."""
    return _MACHINE.sub(lambda found: names.get(found[0]) or found[0], text)


def names_in(graph: CapabilityGraph, texts: Iterable[str]) -> dict[str, str]:
    """Return the label of each minted id and address in some texts; where several have one, with the code or id."""
    found = dict.fromkeys(id_ for text in texts for id_ in _MACHINE.findall(text))
    labels = {id_: label for id_ in found if (label := label_of(graph, id_))}
    codes = {id_: (label, _code_of(graph, id_)) for id_, label in labels.items()}
    alike, same = Counter(labels.values()), Counter(codes.values())
    for id_, (label, code) in codes.items():
        if alike[label] > 1:
            labels[id_] = f"{label} [{code if code and same[label, code] == 1 else id_}]"
    return labels


@overload
def id_of(graph: CapabilityGraph, text: str, *kinds: Kind) -> str: ...
@overload
def id_of(graph: CapabilityGraph, text: None, *kinds: Kind) -> None: ...
def id_of(graph: CapabilityGraph, text: str | None, *kinds: Kind) -> str | None:
    """Return the id of the one node of some kinds with this id, its end after the prefix, its label or its code.

    Where there is none, the text itself is returned.

    Raises
    ------
    ArgumentError
        When several nodes have the label or the code.
    """
    if text is None or text in graph:
        return text
    from capgraph import model
    from capgraph.text import normalize

    classes: dict[str, type[model.Node]] = {
        "asset": model.LearningAsset,
        "behavior": model.Behavior,
        "capability": model.Capability,
        "challenge": model.Challenge,
        "person": model.Person,
        "role": model.RoleProfile,
        "team": model.Team,
    }
    prefixed = [id_ for id_ in (f"{kind}:{text}" for kind in kinds) if id_ in graph]
    wanted = normalize(text)
    nodes = [id_ for kind in kinds for id_ in graph.ids(classes[kind])]
    found = (
        prefixed
        or [id_ for id_ in nodes if normalize(label_of(graph, id_)) == wanted]
        or [id_ for id_ in nodes if normalize(_code_of(graph, id_)) == wanted]
    )
    if len(found) > 1:
        raise ArgumentError(f"{text!r} is the label of {', '.join(found)}; give one of these ids")
    return found[0] if found else text
