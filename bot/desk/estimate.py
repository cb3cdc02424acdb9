"""Position and time: what a person wants to know first. Both come from the line, see bot.desk.line."""

import heapq
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.line import Waiting, line_of
from bot.desk.pace import EARLY, Pace, share_of
from bot.desk.rules import Rules
from bot.desk.standing import Progress, Standing
from bot.desk.tables import DeskRow, JobRow

LONG = 200  # waiting jobs; a line so long is looked at once a second, however many people ask
LONG_SECONDS = 1.0
GUEST = 2**62  # sequence number of a job that nobody has asked for yet


@dataclass(frozen=True, slots=True)
class Outlook:
    """For every waiting job how many start before it, and in how many seconds it is done (None: nothing known)."""

    places: dict[int, tuple[int, float | None]]  # by sequence number

    @classmethod
    def of(cls, session: Session, now: datetime, rules: Rules, guest: Waiting | None = None) -> "Outlook":
        """Play the line through: whoever is next goes to the painter that is free first."""
        line = line_of(session, rules, guest)
        pace = Pace.of(session)
        free = _painters(session, now, rules, pace)
        places: dict[int, tuple[int, float | None]] = {}
        known = all(rest is not None for rest in free)
        rests = [rest or 0.0 for rest in free]
        heapq.heapify(rests)
        for ahead, job in enumerate(line):
            cost = pace.seconds(job.kind, job.workload, job.pixels)
            known = known and cost is not None
            end = heapq.heappop(rests) + (cost or 0.0)
            heapq.heappush(rests, end)
            places[job.seq] = (ahead, end if known else None)
        return cls(places)


class Estimator:
    """Standings of jobs. One for a desk; safe to use from several threads."""

    def __init__(self) -> None:
        """Nothing looked at yet."""
        self._last: tuple[float, Outlook] | None = None

    def standings(self, session: Session, rows: Sequence[JobRow], now: datetime, rules: Rules) -> list[Standing]:
        """Everything a front may show of these jobs."""
        waiting = [row.seq for row in rows if row.state == "queued"]
        outlook = self._outlook(session, waiting, now, rules) if waiting else Outlook({})
        young = any(row.state == "running" and share_of(row.progress) < EARLY for row in rows)
        pace = Pace.of(session) if young else Pace([])
        return [_standing(row, outlook, pace, now) for row in rows]

    def _outlook(self, session: Session, wanted: list[int], now: datetime, rules: Rules) -> Outlook:
        last = self._last
        if (
            last is not None
            and time.monotonic() - last[0] < LONG_SECONDS
            and all(seq in last[1].places for seq in wanted)
        ):
            return last[1]
        outlook = Outlook.of(session, now, rules)
        self._last = (time.monotonic(), outlook) if len(outlook.places) > LONG else None
        return outlook


def eta_of_new(session: Session, now: datetime, rules: Rules) -> float | None:
    """Seconds until a painting is done that somebody asks for now who asked for nothing lately; None: not known."""
    guest = Waiting(GUEST, "", now)
    return Outlook.of(session, now, rules, guest).places[GUEST][1]


def _standing(row: JobRow, outlook: Outlook, pace: Pace, now: datetime) -> Standing:
    ahead, eta = outlook.places.get(row.seq, (0, None)) if row.state == "queued" else (None, None)
    progress = None if row.progress is None else Progress(**row.progress)
    return Standing(
        job_id=row.id,
        state=row.state,  # type: ignore[arg-type]  # only bot.desk writes this column
        attempt=row.attempt,
        created=row.created_at,
        ahead=ahead,
        eta_seconds=_rest(row, now, pace) if row.state == "running" else eta,
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


def _painters(session: Session, now: datetime, rules: Rules, pace: Pace) -> list[float | None]:
    """Seconds until each painter is free: those at work, and the workers that have nothing to do."""
    running = session.execute(select(JobRow).where(JobRow.state == "running")).scalars().all()
    seen = now - timedelta(seconds=rules.desk_seen)
    workers = session.execute(select(func.max(DeskRow.workers)).where(DeskRow.seen_at > seen)).scalar_one() or 0
    idle = max(workers, 1) - len(running)
    return [_rest(row, now, pace) for row in running] + [0.0] * idle


def _rest(row: JobRow, now: datetime, pace: Pace) -> float | None:
    """Seconds that a running job still takes."""
    share = share_of(row.progress)
    if row.progress is not None and share >= EARLY:
        return float(row.progress["seconds"]) * (1 - share) / share
    whole = pace.seconds(row.kind, row.workload, row.pixels)
    if whole is None or row.started_at is None:
        return None
    return max(0.0, whole - (now - row.started_at).total_seconds())
