"""learning_path: which assets, in which order, under which limits; exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.analysis.arguments import require_graph, require_seconds
from capgraph.analysis.plan_blame import smallest_relief
from capgraph.analysis.plan_goal import Item, PlanGoal, Reader, Unassessed
from capgraph.analysis.plan_report import LearningPath, told
from capgraph.analysis.plan_request import Objective, Request, known_assets
from capgraph.analysis.plan_variants import Origin
from capgraph.analysis.planner import Planner
from capgraph.analysis.saved_plan import SavedPlan
from capgraph.analysis.typed import typed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from capgraph.analysis.policy import EvidencePolicy
    from capgraph.analysis.teaching import AlignmentChoice
    from capgraph.graph import CapabilityGraph
    from capgraph.model import Money

__all__ = ["LearningPath", "learning_path"]


@typed
def learning_path(
    graph: CapabilityGraph,
    goal: PlanGoal,
    role: str | None = None,
    *,
    person: str | None = None,
    max_hours: float | None = None,
    max_cost: Money | Decimal | float | None = None,
    currency: str | None = None,
    languages: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    include: Iterable[str] = (),
    start: dt.date | None = None,
    deadline: dt.date | None = None,
    hours_per_week: float | None = None,
    objective: Objective = "hours",
    assume_hours: float | None = None,
    assume_cost: float | None = None,
    alignments: AlignmentChoice = "accepted",
    min_confidence: float = 0.0,
    unassessed: Unassessed = "open",
    policy: EvidencePolicy | None = None,
    as_of: dt.date | None = None,
    held: Iterable[Item] = (),
    keep: LearningPath | SavedPlan | Iterable[str] | None = None,
    mix: Mapping[str, float] | None = None,
    time_limit: float = 30.0,
) -> LearningPath:
    """Return the least burdensome plan that reaches a goal, or the most of it that the limits allow.

    A plan is a set of assets and an order in which

    1. every missing step of every wanted capability is taught, level by level: an asset from level 2 to 3 yields
       something only to somebody who holds level 2, or was taught it before;
    2. each asset's prerequisites hold before it starts (and what its *requires* alignments name), and its corequisites
       have started no later;
    3. the limits hold.

    Of all plans that reach everything, the one with the least objective is returned; of equal ones the one with fewer
    assets, then the one with the least sum of places in the order of all asset ids.  Where the limits do not let
    everything be reached, the plan reaches the most: first of gates (mandatory requirements), then of all other goals,
    weighted by importance; each missing step of a goal counts the same share of its importance.

    Parameters
    ----------
    graph : CapabilityGraph
        The graph.
    goal : GapReport, str or iterable
        A gap; a person (with `role`, or for the roles held); or what to reach: an asset, a capability, or several of
        them, each an id or a pair of a capability and a level.
    role : str or None
        The role to be ready for, where the goal is a person.
    person : str or None
        Whose evidence says what is held, where the goal is a list; None for somebody who holds nothing.
    max_hours : float or None
        Hours of learning, >= 0; None for no limit.
    max_cost : Money, Decimal, float or None
        Money, >= 0; None for no limit.
    currency : str or None
        The currency of the limit and of the objective, where assets are priced in several; others are left out then.
    languages : iterable of str or None
        Language tags of which one must fit (``en`` fits ``en-GB``); an asset without one has that of its catalog.
    kinds : iterable of str or None
        Kinds of asset to use.
    exclude, include : iterable of str
        Assets that may not, and that must be in the plan.
    start : date or None
        The first day of learning; None for `as_of`.
    deadline : date or None
        The last day of learning; needs `hours_per_week`.
    hours_per_week : float or None
        Hours of learning a week, > 0; with it, rows have days instead of hours.
    objective : str or mapping
        ``hours``, ``cost``, or a blend: what an hour and what a unit of money count, as ``{"hours": 50, "cost": 1}``.
    assume_hours, assume_cost : float or None
        What an asset that states no duration, or no price, is taken to need.  None never guesses: such an asset is used
        only where nothing else leads to the goal, it adds nothing to the sum, and where a limit is set on the figure it
        is left out, since nobody could say that the limit holds.
    alignments : str
        ``accepted``, or ``proposed`` to let proposed alignments in too; rows that rest on one are marked.
    min_confidence : float
        The least confidence of a proposed alignment, 0 to 1.
    unassessed : str
        ``open`` leaves requirements without evidence open (assess first); ``teach`` plans for them from the beginning.
    policy : EvidencePolicy or None
        Which evidence counts.  A gap brings its own.
    as_of : date or None
        The day on which the plan is made; None for today in UTC.  A gap brings its own.
    held : iterable
        What the learner holds besides what evidence says: assets, capabilities, or pairs of a capability and a level.
        An asset that no catalog holds may be named where some document refers to it.
    keep : LearningPath, SavedPlan, iterable of str or None
        An earlier plan, or ids of assets, to stay close to: of the plans that reach as much, the one with the fewest
        assets dropped or added is returned, then the one with the least objective.  Assets of an earlier plan that are
        gone since are dropped.
    mix : mapping or None
        What shares of ``practice``, ``social`` and ``formal`` learning are wanted, such as 70, 20 and 10; the answer
        says how far the plan is from it.
    time_limit : float
        Seconds for the solver, > 0.

    Returns
    -------
    LearningPath
        One row an asset, in order; `optimal`, `bound`, what stays `open` and why.

    Raises
    ------
    UnknownIdError
        When an id is unknown or of a kind that does not fit.
    InfeasiblePlanError
        When what must be included cannot hold together with the limits.
    ScaleMismatchError
        When a level is not on the scale of its capability.
    ValueError
        When an argument is out of its range.

    Notes
    -----
    The problem is shrunk to the assets that can help and can be reached (linear in their conditions and alignments),
    then solved as a cover by branch and bound where no conditions are left, else by integer programming (HiGHS):
    NP-hard, milliseconds for a role and a catalog of hundreds of assets.
    Prerequisites in a circle are never followed: a solution without an order gets a row that excludes it.  When the
    time is up, the best valid plan found is returned with the bound proven so far; whether a plan is the same on the
    next run is promised only where `optimal`.  Covers are reckoned in whole numbers; integer
    programming in floating point, where a proof holds to about 1e-9 of the sum: figures of 1e9 hide those of 1e-3.

    Completed assets are not taken again.  Deprecated assets are not used.

    References
    ----------
    Huangfu and Hall, "Parallelizing the dual revised simplex method", 2018 (HiGHS).  Lin and Zhao, "ASSAT: computing
    answer sets of a logic program by SAT solvers", 2004 (loop formulas, of which the order rows are a form).

    Examples
    --------
    >>> import capgraph as cg
    >>> graph = cg.CapabilityGraph(
    ...     cg.Framework(id="fw:mini", default_scale="scale:three", scales=[cg.ProficiencyScale(id="scale:three",
    ...         label="Three", levels=[cg.ProficiencyLevel(rank=r, label=str(r)) for r in (1, 2, 3)])],
    ...         capabilities=[cg.Capability(id="cap:sql", label="SQL")]),
    ...     cg.Catalog(id="cat:mini", assets=[
    ...         cg.LearningAsset(id="asset:basics", title="SQL basics", duration=240,
    ...             alignments=[cg.Alignment(target="cap:sql", level_to=2)]),
    ...         cg.LearningAsset(id="asset:tuning", title="Tuning", duration=120, prerequisites="asset:basics",
    ...             alignments=[cg.Alignment(target="cap:sql", level_from=2, level_to=3)])]))
    >>> plan = learning_path(graph, [("cap:sql", 3)])
    >>> [(row.step, row.asset, row.end) for row in plan], plan.optimal
    ([(1, 'asset:basics', 4.0), (2, 'asset:tuning', 6.0)], True)
    >>> learning_path(graph, [("cap:sql", 3)], max_hours=5).relax
    ('max_hours',)
    """
    require_graph(graph)
    require_seconds(time_limit)
    request = Request(
        max_hours=max_hours,
        max_cost=max_cost,
        currency=currency,
        languages=languages,
        kinds=kinds,
        exclude=exclude,
        include=include,
        start=start,
        deadline=deadline,
        hours_per_week=hours_per_week,
        objective=objective,
        assume_hours=assume_hours,
        assume_cost=assume_cost,
        keep=_earlier(graph, keep),
    )
    reader = Reader(graph, policy=policy, as_of=as_of, unassessed=unassessed)
    brief = reader.brief(goal, role, person, held)
    planner = Planner(graph, brief, request.weights(), alignments=alignments, min_confidence=min_confidence)
    limits = request.limits(graph, brief.as_of)
    solved = planner.solved(limits, seconds=time_limit)
    relax = smallest_relief(planner, limits, solved, seconds=time_limit)
    return told(Origin(planner, limits, solved), request.calendar(brief.as_of), relax, mix)


def _earlier(graph: CapabilityGraph, keep: LearningPath | SavedPlan | Iterable[str] | None) -> Iterable[str] | None:
    """Return the assets of an earlier plan, which may be gone since; refuse listed ones that nobody knows."""
    if isinstance(keep, LearningPath):
        return [row.asset for row in keep]
    return keep.assets if isinstance(keep, SavedPlan) else known_assets(graph, "keep", keep)
