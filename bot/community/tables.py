"""The community's tables. Change them together with a migration in bot/desk/migrations.

Long, since a migration is checked against all of them at a glance.

People and servers are "<front>:<id>". A work keeps its own copy of what its job knew: the job may go, the work stays.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.desk.tables import PictureDigest, Table, UtcDateTime

WHO = String(200)


class TrayRow(Table):
    """One picture in a person's tray."""

    __tablename__ = "tray"

    person: Mapped[str] = mapped_column(WHO, primary_key=True)
    role: Mapped[str] = mapped_column(String(12), primary_key=True)  # see bot.community.tray.Role
    digest: Mapped[str] = mapped_column(PictureDigest, index=True)
    name: Mapped[str] = mapped_column(String(200))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    style_key: Mapped[str | None] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StyleRow(Table):
    """A style of a person or a server."""

    __tablename__ = "style"
    __table_args__ = (UniqueConstraint("scope", "owner", "slug"), {"sqlite_autoincrement": True})

    # Never a second time: works, drafts and links name the style by it when it is deleted.
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    scope: Mapped[str] = mapped_column(String(8))  # person or server
    owner: Mapped[str] = mapped_column(WHO)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(80))
    added_by: Mapped[str] = mapped_column(WHO, index=True)
    picture: Mapped[str] = mapped_column(PictureDigest, index=True)
    map: Mapped[str] = mapped_column(PictureDigest, index=True)
    doodle: Mapped[str | None] = mapped_column(PictureDigest, index=True)
    labels: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    artist: Mapped[str] = mapped_column(String(80))
    licence: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(400))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChallengeRow(Table):
    """A challenge: a prompt, perhaps a doodle, and a time to take part."""

    __tablename__ = "challenge"
    __table_args__ = (Index("ix_challenge_place", "server", "begins_at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    server: Mapped[str] = mapped_column(WHO)  # "" is everybody's
    title: Mapped[str] = mapped_column(String(120))
    prompt: Mapped[str] = mapped_column(Text)
    doodle: Mapped[str | None] = mapped_column(PictureDigest, index=True)
    created_by: Mapped[str] = mapped_column(WHO)
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    winners: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))  # None until it has closed


class WorkRow(Table):
    """A painting that its owner made public."""

    __tablename__ = "work"
    __table_args__ = (
        Index("ix_work_by_newest", "state", "seq"),
        Index("ix_work_by_top", "state", "votes", "seq"),
        Index("ix_work_by_top_since", "state", "published_at"),
        Index("ix_work_by_random", "state", "pick"),
        Index("ix_work_by_person", "person", "seq"),
        Index("ix_work_by_style", "style_key", "seq"),
        Index("ix_work_by_challenge", "challenge_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    job_id: Mapped[str] = mapped_column(String(32), unique=True)
    person: Mapped[str] = mapped_column(WHO)
    author: Mapped[str] = mapped_column(String(80))  # the name to show; "" for none
    server: Mapped[str | None] = mapped_column(WHO)
    title: Mapped[str] = mapped_column(String(120))
    alt: Mapped[str] = mapped_column(Text)
    nsfw: Mapped[bool] = mapped_column(Boolean)
    parent_seq: Mapped[int | None] = mapped_column(ForeignKey("work.seq", ondelete="SET NULL"), index=True)
    challenge_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id", ondelete="SET NULL"))

    style: Mapped[str] = mapped_column(PictureDigest, index=True)
    style_map: Mapped[str] = mapped_column(PictureDigest, index=True)
    doodle: Mapped[str] = mapped_column(PictureDigest, index=True)
    content: Mapped[str | None] = mapped_column(PictureDigest, index=True)
    result: Mapped[str] = mapped_column(PictureDigest, index=True)
    style_key: Mapped[str | None] = mapped_column(String(120))
    style_name: Mapped[str | None] = mapped_column(String(80))
    credit: Mapped[str | None] = mapped_column(String(400))  # artist, licence, source in one line
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    seconds: Mapped[float] = mapped_column(Float)

    state: Mapped[str] = mapped_column(String(8))  # shown or hidden
    hidden_by: Mapped[str | None] = mapped_column(WHO)  # who; "reports" when so many people reported it
    hidden_server: Mapped[str | None] = mapped_column(WHO)  # whose moderators hid it; None: the operator, or reports
    hidden_reason: Mapped[str | None] = mapped_column(String(400))
    votes: Mapped[int] = mapped_column(Integer)
    pick: Mapped[float] = mapped_column(Float)  # [0, 1), drawn once: a random work is the next from a random place
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkLabelRow(Table):
    """A label that occurs in a work's doodle."""

    __tablename__ = "work_label"
    __table_args__ = (Index("ix_work_label_label", "label", "work_seq"),)

    work_seq: Mapped[int] = mapped_column(ForeignKey("work.seq", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(40), primary_key=True)


class VoteRow(Table):
    """One person's vote for one work; work.votes counts them."""

    __tablename__ = "vote"

    work_seq: Mapped[int] = mapped_column(ForeignKey("work.seq", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(WHO, primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportRow(Table):
    """One person's report of one work."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("work_seq", "person"), Index("ix_report_open", "resolution", "id"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    work_seq: Mapped[int] = mapped_column(ForeignKey("work.seq", ondelete="CASCADE"))
    person: Mapped[str] = mapped_column(WHO, index=True)
    reason: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    resolution: Mapped[str | None] = mapped_column(String(10))  # hidden or dismissed; None while open
    resolved_by: Mapped[str | None] = mapped_column(WHO)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class BanRow(Table):
    """What a person may not do, here or everywhere."""

    __tablename__ = "ban"

    person: Mapped[str] = mapped_column(WHO, primary_key=True)
    act: Mapped[str] = mapped_column(String(8), primary_key=True)  # paint or publish
    server: Mapped[str] = mapped_column(WHO, primary_key=True)  # "" is everywhere
    by: Mapped[str] = mapped_column(WHO)
    reason: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChallengeVoteRow(Table):
    """One person's vote in one challenge."""

    __tablename__ = "challenge_vote"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(WHO, primary_key=True, index=True)
    work_seq: Mapped[int] = mapped_column(ForeignKey("work.seq", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AnnouncementRow(Table):
    """The winners of a challenge, told in one place; claimed by one process at a time, as a delivery is."""

    __tablename__ = "announcement"

    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(WHO, primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)  # fencing token
    claimed_until: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ServerRow(Table):
    """A server's settings, as bot.community.servers.ServerSettings writes them."""

    __tablename__ = "server"

    server: Mapped[str] = mapped_column(WHO, primary_key=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by: Mapped[str] = mapped_column(WHO)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SpentRow(Table):
    """A job of the last day that was deleted: what it cost still counts."""

    __tablename__ = "spent"
    __table_args__ = (Index("ix_spent_person_at", "person", "at"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(WHO)
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # when it had been accepted
    size_bytes: Mapped[int] = mapped_column(Integer)


class TokenRow(Table):
    """A person's key to the API. The token itself is shown once and not kept."""

    __tablename__ = "token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the token
    person: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(80))  # what it is for, in the person's words
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UploadRow(Table):
    """A picture that a person sent ahead of a job; theirs alone."""

    __tablename__ = "upload"

    person: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(PictureDigest, primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class MentionRow(Table):
    """A post that mentioned us on a network of posts, answered once."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("place", "post"),
        Index("ix_mention_due", "place", "state", "due_at"),
        Index("ix_mention_person_seen_at", "person", "seen_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    place: Mapped[str] = mapped_column(WHO)  # "<front>:<our account>": ids of posts are its own
    post: Mapped[str] = mapped_column(String(300))  # a hash, once the person is forgotten: it may name them
    person: Mapped[str] = mapped_column(WHO)  # "" once the person is forgotten
    state: Mapped[str] = mapped_column(String(8))  # new, answered or ignored
    job_id: Mapped[str | None] = mapped_column(String(32))  # that it deletes: doing it again finds no other trace of it
    tries: Mapped[int] = mapped_column(Integer)  # that did not go through
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)  # not to be looked at before


class SaidRow(Table):
    """A post of ours on such a network: what a reply to it is about, and what must go when its painting goes."""

    __tablename__ = "said"
    __table_args__ = (UniqueConstraint("place", "post"), Index("ix_said_job_id", "job_id"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    place: Mapped[str] = mapped_column(WHO)
    post: Mapped[str] = mapped_column(String(300))
    person: Mapped[str] = mapped_column(WHO, index=True)  # whom we answered
    mention: Mapped[str] = mapped_column(String(300))  # the post that we answered
    kind: Mapped[str] = mapped_column(String(8))  # accepted, question, answer or end
    job_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class CursorRow(Table):
    """How far one of our accounts has read its mentions."""

    __tablename__ = "cursor"

    place: Mapped[str] = mapped_column(WHO, primary_key=True)
    cursor: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SilentRow(Table):
    """Somebody who wants to hear nothing from us. By hash: the wish stays when all data of the person goes."""

    __tablename__ = "silent"

    person: Mapped[str] = mapped_column(WHO, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AskedRow(Table):
    """What a person asked of a chat bot and has no answer to yet, as the platform told it; held as a delivery is."""

    __tablename__ = "asked"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)  # "<front>:<the platform's own id>"
    person: Mapped[str] = mapped_column(WHO, index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # whose process lives renews this
    tries: Mapped[int] = mapped_column(Integer)  # fencing token
    whisper: Mapped[str | None] = mapped_column(String(40))  # the private message it was given; see bot.discord.asked
    request_key: Mapped[str | None] = mapped_column(String(200))  # under which the desk is asked, if not its own
