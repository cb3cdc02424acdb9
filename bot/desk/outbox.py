"""The outbox: a row per answer, written with the end of its job, claimed by one front at a time."""

from datetime import datetime, timedelta

from sqlalchemy import Update, or_, select, update
from sqlalchemy.orm import Session

from bot.desk.rules import Rules
from bot.desk.standing import State
from bot.desk.tables import DeliveryRow, JobRow
from worker.contract import tracing


def end(session: Session, row: JobRow, state: State, now: datetime, message: str | None = None) -> None:
    """End a job, once, and owe its person one answer; both in the caller's transaction."""
    row.state = state
    row.finished_at = now
    row.message = message
    row.worker = row.lease_until = row.preview = None
    session.add(DeliveryRow(job_seq=row.seq, front=row.front, tries=0))
    tracing.whole(row.id, row.created_at, kind=row.kind, outcome=state, attempts=row.attempt, front=row.front)


def claim(
    session: Session, front: str, now: datetime, rules: Rules, job_id: str | None = None
) -> tuple[DeliveryRow, JobRow] | None:
    """Take the oldest open delivery of a front, or that of one job, for `rules.claim` seconds; None if none is open."""
    query = (
        select(DeliveryRow, JobRow)
        .join(JobRow, DeliveryRow.job_seq == JobRow.seq)
        .where(DeliveryRow.front == front, DeliveryRow.delivered_at.is_(None), DeliveryRow.given_up.is_(None))
        .where(or_(DeliveryRow.claimed_until.is_(None), DeliveryRow.claimed_until < now))
        .order_by(DeliveryRow.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=DeliveryRow)
    )
    if job_id is not None:
        query = query.where(JobRow.id == job_id)
    found = session.execute(query).first()
    if found is None:
        return None
    delivery, job = found
    delivery.claimed_until = now + timedelta(seconds=rules.claim)
    delivery.tries += 1
    return delivery, job


def delivered(session: Session, delivery_id: int, token: int, now: datetime) -> None:
    """The person has the answer. A claim that somebody else has taken over changes nothing."""
    session.execute(_mine(delivery_id, token).values(delivered_at=now))


def not_delivered(session: Session, delivery_id: int, token: int, now: datetime, rules: Rules, reason: str) -> None:
    """Let it be tried again after a pause that grows; give up after `rules.tries`."""
    pause = min(2.0 ** (token - 1), rules.longest_pause)
    values = {"claimed_until": now + timedelta(seconds=pause)}
    if token >= rules.tries:
        give_up(session, delivery_id, token, reason)
    else:
        session.execute(_mine(delivery_id, token).values(**values))


def give_up(session: Session, delivery_id: int, token: int, reason: str) -> None:
    """It can never be delivered there."""
    session.execute(_mine(delivery_id, token).values(given_up=reason))


def fetched(session: Session, job_id: str, now: datetime) -> None:
    """The person came for the answer: nothing is owed any more, whoever holds the claim."""
    of_job = select(JobRow.seq).where(JobRow.id == job_id).scalar_subquery()
    query = update(DeliveryRow).where(DeliveryRow.job_seq == of_job, DeliveryRow.delivered_at.is_(None))
    session.execute(query.values(delivered_at=now))


def owed(session: Session, job_id: str) -> bool:
    """True while the answer of an ended job is neither delivered nor given up."""
    query = select(DeliveryRow.id).join(JobRow, DeliveryRow.job_seq == JobRow.seq).where(JobRow.id == job_id)
    query = query.where(DeliveryRow.delivered_at.is_(None), DeliveryRow.given_up.is_(None))
    return session.execute(query).first() is not None


def _mine(delivery_id: int, token: int) -> Update:
    return update(DeliveryRow).where(
        DeliveryRow.id == delivery_id, DeliveryRow.tries == token, DeliveryRow.delivered_at.is_(None)
    )
