"""Jobs, their deliveries, and the desks' signs of life."""

import sqlalchemy as sa
from alembic import op

from bot.desk.tables import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "job",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("front", sa.String(40), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("request_key", sa.String(200), unique=True),
        sa.Column("style", sa.String(64), nullable=False),
        sa.Column("style_map", sa.String(64), nullable=False),
        sa.Column("doodle", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64)),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("losses", sa.Integer, nullable=False),
        sa.Column("dispatched_at", UtcDateTime),
        sa.Column("worker", sa.String(80)),
        sa.Column("lease_until", UtcDateTime),
        sa.Column("progress", sa.JSON),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("started_at", UtcDateTime),
        sa.Column("finished_at", UtcDateTime),
        sa.Column("result", sa.String(64)),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("seconds", sa.Float),
        sa.Column("notes", sa.JSON),
        sa.Column("failure", sa.String(12)),
        sa.Column("message", sa.Text),
    )
    op.create_index("ix_job_state_seq", "job", ["state", "seq"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("job_seq", sa.Integer, sa.ForeignKey("job.seq", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("front", sa.String(40), nullable=False),
        sa.Column("claimed_until", UtcDateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("delivered_at", UtcDateTime),
        sa.Column("given_up", sa.Text),
    )
    op.create_index("ix_delivery_front", "delivery", ["front"])
    op.create_table(
        "desk",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("seen_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("desk")
    op.drop_table("delivery")
    op.drop_table("job")
