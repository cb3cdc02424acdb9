"""Which attempt counts as broken only because nothing was heard of its worker."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("job", sa.Column("silent", sa.Integer))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("job", "silent")
