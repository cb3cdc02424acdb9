"""Jobs of two kinds: a suggested map has one picture, kept as the style, and neither map nor doodle."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every job so far is a painting."""
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("kind", sa.String(12), nullable=False, server_default="paint"))
        table.alter_column("style_map", existing_type=sa.String(64), nullable=True)
        table.alter_column("doodle", existing_type=sa.String(64), nullable=True)


def downgrade() -> None:
    """Suggestions are forgotten."""
    op.execute("DELETE FROM delivery WHERE job_seq IN (SELECT seq FROM job WHERE kind <> 'paint')")
    op.execute("DELETE FROM job WHERE kind <> 'paint'")
    with op.batch_alter_table("job") as table:
        table.alter_column("doodle", existing_type=sa.String(64), nullable=False)
        table.alter_column("style_map", existing_type=sa.String(64), nullable=False)
        table.drop_column("kind")
