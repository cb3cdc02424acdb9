"""The line: who starts next. The one place that says so, for dispatch, for the position and for the time to wait.

A person's first job goes before anyone's second: jobs are ranked by how many of the same person run or wait before
them, so that people take turns whatever each has asked for. Among equals goes first who was served longest ago. Who was
not served for a while counts as if that had been `Rules.newcomer` seconds before asking: a newcomer starts next, and
no stream of newcomers keeps anybody waiting much longer than that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.rules import Rules
from bot.desk.tables import JobRow


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that has not begun."""

    seq: int  # order of acceptance
    person: str
    accepted: datetime
    dispatched: bool = False  # lies in Redis already
    kind: str = "paint"
    workload: str = ""  # see bot.desk.pace
    pixels: int = 0


def in_order(
    waiting: Iterable[Waiting], running: Mapping[str, int], served: Mapping[str, datetime], newcomer: float
) -> list[Waiting]:
    """The next to start first.

    `running`: jobs under way by person; `served`: when the last job of a person began, if any did; `newcomer`: s.
    """
    before: Counter[str] = Counter(running)
    since: dict[str, datetime] = {}
    ranked = []
    for job in sorted(waiting, key=lambda job: job.seq):
        person = job.person
        if person not in since:
            asked = job.accepted - timedelta(seconds=newcomer)
            since[person] = max(asked, served.get(person, asked))
        ranked.append(((before[person], since[person], job.seq), job))
        before[person] += 1
    return [job for _, job in sorted(ranked, key=lambda pair: pair[0])]


def line_of(session: Session, rules: Rules, guest: Waiting | None = None) -> list[Waiting]:
    """All that waits in this database, the next to start first. `guest`: as if this one were there too."""
    who = (JobRow.seq, JobRow.person, JobRow.created_at, JobRow.dispatched_at)
    what = (JobRow.kind, JobRow.workload, JobRow.pixels)
    rows = session.execute(select(*who, *what).where(JobRow.state == "queued")).all()
    waiting = [Waiting(row[0], row[1], row[2], row[3] is not None, *row[4:]) for row in rows]
    if guest is not None:
        waiting.append(guest)
    if not waiting:
        return []
    under_way = select(JobRow.person, func.count()).where(JobRow.state == "running").group_by(JobRow.person)
    running = {row[0]: row[1] for row in session.execute(under_way)}
    return in_order(waiting, running, _served(session, waiting, rules), rules.newcomer)


def _served(session: Session, waiting: list[Waiting], rules: Rules) -> dict[str, datetime]:
    """When the last job of each waiting person began; without what is too long ago to matter."""
    oldest = min(job.accepted for job in waiting) - timedelta(seconds=rules.newcomer)
    asking = select(JobRow.person).where(JobRow.state == "queued").distinct().scalar_subquery()
    query = select(JobRow.person, func.max(JobRow.started_at)).where(JobRow.person.in_(asking))
    query = query.where(JobRow.started_at > oldest).group_by(JobRow.person)
    return {row[0]: row[1] for row in session.execute(query) if row[1] is not None}
