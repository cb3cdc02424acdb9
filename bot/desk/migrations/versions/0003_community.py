"""The community: trays, styles, works, votes, reports, bans, challenges, servers; what a job knows for them."""

import sqlalchemy as sa
from alembic import op

from bot.desk.tables import UtcDateTime

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None

WHO = sa.String(200)
DIGEST = sa.String(64)
JOB_PICTURES = ("style", "style_map", "doodle", "content", "result")
NEW_TABLES = (
    "spent",
    "server",
    "announcement",
    "challenge_vote",
    "ban",
    "report",
    "vote",
    "work_label",
    "work",
    "challenge",
    "style",
    "tray",
)


def upgrade() -> None:
    """Make the community's tables."""
    _job()
    _tray_and_styles()
    _challenges_and_works()
    _votes_and_reports()
    _servers_and_limits()


def downgrade() -> None:
    """Drop them."""
    for table in NEW_TABLES:
        op.drop_table(table)
    op.drop_index("ix_job_person_created_at", "job")
    for column in JOB_PICTURES:
        op.drop_index(f"ix_job_{column}", "job")
    with op.batch_alter_table("job") as job:
        for column in ("server", "style_key", "remix_of", "size_bytes", "preview"):
            job.drop_column(column)


def _job() -> None:
    op.add_column("job", sa.Column("server", WHO))
    op.add_column("job", sa.Column("style_key", sa.String(120)))
    op.add_column("job", sa.Column("remix_of", sa.String(32)))
    op.add_column("job", sa.Column("size_bytes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("job", sa.Column("preview", DIGEST))
    op.create_index("ix_job_person_created_at", "job", ["person", "created_at"])
    for column in JOB_PICTURES:
        op.create_index(f"ix_job_{column}", "job", [column])


def _tray_and_styles() -> None:
    op.create_table(
        "tray",
        sa.Column("person", WHO, primary_key=True),
        sa.Column("role", sa.String(12), primary_key=True),
        sa.Column("digest", DIGEST, nullable=False, index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("style_key", sa.String(120)),
        sa.Column("added_at", UtcDateTime, nullable=False, index=True),
    )
    op.create_table(
        "style",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("scope", sa.String(8), nullable=False),
        sa.Column("owner", WHO, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("added_by", WHO, nullable=False, index=True),
        sa.Column("picture", DIGEST, nullable=False, index=True),
        sa.Column("map", DIGEST, nullable=False, index=True),
        sa.Column("doodle", DIGEST, index=True),
        sa.Column("labels", sa.JSON, nullable=False),
        sa.Column("artist", sa.String(80), nullable=False),
        sa.Column("licence", sa.String(80), nullable=False),
        sa.Column("source", sa.String(400), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.UniqueConstraint("scope", "owner", "slug"),
    )


def _challenges_and_works() -> None:
    op.create_table(
        "challenge",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("server", WHO, nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("doodle", DIGEST, index=True),
        sa.Column("created_by", WHO, nullable=False),
        sa.Column("begins_at", UtcDateTime, nullable=False),
        sa.Column("ends_at", UtcDateTime, nullable=False, index=True),
        sa.Column("winners", sa.JSON),
    )
    op.create_index("ix_challenge_place", "challenge", ["server", "begins_at"])
    op.create_table(
        "work",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("job_id", sa.String(32), nullable=False, unique=True),
        sa.Column("person", WHO, nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("server", WHO),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
        sa.Column("nsfw", sa.Boolean, nullable=False),
        sa.Column("parent_seq", sa.Integer, sa.ForeignKey("work.seq", ondelete="SET NULL"), index=True),
        sa.Column("challenge_id", sa.Integer, sa.ForeignKey("challenge.id", ondelete="SET NULL")),
        sa.Column("style", DIGEST, nullable=False, index=True),
        sa.Column("style_map", DIGEST, nullable=False, index=True),
        sa.Column("doodle", DIGEST, nullable=False, index=True),
        sa.Column("content", DIGEST, index=True),
        sa.Column("result", DIGEST, nullable=False, index=True),
        sa.Column("style_key", sa.String(120)),
        sa.Column("style_name", sa.String(80)),
        sa.Column("credit", sa.String(400)),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("hidden_by", WHO),
        sa.Column("hidden_reason", sa.String(400)),
        sa.Column("votes", sa.Integer, nullable=False),
        sa.Column("pick", sa.Float, nullable=False),
        sa.Column("published_at", UtcDateTime, nullable=False),
    )
    for name, columns in (
        ("newest", ["state", "seq"]),
        ("top", ["state", "votes", "seq"]),
        ("top_since", ["state", "published_at"]),
        ("random", ["state", "pick"]),
        ("person", ["person", "seq"]),
        ("style", ["style_key", "seq"]),
        ("challenge", ["challenge_id", "seq"]),
    ):
        # The column `style` has an index of its own, named by its column.
        op.create_index(f"ix_work_by_{name}", "work", columns)
    op.create_table(
        "work_label",
        sa.Column("work_seq", sa.Integer, sa.ForeignKey("work.seq", ondelete="CASCADE"), primary_key=True),
        sa.Column("label", sa.String(40), primary_key=True),
    )
    op.create_index("ix_work_label_label", "work_label", ["label", "work_seq"])


def _votes_and_reports() -> None:
    op.create_table(
        "vote",
        sa.Column("work_seq", sa.Integer, sa.ForeignKey("work.seq", ondelete="CASCADE"), primary_key=True),
        sa.Column("person", WHO, primary_key=True, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("work_seq", sa.Integer, sa.ForeignKey("work.seq", ondelete="CASCADE"), nullable=False),
        sa.Column("person", WHO, nullable=False, index=True),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("resolution", sa.String(10)),
        sa.Column("resolved_by", WHO),
        sa.Column("resolved_at", UtcDateTime),
        sa.UniqueConstraint("work_seq", "person"),
    )
    op.create_index("ix_report_open", "report", ["resolution", "id"])
    op.create_table(
        "ban",
        sa.Column("person", WHO, primary_key=True),
        sa.Column("act", sa.String(8), primary_key=True),
        sa.Column("server", WHO, primary_key=True),
        sa.Column("by", WHO, nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("until", UtcDateTime),
    )
    op.create_table(
        "challenge_vote",
        sa.Column("challenge_id", sa.Integer, sa.ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("person", WHO, primary_key=True, index=True),
        sa.Column("work_seq", sa.Integer, sa.ForeignKey("work.seq", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", UtcDateTime, nullable=False),
    )


def _servers_and_limits() -> None:
    op.create_table(
        "announcement",
        sa.Column("challenge_id", sa.Integer, sa.ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", WHO, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimed_until", UtcDateTime, nullable=False),
        sa.Column("announced_at", UtcDateTime),
    )
    op.create_table(
        "server",
        sa.Column("server", WHO, primary_key=True),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("changed_by", WHO, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "spent",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("person", WHO, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
    )
    op.create_index("ix_spent_person_at", "spent", ["person", "at"])
