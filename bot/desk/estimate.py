"""Position and time: what a person wants to know first."""

from datetime import datetime
from statistics import fmean

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.standing import Progress, Standing
from bot.desk.tables import JobRow

EARLY = 0.15  # share of the work below which the mean of the last jobs tells more than the first steps
RECENT = 20  # finished jobs that the mean is taken over


def standing_of(session: Session, row: JobRow, now: datetime) -> Standing:
    """Everything a front may show of a job."""
    progress = None if row.progress is None else Progress(**row.progress)
    ahead = _ahead(session, row) if row.state == "queued" else None
    return Standing(
        job_id=row.id,
        state=row.state,  # type: ignore[arg-type]  # only bot.desk writes this column
        attempt=row.attempt,
        created=row.created_at,
        ahead=ahead,
        eta_seconds=_eta(session, row, progress, ahead, now),
        progress=progress,
        result=row.result,
        width=row.width,
        height=row.height,
        seconds=row.seconds,
        notes=tuple(row.notes or ()),
        failure=row.failure,
        message=row.message,
        person=row.person,
        preview=row.preview,
    )


def _ahead(session: Session, row: JobRow) -> int:
    query = select(func.count()).select_from(JobRow).where(JobRow.state == "queued", JobRow.seq < row.seq)
    return int(session.execute(query).scalar_one())


def _eta(session: Session, row: JobRow, progress: Progress | None, ahead: int | None, now: datetime) -> float | None:
    if row.state == "running":
        return _rest(row, progress, now, _mean_seconds(session))
    return None if row.state != "queued" or ahead is None else eta_of_next(session, now, ahead)


def eta_of_next(session: Session, now: datetime, ahead: int) -> float | None:
    """Seconds until the painting is there of a job that has `ahead` others before it; None while nothing is known."""
    mean = _mean_seconds(session)
    running = session.execute(select(JobRow).where(JobRow.state == "running")).scalars().all()
    rests = [_rest(other, Progress(**other.progress) if other.progress else None, now, mean) for other in running]
    if mean is None or any(rest is None for rest in rests):
        return None
    # The running ones say how many painters there are; the line before us is shared among them.
    return (sum(rest or 0.0 for rest in rests) + ahead * mean) / max(1, len(running)) + mean


def _rest(row: JobRow, progress: Progress | None, now: datetime, mean: float | None) -> float | None:
    if progress is not None and progress.done >= EARLY:
        return progress.seconds * (1 - progress.done) / progress.done
    if mean is None or row.started_at is None:
        return None
    return max(0.0, mean - (now - row.started_at).total_seconds())


def _mean_seconds(session: Session) -> float | None:
    """Mean time from start to finish of the last jobs, None while there are none."""
    query = select(JobRow.started_at, JobRow.finished_at).where(JobRow.state == "done")
    rows = session.execute(query.order_by(JobRow.seq.desc()).limit(RECENT)).all()
    spans = [(finished - started).total_seconds() for started, finished in rows if started and finished]
    return fmean(spans) if spans else None
