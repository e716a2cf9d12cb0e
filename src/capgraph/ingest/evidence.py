"""Import of evidence: matrices of people and skills, long lists of assessments, completions, xAPI statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from capgraph.ingest.chosen import chosen_profile
from capgraph.ingest.collecting import uncollected
from capgraph.ingest.courses import Courses, headings_of
from capgraph.ingest.fields import today
from capgraph.ingest.levels import Levels
from capgraph.ingest.person_tables import PeopleReading, stored_workforce
from capgraph.ingest.records import Ledger

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from capgraph.ingest.parts import Source
    from capgraph.ingest.plan import ImportPlan
    from capgraph.ingest.profile import Profile
    from capgraph.model import Catalog, Framework, Workforce


@uncollected()
def import_evidence(
    source: Source,
    *,
    into: Any = None,  # noqa: ANN401 - a Store, whose module loads SQLAlchemy
    profile: Profile | str | Path | None = None,
    apply: bool | None = None,
    workforce: str = "workforce:main",
    before: Workforce | None = None,
    framework: Framework | None = None,
    catalogs: Sequence[Catalog] = (),
    zero_means: str = "",
    cuts: Mapping[float, int] | None = None,
    kind: str = "manager",
    date: dt.date | None = None,
    as_of: dt.date | None = None,
    progress: Callable[[int], None] | None = None,
    author: str = "",
) -> ImportPlan:
    """Return what importing evidence does to a workforce, and do it where a store is given.

    A table with a column for each skill is a matrix, one with a column of skills a list of assessments, one with a
    column of courses a list of completions; xAPI statements are both, without those that are voided.

    Parameters
    ----------
    source : path, bytes, mapping of names to bytes, data frame, or iterable of these or of rows
        What to read.
    into : Store or None
        The store that holds the workforce; with it, the plan is applied unless `apply` is False.
    profile : Profile, str or path, or None
        What the columns mean; None to find out.
    apply : bool or None
        Whether to write; None for whenever there is a store.
    workforce : str
        The id of the workforce.
    before : Workforce or None
        The workforce as it is; evidence about anybody else is rejected.  None takes people from the source.
    framework : Framework or None
        The capabilities and scales that the source names; without it, skills get ids of their labels.
    catalogs : sequence of Catalog
        Where the courses of completions are; without any, those of the store; where that has none, courses get ids of
        their codes.
    zero_means : str
        What 0 says in a matrix: ``not_needed``, ``no_knowledge`` or ``not_assessed``.
    cuts : mapping of float to int or None
        The least score of each level, for scores; None keeps the score as a value.
    kind : str
        How the levels of a matrix are known: ``manager``, ``self`` …
    date : date or None
        The day of a matrix, which states none; today by default.
    as_of : date or None
        The day after which a date lies in the future; today by default.
    progress : callable or None
        Called with the number of records read so far.
    author : str
        Who imports.

    Returns
    -------
    ImportPlan
        Rows by file, place and action; `document` is the workforce with the records.

    Raises
    ------
    ParseError
        When a matrix holds 0 and nothing says what it means.

    Examples
    --------
    >>> rows = [{"Employee ID": "7", "Skill": "SQL", "Level": "2", "Date": "2026-03-31"}]
    >>> [(record.person, record.level) for record in import_evidence(rows).document.evidence]
    [('person:7', 2)]
    """
    chosen = chosen_profile(profile, "people")
    known = before if before is not None else stored_workforce(into, workforce)
    reading = PeopleReading(workforce, chosen, progress)
    meaning = zero_means or (chosen.zero_means if chosen else "")
    courses = Courses(headings_of(catalogs, into), workforce)
    ledger = Ledger(reading, known, Levels(framework, meaning, cuts), courses, as_of or today())
    ledger.completions, ledger.stated_date = kind == "completion", date
    ledger.defaults = {"kind": kind, "date": date or today()}
    ledger.read(source)
    for scale in sorted(ledger.levels.without_zero):
        hint = "save the framework with zero_means='no_knowledge' at the scale, so that gaps can count them"
        reading.notes.append(f"{scale}: levels of 0 were kept, and the scale does not say what a 0 means; {hint}")
    document, told = ledger.document()
    plan = reading.plan(document, known, told, store=into, appended=tuple(ledger.new) if known is not None else None)
    return plan.apply(author=author) if (into is not None if apply is None else apply) else plan


def import_completions(source: Source, **options: Any) -> ImportPlan:
    """Return what importing completions does to a workforce, and do it where a store is given.

    Parameters
    ----------
    source : path, bytes, mapping of names to bytes, data frame, or iterable of these or of rows
        Completions as tables or as xAPI statements.
    **options
        Those of `import_evidence`.

    Notes
    -----
    A record that says anything else than completed is told and left out.  The order of day and month is found for each
    source system by itself.

    Examples
    --------
    >>> rows = [{"User ID": "7", "Course ID": "A-1", "Completion Date": "2026-03-31", "Status": "Completed"}]
    >>> [str(record.date) for record in import_completions(rows).document.evidence]
    ['2026-03-31']
    """
    options.setdefault("kind", "completion")
    return import_evidence(source, **options)
