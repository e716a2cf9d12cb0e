"""Make the tables: documents in every state they have had."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.Text().with_variant(sa.DateTime(timezone=True), "postgresql")
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "int": _INTEGER,
    "text": sa.Text(),
    "real": sa.Double(),
    "bool": sa.Boolean(),
    "date": sa.Text().with_variant(sa.Date(), "postgresql"),
    "moment": _MOMENT,
}
_HISTORY = {
    "alignment": (
        "member:int target:text relation:text level_from:int? level_to:int? scale:text? confidence:real? "
        "state:text label:text method:text provenance:text? extensions:text?"
    ),
    "asset": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? notation:text status:text "
        "sequence:int? title:text kind:text description:text url:text language:text? provider:text "
        "duration:real? cost_amount:text? cost_currency:text? prerequisites:text? corequisites:text? "
        "mandatory:bool accreditation:text edition:text published:date? modified:date? rating:real? "
        "learners:int? seats:int? session_cost_amount:text? session_cost_currency:text? "
        "facilitator_minutes:real? annual_cost_amount:text? annual_cost_currency:text? "
        "maintenance_minutes:real?"
    ),
    "behavior": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? notation:text status:text "
        "sequence:int? capability:text level:int? statement:text"
    ),
    "capability": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? notation:text status:text "
        "sequence:int? label:text kind:text description:text scale:text?"
    ),
    "capability_level": "member:int position:int level:int description:text translations:text?",
    "challenge": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? notation:text status:text "
        "sequence:int? statement:text cause:text? metric:text? owner:text raised:date?"
    ),
    "decision": (
        "kind:text subject:text object:text verdict:text by:text at:moment relation:text level_from:int? "
        "level_to:int? label:text note:text extensions:text?"
    ),
    "document": (
        "id:text other_ids:text? provenance:text? extensions:text? title:text version:text description:text "
        "language:text prefixes:text? imports:text? publisher:text license:text attribution:text url:text "
        "sources:text? default_scale:text? subject_source:text? object_source:text?"
    ),
    "evidence": (
        "id:text other_ids:text? provenance:text? extensions:text? person:text capability:text? "
        "behavior:text? asset:text? kind:text level:int? value:real? scale:text? date:date expires:date? "
        "corrects:text? confidence:real? source:text note:text"
    ),
    "finding": "member:int position:int question:text answer:text note:text",
    "label": "member:int field:text position:int text:text",
    "link": "member:int field:text target:text",
    "mapping": (
        "subject:text predicate:text object:text negated:bool confidence:real? justification:text "
        "subject_label:text object_label:text author:text reviewer:text date:date? tool:text comment:text "
        "provenance:text? extensions:text?"
    ),
    "measurement": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? metric:text date:date "
        "value:real size:int? source:text"
    ),
    "metric": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? label:text unit:text "
        "better:text baseline:real? target:real?"
    ),
    "person": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? label:text manager:text? "
        "language:text? site:text since:date?"
    ),
    "relation": "subject:text predicate:text object:text provenance:text? extensions:text?",
    "requirement": (
        "member:int capability:text level:int? minimum:int? stretch:int? value:real? necessity:text "
        "importance:real? confidence:real? scale:text? note:text provenance:text? extensions:text?"
    ),
    "role": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? notation:text status:text "
        "sequence:int? label:text kind:text description:text"
    ),
    "scale": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? label:text kind:text "
        "minimum:real? maximum:real? zero_means:text?"
    ),
    "scale_level": "member:int rank:int label:text description:text translations:text?",
    "team": (
        "member:int id:text other_ids:text? provenance:text? extensions:text? label:text lead:text? headcount:int?"
    ),
    "translation": ("member:int position:int language:text label:text? description:text? alternative_labels:text?"),
}
"""The columns of each temporal table, beside those that all have; a question mark says that a column may be NULL."""
_INDEXED = 600


def upgrade() -> None:
    """Make the tables and their indexes."""
    _make(
        "revision",
        "document:int action:text time:moment author:text message:text added:int changed:int ended:int",
        sa.Column("number", _INTEGER, primary_key=True),
    )
    op.create_index("revision_document", "revision", ["document", "number"])
    _make(
        "document_key",
        "id:text digest:text kind:text newest:int?",
        sa.Column("document", _INTEGER, primary_key=True),
        sa.UniqueConstraint("digest"),
    )
    _make(
        "member_key",
        "document:int member:int part:text id:text digest:text?",
        sa.PrimaryKeyConstraint("document", "member"),
    )
    op.create_index("member_key_id", "member_key", ["document", sa.text(f"substr(id, 1, {_INDEXED})")])
    for name, columns in _HISTORY.items():
        table = f"{name}_history"
        _make(table, f"document:int {columns} added:int ended:int?", sa.Column("row_id", _INTEGER, primary_key=True))
        keys = ["document", "member"] if columns.startswith("member:") else ["document"]
        op.create_index(f"{table}_document", table, keys)


def _make(table: str, columns: str, *first: sa.schema.SchemaItem) -> None:
    """Make a table with these columns after the first ones."""
    named = (column.removesuffix("?").partition(":") for column in columns.split())
    optional = {column.partition(":")[0] for column in columns.split() if column.endswith("?")}
    op.create_table(
        table, *first, *(sa.Column(name, _TYPES[type_], nullable=name in optional) for name, _, type_ in named)
    )
