"""Import of people and teams: lists, org charts, team trees; what does not fit is told and the rest is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.ingest.chart import Chart
from capgraph.ingest.chosen import chosen_profile
from capgraph.ingest.collecting import uncollected
from capgraph.ingest.person_tables import PeopleReading, stored_workforce

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from capgraph.ingest.parts import Source
    from capgraph.ingest.plan import ImportPlan
    from capgraph.ingest.profile import Profile
    from capgraph.model import Framework, Workforce


@uncollected()
def import_people(
    source: Source,
    *,
    into: Any = None,  # noqa: ANN401 - a Store, whose module loads SQLAlchemy
    profile: Profile | str | Path | None = None,
    apply: bool | None = None,
    workforce: str = "workforce:main",
    before: Workforce | None = None,
    framework: Framework | None = None,
    names: bool = False,
    progress: Callable[[int], None] | None = None,
    author: str = "",
) -> ImportPlan:
    """Return what importing people and teams does to a workforce, and do it where a store is given.

    Parameters
    ----------
    source : path, bytes, mapping of names to bytes, data frame, or iterable of these or of rows
        Lists of people, org charts and trees of teams.
    into : Store or None
        The store that holds the workforce; with it, the plan is applied unless `apply` is False.
    profile : Profile, str or path, or None
        What the columns mean; None to find out.
    apply : bool or None
        Whether to write; None for whenever there is a store.
    workforce : str
        The id of the workforce.
    before : Workforce or None
        The workforce as it is, where it comes from elsewhere than the store.
    framework : Framework or None
        The roles whose labels the source uses; without it, roles are kept as text.
    names : bool
        Whether the names of people are taken in; else people are known by their ids alone.
    progress : callable or None
        Called with the number of records read so far.
    author : str
        Who imports.

    Returns
    -------
    ImportPlan
        Rows by file, place, action and field.  A manager who is not in the source, a chain of managers that leads back
        to its start, and a role that the framework does not know are remarks; the people are there.

    Examples
    --------
    >>> plan = import_people([{"Employee ID": "7", "Team": "Data", "Role": "Analyst"}])
    >>> [row.asset for row in plan.added]
    ['person:7']
    """
    chosen = chosen_profile(profile, "people")
    known = before if before is not None else stored_workforce(into, workforce)
    reading = PeopleReading(workforce, chosen, progress)
    chart = Chart(reading, framework, names=names)
    for table, binding in reading.tables(source):
        chart.take(table, binding)
    told = chart.settle(known)
    document = chart.document(known)
    plan = reading.plan(document, known, told, store=into)
    return plan.apply(author=author) if (into is not None if apply is None else apply) else plan
