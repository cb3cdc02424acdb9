"""Challenges: a prompt and a week; everybody has one vote; the winners are found once and told once in each place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.community.dialect import insert_unless_there, upsert
from bot.community.errors import NotThereError
from bot.community.pictures import checked, naming
from bot.community.references import References
from bot.community.rules import CommunityRules
from bot.community.tables import AnnouncementRow, ChallengeRow, ChallengeVoteRow, WorkRow
from bot.community.words import line
from bot.community.work import row_of
from bot.desk import Desk, RefusedError

log = structlog.get_logger(__name__)

LONGEST_DAYS = 60
STALE_DAYS = 7  # winners of longer ago are news nowhere


@dataclass(frozen=True, slots=True)
class Winner:
    """One of the best. The work may have been taken back since."""

    work: str  # id
    votes: int
    place: int  # 1 is the first; works with as many votes have their order by time, the earlier first


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge."""

    id: int
    server: str | None  # None: everybody's
    title: str
    prompt: str
    doodle: str | None  # digest of a layout to begin with
    begins: datetime  # UTC
    ends: datetime
    winners: tuple[Winner, ...] | None  # None until it has closed

    def open(self, now: datetime) -> bool:
        """Whether works and votes are taken."""
        return self.begins <= now < self.ends


@dataclass(frozen=True, slots=True)
class Announcement:
    """Winners to tell in one place, claimed by this front for a while."""

    challenge: Challenge
    place: str
    token: int  # fencing token of this claim

    @property
    def nonce(self) -> str:
        """The same for every try: the platform's own protection against saying it twice."""
        return f"challenge-{self.challenge.id}-{self.place}"


class Challenges:
    """All challenges."""

    def __init__(self, desk: Desk, references: References, rules: CommunityRules) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._references = references
        self._rules = rules

    def begin(
        self,
        by: str,
        title: str,
        prompt: str,
        *,
        ends: datetime,
        begins: datetime | None = None,
        server: str | None = None,
        doodle: bytes | None = None,
    ) -> Challenge:
        """Announce a challenge. The front answers for `by` being a moderator. Raises RefusedError."""
        begins = begins or self._desk.clock()
        if not timedelta(0) < ends - begins <= timedelta(days=LONGEST_DAYS) or ends <= self._desk.clock():
            raise RefusedError(
                f"A challenge ends after it begins, {LONGEST_DAYS} days later at most: give other times.",
                "challenge_times",
                days=LONGEST_DAYS,
            )
        picture = None if doodle is None else checked(doodle, "The doodle")
        row = ChallengeRow(
            server=server or "",
            title=line(title, "The title", 120, least=1),
            prompt=line(prompt, "The prompt", 1000, least=1),
            doodle=None if picture is None else picture.digest,
            created_by=by,
            begins_at=begins,
            ends_at=ends,
            winners=None,
        )
        with naming(self._desk, {} if picture is None or doodle is None else {picture.digest: doodle}) as session:
            session.add(row)
        return _challenge(row)

    def get(self, challenge: int) -> Challenge:
        """One challenge. Raises NotThereError."""
        with self._desk.database.read() as session:
            return _challenge(_row(session, challenge))

    def open(self, server: str | None = None) -> list[Challenge]:
        """Those that take works now: the server's and everybody's, the one that ends first going first."""
        now = self._desk.clock()
        query = select(ChallengeRow).where(
            _seen_from(server), ChallengeRow.begins_at <= now, ChallengeRow.ends_at > now
        )
        with self._desk.database.read() as session:
            return [_challenge(row) for row in session.execute(query.order_by(ChallengeRow.ends_at)).scalars()]

    def past(self, server: str | None = None, *, limit: int = 20) -> list[Challenge]:
        """Those that have ended, newest first."""
        query = select(ChallengeRow).where(_seen_from(server), ChallengeRow.ends_at <= self._desk.clock())
        with self._desk.database.read() as session:
            rows = session.execute(query.order_by(ChallengeRow.ends_at.desc()).limit(limit)).scalars()
            return [_challenge(row) for row in rows]

    def check_open(self, session: Session, challenge: int, server: str | None) -> None:
        """Raise RefusedError unless a work made on `server` may take part now."""
        row = _row(session, challenge)
        if not _challenge(row).open(self._desk.clock()):
            until = f"{row.ends_at:%Y-%m-%d %H:%M}"
            text = f"The challenge {row.title!r} is not open: it runs until {until} UTC."
            raise RefusedError(text, "challenge_not_open", title=row.title, until=until)
        if row.server not in ("", server or ""):
            text = f"The challenge {row.title!r} is of another server: take part there."
            raise RefusedError(text, "challenge_elsewhere", title=row.title)

    def vote(self, challenge: int, person: str, work_id: str) -> None:
        """Give one's vote, or move it to another work. Raises RefusedError."""
        with self._desk.database.write() as session:
            row = _row(session, challenge, lock=True)
            if not _challenge(row).open(self._desk.clock()) or row.winners is not None:
                text = f"The challenge {row.title!r} is over: look at its winners."
                raise RefusedError(text, "challenge_over", title=row.title)
            work = row_of(session, work_id)
            if work.challenge_id != challenge or work.state != "shown":
                text = "This work takes no part in the challenge: choose one that does."
                raise RefusedError(text, "challenge_no_part")
            if work.person == person:
                raise RefusedError("This work is your own: give your vote to another.", "vote_own")
            key = {"challenge_id": challenge, "person": person}
            values = {"work_seq": work.seq, "at": self._desk.clock()}
            session.execute(upsert(session, ChallengeVoteRow, key, values))

    def unvote(self, challenge: int, person: str) -> None:
        """Take one's vote back; nothing happens when there is none, or when the challenge is over."""
        with self._desk.database.write() as session:
            row = _row(session, challenge, lock=True)
            if _challenge(row).open(self._desk.clock()) and row.winners is None:
                mine = (ChallengeVoteRow.challenge_id == challenge, ChallengeVoteRow.person == person)
                session.execute(delete(ChallengeVoteRow).where(*mine))

    def voted(self, challenge: int, person: str) -> str | None:
        """The id of the work that has the person's vote."""
        query = select(WorkRow.id).join(ChallengeVoteRow, ChallengeVoteRow.work_seq == WorkRow.seq)
        query = query.where(ChallengeVoteRow.challenge_id == challenge, ChallengeVoteRow.person == person)
        with self._desk.database.read() as session:
            return session.execute(query).scalar_one_or_none()

    def standings(self, challenge: int, *, limit: int = 25) -> list[Winner]:
        """The works that take part, by votes."""
        with self._desk.database.read() as session:
            return _standings(session, challenge, limit)

    def close_due(self) -> list[Challenge]:
        """Find the winners of every challenge that has ended; each is returned by one caller, once."""
        now = self._desk.clock()
        query = select(ChallengeRow.id).where(ChallengeRow.ends_at <= now, ChallengeRow.winners.is_(None))
        with self._desk.database.read() as session:
            due = list(session.execute(query).scalars())
        return [closed for challenge in due if (closed := self._close(challenge)) is not None]

    def claim(self, place: str, server: str | None = None) -> Announcement | None:
        """Winners that `place` (a channel, a wall) on `server` has not told yet, claimed for a while; None: all told.

        Say it with `nonce`, then call `announced`. A claim whose front died is given to another when it has run out.
        """
        now = self._desk.clock()
        told = select(AnnouncementRow.challenge_id).where(
            AnnouncementRow.place == place,
            or_(AnnouncementRow.announced_at.is_not(None), AnnouncementRow.claimed_until >= now),
        )
        news = (ChallengeRow.winners.is_not(None), ChallengeRow.ends_at > now - timedelta(days=STALE_DAYS))
        query = select(ChallengeRow).where(_seen_from(server), *news, ChallengeRow.id.not_in(told))
        until = now + timedelta(seconds=self._rules.claim_seconds)
        with self._desk.database.write() as session:
            for row in session.execute(query.order_by(ChallengeRow.ends_at)).scalars().all():
                token = _claim(session, row.id, place, now, until)
                if token is not None:
                    return Announcement(_challenge(row), place, token)
        return None

    def announced(self, announcement: Announcement) -> bool:
        """The winners have been told. False when another has taken the claim over meanwhile."""
        query = update(AnnouncementRow).where(
            AnnouncementRow.challenge_id == announcement.challenge.id,
            AnnouncementRow.place == announcement.place,
            AnnouncementRow.tries == announcement.token,
        )
        with self._desk.database.write() as session:
            told = session.execute(query.values(announced_at=self._desk.clock()).returning(AnnouncementRow.tries))
            return told.first() is not None

    def _close(self, challenge: int) -> Challenge | None:
        with self._desk.database.write() as session:
            row = _row(session, challenge, lock=True)
            if row.winners is not None:
                return None
            best = [one for one in _standings(session, challenge, self._rules.winners) if one.votes > 0]
            row.winners = [{"work": one.work, "votes": one.votes, "place": one.place} for one in best]
            log.info("challenge_closed", challenge=challenge, winners=len(best))
            return _challenge(row)


def _claim(session: Session, challenge: int, place: str, now: datetime, until: datetime) -> int | None:
    key = {"challenge_id": challenge, "place": place}
    if insert_unless_there(session, AnnouncementRow, {**key, "tries": 1, "claimed_until": until}):
        return 1
    free = (AnnouncementRow.announced_at.is_(None), AnnouncementRow.claimed_until < now)
    mine = (AnnouncementRow.challenge_id == challenge, AnnouncementRow.place == place)
    taking = update(AnnouncementRow).where(*mine, *free).values(tries=AnnouncementRow.tries + 1, claimed_until=until)
    return session.execute(taking.returning(AnnouncementRow.tries)).scalar_one_or_none()


def _standings(session: Session, challenge: int, limit: int) -> list[Winner]:
    votes = func.count(ChallengeVoteRow.person)
    # Both conditions: a vote for a work that has left the challenge counts no more.
    joined = (ChallengeVoteRow.work_seq == WorkRow.seq) & (ChallengeVoteRow.challenge_id == challenge)
    query = select(WorkRow.id, votes).outerjoin(ChallengeVoteRow, joined)
    query = query.where(WorkRow.challenge_id == challenge, WorkRow.state == "shown")
    query = query.group_by(WorkRow.id, WorkRow.seq).order_by(votes.desc(), WorkRow.seq).limit(limit)
    return [Winner(work, count, place) for place, (work, count) in enumerate(session.execute(query), 1)]


def _seen_from(server: str | None) -> ColumnElement[bool]:
    return ChallengeRow.server.in_(("", server or ""))


def _row(session: Session, challenge: int, *, lock: bool = False) -> ChallengeRow:
    query = select(ChallengeRow).where(ChallengeRow.id == challenge)
    row = session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if row is None:
        text = f"There is no challenge {challenge}: look at the list of challenges."
        raise NotThereError(text, "challenge_unknown")
    return row


def _challenge(row: ChallengeRow) -> Challenge:
    winners = None if row.winners is None else tuple(Winner(**one) for one in row.winners)
    return Challenge(row.id, row.server or None, row.title, row.prompt, row.doodle, row.begins_at, row.ends_at, winners)
