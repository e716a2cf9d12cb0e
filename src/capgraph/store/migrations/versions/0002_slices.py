"""Index evidence by record, person and capability, so that slices of a long stream are found without reading it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    for name in ("id", "person", "capability"):
        op.create_index(
            f"evidence_history_{name}", "evidence_history", ["document", sa.text(f"substr({name}, 1, 600)")]
        )
