"""Posts that could not be taken down are tried again later, each at its own time."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("post", sa.Column("tries", sa.Integer, nullable=False, server_default="0"))
    op.add_column("post", sa.Column("not_before", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("post", "not_before")
    op.drop_column("post", "tries")
