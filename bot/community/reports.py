"""Reports of works: said once a person, seen by moderators, and acted on without them when many agree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.community.dialect import insert_unless_there
from bot.community.rules import CommunityRules
from bot.community.tables import ReportRow, WorkRow
from bot.community.words import line
from bot.community.work import Work, row_of, with_parent, work_of, works_of
from bot.desk import Desk, RefusedError

log = structlog.get_logger(__name__)

Verdict = Literal["hide", "dismiss"]
BY_MANY = "reports"


@dataclass(frozen=True, slots=True)
class Report:
    """What one person said."""

    person: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reported:
    """A work with its open reports, oldest first."""

    work: Work
    reports: tuple[Report, ...]


class Reports:
    """All reports."""

    def __init__(self, desk: Desk, rules: CommunityRules) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._rules = rules

    def report(self, work_id: str, person: str, reason: str) -> Reported:
        """Report a work; enough open reports of different people hide it at once.

        A person's second report of one work changes nothing. Raises NotThereError, RefusedError for one's own work.
        """
        reason = line(reason, "The reason", 400, least=1)
        with self._desk.database.write() as session:
            work = row_of(session, work_id, lock=True)  # two reports at once must see each other to be counted
            if work.person == person:
                raise RefusedError("This work is your own: you can delete it instead.", "report_own")
            values = {"work_seq": work.seq, "person": person, "reason": reason, "created_at": self._desk.clock()}
            insert_unless_there(session, ReportRow, values)
            still = (ReportRow.work_seq == work.seq, ReportRow.resolution.is_(None))
            count = session.execute(select(func.count()).select_from(ReportRow).where(*still)).scalar_one()
            if count >= self._rules.reports_hide and work.state == "shown":
                work.state, work.hidden_by, work.hidden_reason = "hidden", BY_MANY, f"Reported by {count} people."
                session.flush()
                log.info("work_hidden_by_reports", work=work_id, reports=count)
            return _reported(session, work_of(session, work_id), work.seq)

    def open(self, *, server: str | None = None, limit: int = 50) -> list[Reported]:
        """Works with open reports, the longest waiting first; of one server when named."""
        first = func.min(ReportRow.id).label("first")
        waiting = select(ReportRow.work_seq, first).where(ReportRow.resolution.is_(None)).group_by(ReportRow.work_seq)
        found = waiting.subquery()
        query = with_parent().join(found, found.c.work_seq == WorkRow.seq).order_by(found.c.first).limit(limit)
        if server is not None:
            query = query.where(WorkRow.server == server)
        with self._desk.database.read() as session:
            rows = list(session.execute(query).all())
            works = works_of(session, rows)
            return [_reported(session, work, row.seq) for (row, _), work in zip(rows, works, strict=True)]

    def resolve(self, work_id: str, by: str, verdict: Verdict, *, server: str | None = None) -> Work:
        """A moderator decides: the work is hidden, or stays.

        What stays comes back when the reports had hidden it. `server`: a moderator of that server only, who brings back
        what another of its moderators hid, too, but not what the operator did. The front answers for `by` being one.
        """
        with self._desk.database.write() as session:
            work = row_of(session, work_id, lock=True)
            if server is not None and work.server != server:
                raise RefusedError("This work is of another server: its own moderators decide.", "other_server")
            if verdict == "hide":
                reasons = select(ReportRow.reason).where(ReportRow.work_seq == work.seq).order_by(ReportRow.id)
                if server is None or work.hidden_by in (None, BY_MANY):  # a server's word does not replace another's
                    work.hidden_reason = session.execute(reasons.limit(1)).scalar_one_or_none()
                    work.state, work.hidden_by, work.hidden_server = "hidden", by, server
            elif work.hidden_by == BY_MANY or (
                server is not None and (work.hidden_server == server or work.hidden_by == by)
            ):
                work.state, work.hidden_by, work.hidden_server, work.hidden_reason = "shown", None, None, None
            still = (ReportRow.work_seq == work.seq, ReportRow.resolution.is_(None))
            resolution = "hidden" if verdict == "hide" else "dismissed"
            closing = update(ReportRow).where(*still)
            session.execute(closing.values(resolution=resolution, resolved_by=by, resolved_at=self._desk.clock()))
            session.flush()
            return work_of(session, work_id)


def _reported(session: Session, work: Work, seq: int) -> Reported:
    query = select(ReportRow).where(ReportRow.work_seq == seq, ReportRow.resolution.is_(None)).order_by(ReportRow.id)
    rows = session.execute(query).scalars()
    return Reported(work, tuple(Report(row.person, row.reason, row.created_at) for row in rows))
