"""Networks of posts: mentions, what we said, how far we read, and who wants to hear nothing."""

import sqlalchemy as sa
from alembic import op

from bot.desk.tables import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("post", sa.String(300), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("place", "post"),
    )
    op.create_index("ix_mention_due", "mention", ["place", "state", "due_at"])
    op.create_index("ix_mention_person_seen_at", "mention", ["person", "seen_at"])
    op.create_table(
        "said",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("post", sa.String(300), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("mention", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("job_id", sa.String(32)),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("place", "post"),
    )
    op.create_index("ix_said_job_id", "said", ["job_id"])
    op.create_index("ix_said_person", "said", ["person"])
    op.create_index("ix_said_at", "said", ["at"])
    op.create_table(
        "cursor",
        sa.Column("place", sa.String(200), primary_key=True),
        sa.Column("cursor", sa.String(300), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "silent",
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("silent", "cursor", "said", "mention"):
        op.drop_table(table)
