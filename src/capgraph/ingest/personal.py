"""Whether a table is about people, so that none of its values are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from capgraph.formats.headers import spelled
from capgraph.ingest.profile import generic

if TYPE_CHECKING:
    from capgraph.ingest.columns import Binding
    from capgraph.ingest.tables import Table

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_SURE = ("email", "first_name", "last_name", "manager")
_AMBIGUOUS = frozenset(
    {
        "id",
        "idnumber",
        "id number",
        "identifiant",
        "resource",
        "resource id",
        "external id",
        "name",
        "nom",
        "nombre",
        "supervisor",
        "responsable",
        "boss",
    }
)


_OF_COURSES = frozenset({"duration", "url", "cost", "description", "outcomes", "prerequisites", "accreditation"})
"""Fields that say that a title is that of a course."""
_WHO = ("person", "label", "email", "first_name", "last_name", "manager")


def has_no_courses(table: Table, binding: Binding) -> bool:
    """Return whether a table is about people, and what it calls titles may be theirs, or anything."""
    if binding.profile.name != generic().name:
        return False
    return _has_statements(table) or (is_personal(table, binding) and not _OF_COURSES & binding.fields.keys())


def _has_statements(table: Table) -> bool:
    """Return whether the records are statements about what somebody did."""
    return any(spelled(name).endswith("verb id") for name in table.names)


def without_people(binding: Binding) -> Binding:
    """Return what the columns of a table mean; those that say who somebody is are left out of what is kept."""
    names = generic("people").columns
    who = {spelled(name) for field in _WHO for name in names[field]}
    columns = tuple(
        replace(column, use="ignored", because="it says who somebody is")
        if column.use == "kept" and spelled(column.name) in who
        else column
        for column in binding.columns
    )
    return replace(binding, columns=columns, kept=tuple(column for column in columns if column.use == "kept"))


def is_personal(table: Table, binding: Binding) -> bool:
    """Return whether a table is about people: by the names of its columns, or by mail addresses in its cells.

    A column of mail addresses alone does not tell: a catalog has contacts.  Together with no column of what only
    courses have (a duration, an address, a price), it does.
    """
    names = generic("people").columns
    told = {spelled(name) for field in _SURE for name in names[field]} - _AMBIGUOUS
    person = {spelled(name) for name in names["person"]} - _AMBIGUOUS
    stated = {spelled(name) for name in table.names}
    mails = any(_MAIL.fullmatch(text) for column in binding.columns for text in column.samples)
    if stated & person or len(stated & told) > 1:
        return True
    return (mails or bool(stated & told)) and not {"duration", "url", "cost"} & binding.fields.keys()
