"""What the bot remembers of a network: mentions and whether they are answered, its own posts, how far it has read.

A mention's life: taken in together with the cursor (one transaction), worked on as often as it takes, answered or
ignored (one transaction with what we said). Working on it again asks the desk and the network with the same keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bot.community.bans import hashed
from bot.community.dialect import insert_unless_there, upsert
from bot.community.posts import no_more_said
from bot.community.tables import CursorRow, MentionRow, SaidRow, SilentRow
from bot.desk import Desk
from bot.desk.tables import JobRow
from bot.fediverse.platform import Mention

Kind = Literal["accepted", "question", "answer", "end"]
State = Literal["answered", "ignored"]

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds between two tries of a mention
KEPT = timedelta(days=60)  # of answered mentions; networks tell of none so old again
LAST = timedelta(days=1)  # before the last mention: such are kept with it


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mention to work on."""

    post: str
    person: str
    tries: int
    seen: datetime  # UTC
    job_id: str | None = None  # that it deletes, when an earlier try has begun to


@dataclass(frozen=True, slots=True)
class Said:
    """A post of ours."""

    post: str
    person: str
    mention: str
    kind: Kind
    job_id: str | None


class Inbox:
    """Of one of our accounts. Every call raises OutOfReachError when the database does not answer."""

    def __init__(self, desk: Desk, place: str) -> None:
        """`place`: see Platform.place."""
        self._desk = desk
        self.place = place[:200]

    def cursor(self) -> str | None:
        """How far we have read; None before the first time."""
        with self._desk.database.read() as session:
            return session.execute(select(CursorRow.cursor).where(CursorRow.place == self.place)).scalar_one_or_none()

    def take_in(self, mentions: Sequence[Mention], cursor: str, front: str) -> int:
        """Record mentions and how far we have read, together. Returns how many were new."""
        now = self._desk.clock()
        new = 0
        with self._desk.database.write() as session:
            forgotten = self._forgotten(session, mentions)
            for one in mentions:
                if hashed(one.post) in forgotten:
                    continue
                values = {
                    "place": self.place,
                    "post": one.post,
                    "person": f"{front}:{one.person}"[:200],
                    "state": "new",
                    "tries": 0,
                    "seen_at": now,
                    "due_at": now,
                }
                new += insert_unless_there(session, MentionRow, values)
            session.execute(upsert(session, CursorRow, {"place": self.place}, {"cursor": cursor, "at": now}))
        return new

    def due(self, limit: int = 20) -> list[Waiting]:
        """Mentions to work on now, oldest first."""
        query = select(MentionRow).where(
            MentionRow.place == self.place, MentionRow.state == "new", MentionRow.due_at <= self._desk.clock()
        )
        with self._desk.database.read() as session:
            rows = session.execute(query.order_by(MentionRow.id).limit(limit)).scalars()
            return [Waiting(row.post, row.person, row.tries, row.seen_at, row.job_id) for row in rows]

    def done(self, post: str, state: State, said: Said | None = None) -> None:
        """Nothing is owed to this mention any more; `said`: what we replied."""
        with self._desk.database.write() as session:
            if said is not None:
                self._keep(session, said)
            row = session.execute(select(MentionRow).where(self._mention(post))).scalar_one_or_none()
            if row is not None:
                row.state = state
                row.post = row.post if row.person else hashed(row.post)  # the last that named them

    def later(self, waiting: Waiting, wait: float | None = None) -> None:
        """Try again after a pause that grows, or after `wait` seconds."""
        pause = min(FIRST_PAUSE * 2.0**waiting.tries, LONGEST_PAUSE) if wait is None else wait
        values = {"tries": waiting.tries + 1, "due_at": self._desk.clock() + timedelta(seconds=pause)}
        with self._desk.database.write() as session:
            session.execute(update(MentionRow).where(self._mention(waiting.post)).values(**values))

    def nameless(self, post: str) -> None:
        """The person's data is about to go; this one mention is still to be answered."""
        with self._desk.database.write() as session:
            session.execute(update(MentionRow).where(self._mention(post)).values(person=""))

    def deletes(self, post: str, job_id: str) -> None:
        """This mention is about to delete a job, whose posts will soon be unknown."""
        with self._desk.database.write() as session:
            session.execute(update(MentionRow).where(self._mention(post)).values(job_id=job_id))

    def answered(self, person: str, seconds: float) -> int:
        """How many mentions of a person have been answered lately."""
        since = self._desk.clock() - timedelta(seconds=seconds)
        mine = (MentionRow.person == person, MentionRow.seen_at > since, MentionRow.state == "answered")
        with self._desk.database.read() as session:
            return session.execute(select(func.count()).select_from(MentionRow).where(*mine)).scalar_one()

    def say(self, said: Said) -> None:
        """Remember a post of ours."""
        with self._desk.database.write() as session:
            self._keep(session, said)

    def no_more(self, job_id: str, person: str) -> None:
        """Our posts to a person about a job are to go, also when the job went long ago: see bot.fediverse.removal."""
        with self._desk.database.write() as session:
            no_more_said(session, SaidRow.place == self.place, SaidRow.job_id == job_id, SaidRow.person == person)

    def said(self, post: str | None) -> Said | None:
        """What we know of a post of ours; None for those of others."""
        found = self._said(SaidRow.post == post) if post is not None else []
        return found[0] if found else None

    def said_of_job(self, job_id: str) -> list[Said]:
        """Our posts about one job."""
        return self._said(SaidRow.job_id == job_id)

    def silent(self, person: str) -> bool:
        """Whether the person wants to hear nothing."""
        with self._desk.database.read() as session:
            return session.get(SilentRow, hashed(person)) is not None

    def set_silent(self, person: str, *, silent: bool) -> None:
        """Remember or forget that wish."""
        key = {"person": hashed(person)}
        with self._desk.database.write() as session:
            if silent:
                session.execute(upsert(session, SilentRow, key, {"at": self._desk.clock()}))
            else:
                session.execute(delete(SilentRow).where(SilentRow.person == key["person"]))

    def tidy(self) -> None:
        """Forget mentions of long ago, and what we said of paintings that are gone.

        Not the last ones of all: a network where nobody says anything tells of them again and again.
        """
        before = self._desk.clock() - KEPT
        there = select(JobRow.id).where(JobRow.id == SaidRow.job_id).exists()
        with self._desk.database.write() as session:
            last = select(func.max(MentionRow.seen_at)).where(MentionRow.place == self.place)
            newest = session.execute(last).scalar_one_or_none() or before
            past = min(before, newest - LAST)
            old = (MentionRow.place == self.place, MentionRow.state != "new", MentionRow.seen_at < past)
            session.execute(delete(MentionRow).where(*old))
            session.execute(delete(SaidRow).where(SaidRow.place == self.place, SaidRow.at < before, ~there))

    def _said(self, condition: ColumnElement[bool]) -> list[Said]:
        query = select(SaidRow).where(SaidRow.place == self.place, condition).order_by(SaidRow.id)
        with self._desk.database.read() as session:
            return [_said(row) for row in session.execute(query).scalars()]

    def _forgotten(self, session: Session, mentions: Sequence[Mention]) -> set[str]:
        """Hashes of those whose person has been forgotten meanwhile."""
        wanted = [hashed(one.post) for one in mentions]
        known = select(MentionRow.post).where(MentionRow.place == self.place, MentionRow.post.in_(wanted))
        return set(session.execute(known).scalars())

    def _keep(self, session: Session, said: Said) -> None:
        """A post about a job that was deleted while it was on its way is to go, too."""
        insert_unless_there(session, SaidRow, self._values(said))
        if said.job_id is None:
            return
        job = select(JobRow.seq).where(JobRow.id == said.job_id)
        if (
            session.execute(job.with_for_update(read=True)).first() is None
        ):  # who deletes it waits for us, or we for them
            no_more_said(session, SaidRow.place == self.place, SaidRow.post == said.post)

    def _mention(self, post: str) -> ColumnElement[bool]:
        return (MentionRow.place == self.place) & (MentionRow.post == post)

    def _values(self, said: Said) -> dict[str, Any]:
        return {
            "place": self.place,
            "post": said.post,
            "person": said.person,
            "mention": said.mention,
            "kind": said.kind,
            "job_id": said.job_id,
            "at": self._desk.clock(),
        }


def _said(row: SaidRow) -> Said:
    kinds: dict[str, Kind] = {"accepted": "accepted", "question": "question", "answer": "answer", "end": "end"}
    return Said(row.post, row.person, row.mention, kinds[row.kind], row.job_id)
