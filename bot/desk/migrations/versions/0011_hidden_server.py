"""Whose moderators hid a work: those of a server undo what one of them did, and nothing of the operator's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("work", sa.Column("hidden_server", sa.String(200)))
    # Places are marked that lie behind an age gate; until now a work for adults was shown on Discord nowhere else.
    op.execute(
        "UPDATE post SET place = place || '/adults' WHERE place LIKE 'discord:%' AND place NOT LIKE '%/adults' "
        "AND work_id IN (SELECT id FROM work WHERE nsfw)"
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_column("work", "hidden_server")
