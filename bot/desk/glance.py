"""The whole service at one moment, for whoever runs it: what waits, what runs, who works, what ended last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.desk.rules import Rules
from bot.desk.standing import FINAL
from bot.desk.tables import DeliveryRow, DeskRow, JobRow

ENDED = 10  # jobs shown
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lane:
    """What waits of one kind."""

    kind: str  # see bot.desk.standing.Kind
    waiting: int
    people: int
    oldest_seconds: float  # how long the one that came first has waited


@dataclass(frozen=True, slots=True)
class Running:
    """A job under way."""

    job_id: str
    workload: str
    worker: str
    attempt: int
    done: float  # share, [0, 1]
    seconds: float  # since it began


@dataclass(frozen=True, slots=True)
class Ended:
    """A job that ended."""

    job_id: str
    workload: str
    state: str
    attempt: int
    seconds: float | None  # painting only
    ago: float  # s


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What one front owes and has done."""

    front: str
    owed: int
    delivered: int  # within the last hour
    given_up: int  # within the last hour


@dataclass(frozen=True, slots=True)
class Glance:
    """One look. Nobody's name is in it."""

    at: datetime
    desks: int
    workers: int | None  # as the desks count them; None while Redis is away
    lanes: tuple[Lane, ...]
    running: tuple[Running, ...]
    ended: tuple[Ended, ...]
    deliveries: tuple[Deliveries, ...]


def glance(session: Session, now: datetime, rules: Rules) -> Glance:
    """Look at everything, in a handful of queries."""
    seen = DeskRow.seen_at > now - timedelta(seconds=rules.desk_seen)
    desks, workers = session.execute(select(func.count(), func.max(DeskRow.workers)).where(seen)).one()
    return Glance(
        now, desks, workers, _lanes(session, now), _running(session, now), _ended(session, now), _fronts(session, now)
    )


def _lanes(session: Session, now: datetime) -> tuple[Lane, ...]:
    people = func.count(JobRow.person.distinct())
    query = select(JobRow.kind, func.count(), people, func.min(JobRow.created_at)).where(JobRow.state == "queued")
    return tuple(
        Lane(kind, waiting, persons, (now - oldest).total_seconds())
        for kind, waiting, persons, oldest in session.execute(query.group_by(JobRow.kind).order_by(JobRow.kind))
    )


def _running(session: Session, now: datetime) -> tuple[Running, ...]:
    rows = session.execute(select(JobRow).where(JobRow.state == "running").order_by(JobRow.started_at)).scalars()
    return tuple(
        Running(
            row.id,
            row.workload,
            row.worker or "",
            row.attempt,
            float((row.progress or {}).get("done", 0.0)),
            (now - (row.started_at or now)).total_seconds(),
        )
        for row in rows
    )


def _ended(session: Session, now: datetime) -> tuple[Ended, ...]:
    query = select(JobRow).where(JobRow.state.in_(FINAL)).order_by(JobRow.finished_at.desc()).limit(ENDED)
    return tuple(
        Ended(
            row.id, row.workload, row.state, row.attempt, row.seconds, (now - (row.finished_at or now)).total_seconds()
        )
        for row in session.execute(query).scalars()
    )


def _fronts(session: Session, now: datetime) -> tuple[Deliveries, ...]:
    open_ = (DeliveryRow.delivered_at.is_(None), DeliveryRow.given_up.is_(None))
    late = JobRow.finished_at > now - HOUR
    joined = select(DeliveryRow.front, func.count()).join(JobRow, JobRow.seq == DeliveryRow.job_seq)
    owed = _counts(session, select(DeliveryRow.front, func.count()).where(*open_))
    delivered = _counts(session, select(DeliveryRow.front, func.count()).where(DeliveryRow.delivered_at > now - HOUR))
    given_up = _counts(session, joined.where(DeliveryRow.given_up.is_not(None), late))
    fronts = sorted({*owed, *delivered, *given_up})
    return tuple(Deliveries(each, owed.get(each, 0), delivered.get(each, 0), given_up.get(each, 0)) for each in fronts)


def _counts(session: Session, query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(query.group_by(DeliveryRow.front))}
