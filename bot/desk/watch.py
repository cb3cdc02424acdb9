"""What a front shows while its jobs are under way."""

from dataclasses import dataclass

from sqlalchemy import select, update

from bot.desk.desk import Desk
from bot.desk.standing import Standing
from bot.desk.tables import JobRow

MOST = 500  # jobs in one look; the rest is seen when these have ended


@dataclass(frozen=True, slots=True)
class Watched:
    """An open job and where its person looks for it."""

    address: str
    person: str
    standing: Standing


def readdress(desk: Desk, job_id: str, address: str) -> None:
    """The answer went elsewhere than it was asked for: whoever deletes or changes it later must find it."""
    with desk.database.write() as session:
        session.execute(update(JobRow).where(JobRow.id == job_id).values(address=address))


def watched(desk: Desk, front: str) -> list[Watched]:
    """A front's jobs that have not ended, oldest first. Raises OutOfReachError."""
    open_jobs = select(JobRow).where(JobRow.front == front, JobRow.state.in_(("queued", "running")))
    with desk.database.read() as session:
        rows = session.execute(open_jobs.order_by(JobRow.seq).limit(MOST)).scalars().all()
        standings = desk.standings(session, rows)
        return [Watched(row.address, row.person, standing) for row, standing in zip(rows, standings, strict=True)]
