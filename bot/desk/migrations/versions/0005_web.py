"""The web front: API tokens, and pictures sent ahead of a job."""

import sqlalchemy as sa
from alembic import op

from bot.desk.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the web front's tables."""
    op.create_table(
        "token",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_token_person", "token", ["person"])
    op.create_table(
        "upload",
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
    )
    op.create_index("ix_upload_digest", "upload", ["digest"])
    op.create_index("ix_upload_created_at", "upload", ["created_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("upload")
    op.drop_table("token")
