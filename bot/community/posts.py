"""Where fronts show a work, so that what its owner takes back, or a moderator hides, goes away there too.

Answers of deleted jobs are among them, under the job's id: what a person deletes on one front is gone from the others.
So are the posts of a network of posts (SaidRow) about a job, or to a person, that has gone: they name nobody any more.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, String, UniqueConstraint, and_, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.community.dialect import insert_unless_there
from bot.community.tables import SaidRow, WorkRow
from bot.desk import Desk
from bot.desk.tables import JobRow, Table, UtcDateTime

GATED = "/adults"  # at the end of a place that is behind an age gate

SOON = timedelta(minutes=1)  # after what may pass: the front's service is ill; doubles
DOUBLED = 6  # times at most: an hour, and an outage of hours costs no more than that
MOST_OUTAGES = 163  # a week at these pauses: some messages never go, and each time the service says that it is ill
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=6)  # after a refusal; doubles
MOST_TRIES = 33  # refusals: a week at these pauses


class PostRow(Table):
    """A message of a front that shows a work. No foreign key: it is asked for after the work has gone."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("work_id", "place"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    work_id: Mapped[str] = mapped_column(String(32), index=True)
    place: Mapped[str] = mapped_column(String(520))  # the front's own words: "discord:<channel>/<message>", `said_at`
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # to change it that were refused
    outages: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # tries that failed in passing
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)  # it is tried again


@dataclass(frozen=True, slots=True)
class Post:
    """A message that shows a work."""

    work_id: str
    place: str


class Posts:
    """All posts. Every call raises OutOfReachError when the database does not answer."""

    def __init__(self, desk: Desk) -> None:
        """`desk`: whose database."""
        self._desk = desk

    def add(self, work_id: str, place: str) -> None:
        """Remember a post; again is harmless."""
        with self._desk.database.write() as session:
            insert_unless_there(session, PostRow, {"work_id": work_id, "place": place})

    def of(self, work_id: str) -> list[str]:
        """The places of a work's posts."""
        query = select(PostRow.place).where(PostRow.work_id == work_id).order_by(PostRow.id)
        with self._desk.database.read() as session:
            return list(session.execute(query).scalars())

    def put_off_of(self, work_id: str, kind: str) -> list[Post]:
        """A work's posts that could not be changed yet, perhaps by half, whose place begins so; due or not."""
        mine = (PostRow.work_id == work_id, PostRow.place.like(f"{kind}%"), PostRow.not_before.is_not(None))
        with self._desk.database.read() as session:
            found = session.execute(select(PostRow.place).where(*mine).order_by(PostRow.id)).scalars()
            return [Post(work_id, place) for place in found]

    def forget(self, work_id: str, places: Iterable[str] | None = None) -> None:
        """They have been taken down: all of them, or those named."""
        mine = [PostRow.work_id == work_id]
        if places is not None:
            mine.append(PostRow.place.in_(list(places)))
        with self._desk.database.write() as session:
            session.execute(delete(PostRow).where(*mine))

    def put_off(self, post: Post, *, refused: bool) -> None:
        """It could not be changed just now: leave it alone for a while, longer each time, and when it was `refused`.

        What has been refused through a week is forgotten, and what has failed otherwise through a week.
        """
        now = self._desk.clock()
        mine = (PostRow.work_id == post.work_id, PostRow.place == post.place)
        with self._desk.database.write() as session:
            row = session.execute(select(PostRow).where(*mine).with_for_update()).scalar_one_or_none()
            if row is None:
                return
            if refused:
                row.tries += 1
                row.not_before = now + min(FIRST_PAUSE * 2 ** (row.tries - 1), LONGEST_PAUSE)
            else:
                row.outages += 1
                row.not_before = now + SOON * 2 ** min(row.outages - 1, DOUBLED)
            if row.tries >= MOST_TRIES or row.outages >= MOST_OUTAGES:
                session.delete(row)

    def out_of_place(self, kinds: Iterable[str], for_moderators: Iterable[str] = (), limit: int = 50) -> list[Post]:
        """Posts of works that are gone, hidden, or for adults where there is no age gate; the oldest first.

        Those that were put off are left out until their time comes, and come after all others then. `kinds`: how the
        places begin that are looked at. `for_moderators`: those of them where a work that is hidden, or for adults,
        may stay.
        """
        unfit = or_(WorkRow.state == "hidden", and_(WorkRow.nsfw.is_(True), PostRow.place.not_like(f"%{GATED}")))
        for kind in for_moderators:
            unfit = and_(unfit, PostRow.place.not_like(f"{kind}%"))
        query = select(PostRow.work_id, PostRow.place).outerjoin(WorkRow, WorkRow.id == PostRow.work_id)
        query = query.where(
            or_(*(PostRow.place.startswith(kind, autoescape=True) for kind in kinds)),  # an account's name has a _
            PostRow.work_id.not_like("challenge-%"),
            or_(WorkRow.id.is_(None), unfit),
            self._due(),
        )
        with self._desk.database.read() as session:
            found = session.execute(query.order_by(PostRow.not_before.nulls_first(), PostRow.id).limit(limit))
            return [Post(work_id, place) for work_id, place in found]

    def shown_again(self, kind: str, limit: int = 50) -> list[Post]:
        """Posts whose place begins so and whose work is not hidden, unless they are put off."""
        query = select(PostRow.work_id, PostRow.place).join(WorkRow, WorkRow.id == PostRow.work_id)
        query = query.where(PostRow.place.like(f"{kind}%"), WorkRow.state == "shown", self._due())
        with self._desk.database.read() as session:
            found = session.execute(query.order_by(PostRow.not_before.nulls_first(), PostRow.id).limit(limit))
            return [Post(work_id, place) for work_id, place in found]

    def thin_out(self, kind: str, most: int) -> None:
        """Forget the oldest of the places that begin so, when very many have been noted since."""
        newest = select(func.max(PostRow.id)).scalar_subquery()
        with self._desk.database.write() as session:
            session.execute(delete(PostRow).where(PostRow.id <= newest - most, PostRow.place.like(f"{kind}%")))

    def _due(self) -> ColumnElement[bool]:
        return or_(PostRow.not_before.is_(None), PostRow.not_before <= self._desk.clock())


def said_at(account: str, post: str = "") -> str:
    """The place of a post of a network of posts, `account` being ours there; without `post` how its places begin."""
    return f"{account} {post}"


def no_more_said(session: Session, *which: ColumnElement[bool]) -> None:
    """Posts of networks of posts that must go: their front finds them, and whom they answered is forgotten at once."""
    for row in session.execute(select(SaidRow).where(*which)).scalars():
        insert_unless_there(session, PostRow, {"work_id": row.job_id or "", "place": said_at(row.place, row.post)})
    session.execute(delete(SaidRow).where(*which))


def leave_word(session: Session, jobs: Iterable[JobRow]) -> None:
    """Of jobs that a person has deleted: their front finds where it has answered them, and takes that down."""
    for job in jobs:
        place = answered_at(job.front, job.address)
        if place is not None:
            insert_unless_there(session, PostRow, {"work_id": job.id, "place": place})


def answered_at(front: str, address: str) -> str | None:
    """The message that an address names, as a chat's does, by the numbers of channel and message; None for others."""
    try:
        said = json.loads(address)
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    channel, message = said.get("channel"), said.get("message")
    if not isinstance(channel, int) or not isinstance(message, int):
        return None
    return f"{front}-job:{channel}/{message}"
