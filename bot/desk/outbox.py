"""The outbox: a row per answer, written with the end of its job, claimed by one front at a time."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.desk.rules import Rules
from bot.desk.standing import State
from bot.desk.tables import DeliveryRow, JobRow


def end(session: Session, row: JobRow, state: State, now: datetime, message: str | None = None) -> None:
    """End a job, once, and owe its person one answer; both in the caller's transaction."""
    row.state = state
    row.finished_at = now
    row.message = message
    row.worker = row.lease_until = None
    session.add(DeliveryRow(job_seq=row.seq, front=row.front, tries=0))


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


def delivered(session: Session, delivery_id: int, now: datetime) -> None:
    """The person has the answer."""
    session.execute(update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(delivered_at=now))


def not_delivered(session: Session, delivery_id: int, reason: str, *, permanent: bool, rules: Rules) -> None:
    """Let it be tried again, or give up when that won't help."""
    row = session.get(DeliveryRow, delivery_id)
    if row is None:
        return
    row.claimed_until = None
    if permanent or row.tries >= rules.tries:
        row.given_up = reason
