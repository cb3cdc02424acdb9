"""Open deliveries are found without looking at those that were delivered."""

import sqlalchemy as sa
from alembic import op

from bot.desk.tables import GIVEN_UP, OPEN

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes of few rows, and one by time."""
    for name, columns, where in (("open", ["front", "id"], OPEN), ("given_up", ["front"], GIVEN_UP)):
        condition = sa.text(where)
        op.create_index(f"ix_delivery_{name}", "delivery", columns, sqlite_where=condition, postgresql_where=condition)
    op.create_index("ix_delivery_delivered_at", "delivery", ["delivered_at"])


def downgrade() -> None:
    """Drop them."""
    for name in ("open", "given_up", "delivered_at"):
        op.drop_index(f"ix_delivery_{name}", "delivery")
