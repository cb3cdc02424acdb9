"""Things that happen once although several processes hear of them; where a front has posted a work."""

import sqlalchemy as sa
from alembic import op

from bot.desk.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "once",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
    )
    op.create_index("ix_once_until", "once", ["until"])
    op.create_table(
        "post",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("work_id", sa.String(32), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.UniqueConstraint("work_id", "place"),
    )
    op.create_index("ix_post_work_id", "post", ["work_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("post")
    op.drop_table("once")
