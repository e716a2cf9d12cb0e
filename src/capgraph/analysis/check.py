"""check: what is wrong, doubtful or missing in documents that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from capgraph.analysis.arguments import require_graph
from capgraph.analysis.findings import SEVERITIES, CheckRow
from capgraph.analysis.rules import RULES, Rule
from capgraph.analysis.typed import typed
from capgraph.report import Report, ReportRow

if TYPE_CHECKING:
    from capgraph.graph import CapabilityGraph


@dataclass(frozen=True, kw_only=True, repr=False)
class CheckReport(Report[CheckRow]):
    """The findings, by severity, rule, id and message."""

    name: ClassVar[str] = "check"
    row_type: ClassVar[type[ReportRow]] = CheckRow

    errors: int = 0
    """How many findings are errors."""
    warnings: int = 0
    """How many are warnings."""


@typed
def check(graph: CapabilityGraph, *, rules: tuple[Rule, ...] | None = None) -> CheckReport:
    """Return what is wrong, doubtful or missing in the documents of a graph.

    What a document refuses by itself (duplicate ids, cycles in ``broader``, levels off its own scale) cannot occur
    here; these rules look at what documents say together.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    rules : tuple of callables, optional
        Functions of the graph that yield `CheckRow`; all of `RULES` by default.

    Returns
    -------
    CheckReport
        The findings: errors first, then by rule, id and message.

    Notes
    -----
    Each rule is linear in the entries and links it looks at.

    Examples
    --------
    >>> import capgraph as cg
    >>> graph = cg.CapabilityGraph(cg.Framework(id="fw:mini", roles=[cg.RoleProfile(id="role:x", label="X")]))
    >>> [row.rule for row in cg.check(graph)]
    ['role-without-requirements']
    """
    require_graph(graph)
    found = [row for rule in (RULES if rules is None else rules) for row in rule(graph)]
    ordered = sorted(found, key=lambda row: (SEVERITIES.index(row.severity), row.rule, row.id, row.message))
    return CheckReport(
        records=tuple(ordered),
        errors=sum(row.severity == "error" for row in ordered),
        warnings=sum(row.severity == "warning" for row in ordered),
        notes=() if ordered else ("Nothing found.",),
    )
