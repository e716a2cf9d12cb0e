"""Whether a table is about people, so that none of its values are shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from capgraph.formats.headers import spelled
from capgraph.ingest.profile import generic

if TYPE_CHECKING:
    from capgraph.ingest.columns import Binding
    from capgraph.ingest.tables import Table

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_SURE = ("email", "first_name", "last_name", "manager")
_AMBIGUOUS = frozenset({"id", "external id", "name", "nom", "nombre", "supervisor", "responsable", "boss"})


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
