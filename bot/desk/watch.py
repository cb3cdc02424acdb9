"""What a front shows while its jobs are under way."""

from dataclasses import dataclass

from sqlalchemy import select, update

from bot.desk.desk import Desk
from bot.desk.errors import UnknownJobError
from bot.desk.standing import Standing
from bot.desk.tables import JobRow

MOST = 500  # jobs in one look; the rest is seen when these have ended


@dataclass(frozen=True, slots=True)
class Watched:
    """An open job and where its person looks for it."""

    address: str
    person: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom a job is for, where it was asked for, and the picture that it begins with."""

    person: str
    front: str
    address: str
    style: str  # digest: of a painting's style, or of the picture that a map is suggested for


def origin(desk: Desk, job_id: str) -> Origin:
    """Of a job of either kind. Raises UnknownJobError."""
    with desk.database.read() as session:
        row = session.execute(select(JobRow).where(JobRow.id == job_id)).scalar_one_or_none()
    if row is None:
        raise UnknownJobError(f"There is no job {job_id}: it was deleted, or never was.")
    return Origin(row.person, row.front, row.address, row.style)


def addresses(desk: Desk, person: str, front: str) -> list[tuple[str, str]]:
    """(job's id, address) of all jobs of a person that this front answers, oldest first."""
    query = select(JobRow.id, JobRow.address).where(JobRow.person == person, JobRow.front == front)
    with desk.database.read() as session:
        return [(job_id, address) for job_id, address in session.execute(query.order_by(JobRow.seq))]


def readdress(desk: Desk, job_id: str, address: str, server: str | None = None) -> bool:
    """The answer went elsewhere than it was asked for: whoever deletes or changes it later must find it.

    False when the job was deleted meanwhile.
    `server`: where that is, for a job that was asked for nowhere in particular (on the web page, by a bot's link).
    """
    with desk.database.write() as session:
        changing = update(JobRow).where(JobRow.id == job_id).values(address=address).returning(JobRow.id)
        there = session.execute(changing).first() is not None
        nowhere = (JobRow.id == job_id, JobRow.server.is_(None))
        session.execute(update(JobRow).where(*nowhere).values(server=server))
    return there


def watched(desk: Desk, front: str) -> list[Watched]:
    """A front's jobs that have not ended, oldest first. Raises OutOfReachError."""
    open_jobs = select(JobRow).where(JobRow.front == front, JobRow.state.in_(("queued", "running")))
    with desk.database.read() as session:
        rows = session.execute(open_jobs.order_by(JobRow.seq).limit(MOST)).scalars().all()
        standings = desk.standings(session, rows)
        return [Watched(row.address, row.person, standing) for row, standing in zip(rows, standings, strict=True)]
