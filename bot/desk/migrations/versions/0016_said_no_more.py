"""Posts on networks of posts are noted until they are deleted there, and a mention remembers which job it deletes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

LONG, SHORT = 520, 200


def upgrade() -> None:
    """An account and a post together are long."""
    with op.batch_alter_table("post") as batch:
        batch.alter_column("place", existing_type=sa.String(SHORT), type_=sa.String(LONG), existing_nullable=False)
    op.add_column("mention", sa.Column("job_id", sa.String(32)))


def downgrade() -> None:
    """What is too long for the release before would do nothing there."""
    op.drop_column("mention", "job_id")
    post = sa.table("post", sa.column("place", sa.String))
    op.execute(sa.delete(post).where(sa.func.length(post.c.place) > SHORT))
    with op.batch_alter_table("post") as batch:
        batch.alter_column("place", existing_type=sa.String(LONG), type_=sa.String(SHORT), existing_nullable=False)
