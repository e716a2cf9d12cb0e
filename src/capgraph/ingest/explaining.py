"""Explaining: what the columns of a source would be taken for, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capgraph.errors import ParseError
from capgraph.ingest.catalog import import_catalog
from capgraph.ingest.people import import_people

if TYPE_CHECKING:
    from capgraph.ingest.parts import Source
    from capgraph.ingest.plan import ImportPlan


def explain(source: Source) -> ImportPlan:
    """Return a plan that is there to be looked at: what each column of a source would be taken for.

    A source of which every table is about people is read as one about people, and none of its values are shown.

    Parameters
    ----------
    source : path, bytes, mapping of names to bytes, data frame, or iterable of these or of rows
        What to look at.

    Raises
    ------
    ParseError
        When the source holds neither courses nor people.

    Examples
    --------
    >>> rows = [{"Employee ID": "7", "First name": "A.", "Job title": "Analyst"}]
    >>> [(row.column, row.field, row.samples) for row in explain(rows).explanation()][:2]
    [('Employee ID', 'person', ()), ('First name', 'first_name', ())]
    """
    try:
        plan = import_catalog(source, apply=False)
    except ParseError as error:
        if not any(issue.code == "no-courses" for issue in error.issues):
            raise
        people = import_people(source, apply=False)
        if not any(column.field for _, column in people.taken_for):
            raise
        return people
    tables = {place for place, _ in plan.taken_for}
    return import_people(source, apply=False) if tables and tables <= plan.personal else plan
