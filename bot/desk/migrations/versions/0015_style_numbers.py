"""A deleted style's number is not given again: what names it would mean another."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """SQLite needs a word for it; PostgreSQL's sequences do so of themselves."""
    _copy_on_sqlite(autoincrement=True)


def downgrade() -> None:
    """As before."""
    _copy_on_sqlite(autoincrement=False)


def _copy_on_sqlite(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("style", recreate="always", table_kwargs={"sqlite_autoincrement": autoincrement}):
            pass
