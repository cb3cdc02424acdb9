"""A job keeps what was decided of its work when that is taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = ("hidden", "nsfw")


def upgrade() -> None:
    """Nothing is known of works that were taken back before."""
    for name in COLUMNS:
        op.add_column("job", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """The release before shows such paintings to who has their address."""
    for name in COLUMNS:
        op.drop_column("job", name)
