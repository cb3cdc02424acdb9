"""What the style calls its labels: a painter's notes name them so."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("job", sa.Column("label_names", sa.JSON))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("job", "label_names")
