"""The database's tables. Change them together with a migration in bot/desk/migrations."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, DateTime, Float, ForeignKey, Index, Integer, String, Text, false, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC time on both databases; SQLite itself would lose the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Refuse a naive time: its zone would be a guess."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PictureDigest(TypeDecorator[str]):
    """A picture in the store, by SHA-256. Every column that names one has this type: see bot.community.references."""

    impl = String(64)
    cache_ok = True


class Table(DeclarativeBase):
    """Base of all tables."""


class JobRow(Table):
    """One accepted request and what became of it."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_seq", "state", "seq"),
        Index("ix_job_person_created_at", "person", "created_at"),
        Index("ix_job_person_started_at", "person", "started_at"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)  # order of acceptance
    id: Mapped[str] = mapped_column(String(32), unique=True)
    person: Mapped[str] = mapped_column(String(200))
    front: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(Text)
    request_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    server: Mapped[str | None] = mapped_column(String(200))  # "<front>:<id>" of the place it was asked in
    style_key: Mapped[str | None] = mapped_column(String(120))  # see bot.community.styles; None: pictures of one's own
    label_names: Mapped[dict[str, str] | None] = mapped_column(JSON)  # by colour; None: the map's own
    remix_of: Mapped[str | None] = mapped_column(String(32))  # id of the work it was made from
    size_bytes: Mapped[int] = mapped_column(Integer, default=0)  # of the pictures sent, together

    kind: Mapped[str] = mapped_column(String(12), default="paint", server_default="paint")  # see standing.Kind
    style: Mapped[str] = mapped_column(PictureDigest, index=True)  # of a suggestion: what a map is wanted for
    style_map: Mapped[str | None] = mapped_column(PictureDigest, index=True)  # None for a suggestion, as the doodle
    doodle: Mapped[str | None] = mapped_column(PictureDigest, index=True)
    content: Mapped[str | None] = mapped_column(PictureDigest, index=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    workload: Mapped[str] = mapped_column(String(60), default="", server_default="")  # see bot.desk.pace
    pixels: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # of the painting; 0: not known

    state: Mapped[str] = mapped_column(String(12))  # see bot.desk.standing.State
    attempt: Mapped[int] = mapped_column(Integer, default=0)  # fencing token: counts every time it was queued
    crashes: Mapped[int] = mapped_column(Integer, default=0)  # attempts that broke; three set the job aside
    silent: Mapped[int | None] = mapped_column(Integer)  # the attempt whose worker fell silent, until it is heard again
    losses: Mapped[int] = mapped_column(Integer, default=0)  # attempts that no worker ever began
    dispatched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when this attempt went to Redis
    worker: Mapped[str | None] = mapped_column(String(80))  # who owns this attempt
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    preview: Mapped[str | None] = mapped_column(String(64))  # among the store's previews, while it runs

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    result: Mapped[str | None] = mapped_column(PictureDigest, index=True)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    seconds: Mapped[float | None] = mapped_column(Float)
    notes: Mapped[list[str] | None] = mapped_column(JSON)
    failure: Mapped[str | None] = mapped_column(String(12))  # see worker.contract.Failure
    message: Mapped[str | None] = mapped_column(Text)
    # What its work was when that was taken back: a moderator's word outlives the work, see bot.community.works.
    hidden: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    nsfw: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())


OPEN = "delivered_at IS NULL AND given_up IS NULL"
GIVEN_UP = "given_up IS NOT NULL"


class DeliveryRow(Table):
    """The outbox: one answer per job, written in the transaction that ends the job."""

    __tablename__ = "delivery"
    # Fronts ask several times a second, and nearly all rows are delivered: what is open must be found without them.
    __table_args__ = (
        Index("ix_delivery_open", "front", "id", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index("ix_delivery_given_up", "front", sqlite_where=text(GIVEN_UP), postgresql_where=text(GIVEN_UP)),
        Index("ix_delivery_delivered_at", "delivered_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    job_seq: Mapped[int] = mapped_column(ForeignKey("job.seq", ondelete="CASCADE"), unique=True)
    front: Mapped[str] = mapped_column(String(40), index=True)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # claimed, or to be left alone, until then
    tries: Mapped[int] = mapped_column(Integer, default=0)  # fencing token: counts every claim
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up: Mapped[str | None] = mapped_column(Text)  # why, when it can't be delivered


class DeskRow(Table):
    """A running desk's sign of life, so that a front can tell a person when nobody works."""

    __tablename__ = "desk"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    workers: Mapped[int | None] = mapped_column(Integer)  # that it counted; None while Redis is away


class OnceRow(Table):
    """Something that has been done, or is held until a time."""

    __tablename__ = "once"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
