"""What the line needs: what a job is like, when a person was served last, how many workers there are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of the jobs so far: their time is guessed from all of their kind."""
    op.add_column("job", sa.Column("workload", sa.String(60), nullable=False, server_default=""))
    op.add_column("job", sa.Column("pixels", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_job_person_started_at", "job", ["person", "started_at"])
    op.add_column("desk", sa.Column("workers", sa.Integer))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("desk", "workers")
    op.drop_index("ix_job_person_started_at", "job")
    op.drop_column("job", "pixels")
    op.drop_column("job", "workload")
