"""Give every member room for the fingerprint of what it was made from, and index evidence by what it corrects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the index."""
    op.add_column("member_key", sa.Column("fingerprint", sa.Text()))
    named = sa.text("corrects IS NOT NULL")
    op.create_index(
        "evidence_history_corrects",
        "evidence_history",
        ["document", sa.text("substr(corrects, 1, 600)")],
        sqlite_where=named,
        postgresql_where=named,
    )
