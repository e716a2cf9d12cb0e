"""Attained levels: the one place where evidence becomes a level.

The parts: `capgraph.analysis.policy` holds the policy and the arithmetic, ``dossier`` reads a person's records,
``weighing`` weighs them, ``behaviors`` turns behaviors into a level, ``assessing`` puts them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.assessing import Assessor, Attainment
from capgraph.analysis.policy import EvidencePolicy
from capgraph.analysis.subjects import entry
from capgraph.model import Capability

if TYPE_CHECKING:
    import datetime as dt

    from capgraph.graph import CapabilityGraph

__all__ = ["Assessor", "Attainment", "EvidencePolicy", "attained", "attainments"]


def attained(
    graph: CapabilityGraph,
    person: str,
    capability: str,
    *,
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
) -> Attainment:
    """Return what a person has attained of a capability.

    Records count when they are dated on or before the day, not expired, not corrected and not excluded by the policy.
    Each weighs ``source_weight × confidence × 0.5 ** (age / half_life)``; the policy says how they are combined.
    The behaviors shown make one statement: level L, when at every level up to L that has behaviors at least ``share``
    of them are shown; the level below the lowest one that can no longer be reached, where none is.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    person : str
        The id of the person.
    capability : str
        The id of the capability.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.

    Returns
    -------
    Attainment
        The level, its confidence, and what each record weighed or why it was left out.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of another kind.
    ScaleMismatchError
        When a counting record states a level of another scale and the policy does not say how to read it.

    Notes
    -----
    Linear in the person's records, plus sorting those about the capability.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> graph = cg.CapabilityGraph(
    ...     cg.Framework(id="fw:mini", default_scale="scale:five", scales=[cg.ProficiencyScale(id="scale:five",
    ...         label="Five", levels=[cg.ProficiencyLevel(rank=r, label=str(r)) for r in range(1, 6)])],
    ...         capabilities=[cg.Capability(id="cap:sql", label="SQL")]),
    ...     cg.Workforce(id="wf:mini", people=[cg.Person(id="person:amina")], evidence=[
    ...         cg.Evidence(id=f"ev:{k}", person="person:amina", capability="cap:sql", kind=k, level=level, date=date)
    ...         for k, level, date in [("self", 4, "2025-03-01"), ("test", 3, "2025-02-01")]]))
    >>> found = attained(graph, "person:amina", "cap:sql", as_of=dt.date(2025, 6, 1))
    >>> found.level, round(found.confidence, 2), found.evidence
    (3, 0.71, ('ev:self', 'ev:test'))
    """
    entry(graph, capability, Capability)
    assessor = Assessor(graph, policy=policy, as_of=as_of)
    found = assessor.attained(assessor.dossier(person), graph.resolve(capability))
    assessor.refuse()
    return found


def attainments(
    graph: CapabilityGraph, person: str, *, policy: EvidencePolicy | None = None, as_of: dt.date | None = None
) -> dict[str, Attainment]:
    """Return what a person has attained of every capability that there is any record about, by capability id.

    Capabilities whose records were all left out are there too, as not assessed; so are those that the policy infers.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    person : str
        The id of the person.
    policy : EvidencePolicy or None
        Which evidence counts and what it weighs; None for the defaults.
    as_of : date or None
        The day asked about; None for today in UTC.

    Returns
    -------
    dict of str to Attainment
        In the order of the ids.

    Raises
    ------
    UnknownIdError
        When the id is unknown or not that of a person.
    ScaleMismatchError
        As `attained`; all records that cannot be read are listed.

    Notes
    -----
    Linear in the person's records, plus sorting those about each capability.

    Examples
    --------
    >>> import datetime as dt
    >>> import capgraph as cg
    >>> found = attainments(cg.sample().graph(), "person:adaeze", as_of=dt.date(2026, 3, 1))
    >>> found["cap:switching"].level, found["cap:switching"].evidence
    (4, ('ev:0187', 'ev:0202'))
    """
    assessor = Assessor(graph, policy=policy, as_of=as_of)
    dossier = assessor.dossier(person)
    found = {capability: assessor.attained(dossier, capability) for capability in assessor.touched(dossier)}
    assessor.refuse()
    return found
