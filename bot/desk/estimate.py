"""Position and time: what a person wants to know first."""

from datetime import datetime
from statistics import fmean

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.standing import WHAT, Progress, Standing
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
        kind=row.kind,  # type: ignore[arg-type]  # as the state
        person=row.person,
        preview=row.preview,
    )


def _ahead(session: Session, row: JobRow) -> int:
    query = select(func.count()).select_from(JobRow).where(JobRow.state == "queued", JobRow.seq < row.seq)
    return int(session.execute(query).scalar_one())


def _eta(session: Session, row: JobRow, progress: Progress | None, ahead: int | None, now: datetime) -> float | None:
    if row.state == "running":
        return _rest(row, progress, now, _mean_seconds(session, row.kind))
    return None if ahead is None else eta_of_next(session, now, row.kind, before=row.seq)


def eta_of_next(session: Session, now: datetime, kind: str, before: int | None = None) -> float | None:
    """Seconds until a job of this kind is done that starts after all that wait; None while nothing is known.

    `before`: only those accepted before this sequence number go first.
    """
    means = {each: _mean_seconds(session, each) for each in WHAT}  # a suggestion takes seconds, a painting a minute
    running = session.execute(select(JobRow).where(JobRow.state == "running")).scalars().all()
    costs = [
        _rest(other, Progress(**other.progress) if other.progress else None, now, means[other.kind])
        for other in running
    ]
    waiting = [JobRow.state == "queued"] if before is None else [JobRow.state == "queued", JobRow.seq < before]
    for each, count in session.execute(select(JobRow.kind, func.count()).where(*waiting).group_by(JobRow.kind)):
        mean = means[each]
        costs.append(None if mean is None else count * mean)
    own = means[kind]
    if own is None or any(cost is None for cost in costs):
        return None
    # The running ones say how many painters there are; the line before us is shared among them.
    return sum(cost or 0.0 for cost in costs) / max(1, len(running)) + own


def _rest(row: JobRow, progress: Progress | None, now: datetime, mean: float | None) -> float | None:
    if progress is not None and progress.done >= EARLY:
        return progress.seconds * (1 - progress.done) / progress.done
    if mean is None or row.started_at is None:
        return None
    return max(0.0, mean - (now - row.started_at).total_seconds())


def _mean_seconds(session: Session, kind: str) -> float | None:
    """Mean time from start to finish of the last jobs of a kind, None while there are none."""
    query = select(JobRow.started_at, JobRow.finished_at).where(JobRow.state == "done", JobRow.kind == kind)
    rows = session.execute(query.order_by(JobRow.seq.desc()).limit(RECENT)).all()
    spans = [(finished - started).total_seconds() for started, finished in rows if started and finished]
    return fmean(spans) if spans else None
