"""What people asked of a chat bot and have no answer to yet, so that a bot that died is taken over."""

import sqlalchemy as sa
from alembic import op

from bot.desk.tables import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "asked",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("until", UtcDateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("whisper", sa.String(40)),
        sa.Column("request_key", sa.String(200)),
    )
    op.create_index("ix_asked_person", "asked", ["person"])
    op.create_index("ix_asked_until", "asked", ["until"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("asked")
