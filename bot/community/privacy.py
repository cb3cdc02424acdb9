"""What a person may take along, and what a person may take back: gone are rows, pictures, previews and late results."""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.community.bans import hashed
from bot.community.posts import leave_word, no_more_said
from bot.community.references import References
from bot.community.tables import (
    AskedRow,
    BanRow,
    ChallengeRow,
    ChallengeVoteRow,
    MentionRow,
    ReportRow,
    SaidRow,
    ServerRow,
    SpentRow,
    StyleRow,
    TokenRow,
    TrayRow,
    UploadRow,
    VoteRow,
    WorkRow,
)
from bot.desk import Desk, RefusedError, UnknownJobError
from bot.desk.standing import FINAL
from bot.desk.tables import JobRow, PictureDigest, Table
from worker.contract import ContractError, MissingPictureError, UnreachableError
from worker.contract.pictures import suffix_of

log = structlog.get_logger(__name__)

# Where a person's own id stands. ChallengeRow, ServerRow and the moderators' columns name whoever did something for
# everybody: that stays, without the name.
OWN: tuple[tuple[type[Table], Any], ...] = (
    (JobRow, JobRow.person),
    (TrayRow, TrayRow.person),
    (StyleRow, StyleRow.added_by),
    (WorkRow, WorkRow.person),
    (VoteRow, VoteRow.person),
    (ReportRow, ReportRow.person),
    (BanRow, BanRow.person),
    (ChallengeVoteRow, ChallengeVoteRow.person),
    (SpentRow, SpentRow.person),
    (TokenRow, TokenRow.person),
    (UploadRow, UploadRow.person),
    (MentionRow, MentionRow.person),
    (SaidRow, SaidRow.person),
    (AskedRow, AskedRow.person),
    (ChallengeRow, ChallengeRow.created_by),
)
NAMELESS: tuple[Any, ...] = (
    ChallengeRow.created_by,
    ServerRow.changed_by,
    BanRow.by,
    ReportRow.resolved_by,
    WorkRow.hidden_by,
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What the file has."""

    rows: int
    pictures: int
    left_out: int  # pictures that did not fit, or are damaged; the file's own README names them


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went."""

    jobs: int
    works: int
    pictures: int


class Privacy:
    """Export and deletion."""

    def __init__(self, desk: Desk, references: References) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._references = references

    def export(self, person: str, out: BinaryIO, *, most_bytes: int = 500 * 2**20) -> Exported:
        """Write a zip: data.json with all rows of the person by table, and pictures/<digest>.<ending>.

        Pictures that would make it larger than `most_bytes` are left out, the latest ones going in first.
        """
        rows = self._rows(person)
        digests = list(dict.fromkeys(digest for table in rows.values() for row in table for digest in _digests(row)))
        left_out: list[str] = []
        size = 0
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            said = {name: [_plain(row) for row in table] for name, table in rows.items()}
            archive.writestr("data.json", json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False))
            for digest in digests:
                data = self._get(digest)
                if data is None or size + len(data) > most_bytes:
                    left_out.append(digest)
                    continue
                size += len(data)
                # They are compressed already.
                info = zipfile.ZipInfo(f"pictures/{digest}.{suffix_of(data)}", (1980, 1, 1, 0, 0, 0))
                archive.writestr(info, data, zipfile.ZIP_STORED)
            archive.writestr("README.txt", _readme(left_out))
        return Exported(sum(map(len, rows.values())), len(digests) - len(left_out), len(left_out))

    def delete(self, person: str) -> Deleted:
        """Delete everything of a person: running jobs are stopped and their late results dropped.

        What mentioned us stays by a hash, so that a network that tells of it again is not answered. Works that others
        made from theirs stay, without a parent. A ban stays too, under a hash instead of the id.
        Where their jobs were answered is kept until the front has taken it down, see bot.community.posts.
        """
        with self._desk.database.write() as session:
            jobs = list(session.execute(select(JobRow).where(JobRow.person == person).with_for_update()).scalars())
            works = list(session.execute(select(WorkRow).where(WorkRow.person == person).with_for_update()).scalars())
            digests = _named_by(session, person)
            leave_word(session, jobs)
            no_more_said(session, SaidRow.person == person)
            _nobody_mentioned(session, person)
            _uncount_votes(session, person)
            for column in NAMELESS:
                session.execute(update(column.class_).where(column == person).values({column: ""}))
            session.execute(update(BanRow).where(BanRow.person == person).values(person=hashed(person)))
            for table, column in OWN:
                if table not in (ChallengeRow, BanRow, MentionRow):
                    session.execute(delete(table).where(column == person))
        self._forget(jobs)
        gone = self._references.release(digests)
        log.info("person_deleted", jobs=len(jobs), works=len(works), pictures=len(gone))
        return Deleted(len(jobs), len(works), len(gone))

    def delete_job(self, job_id: str, by: str | None) -> Deleted:
        """Delete a job, its pictures, its work and its answer, at any stage. `by` None: a moderator or the operator.

        Of a job past its time the work and the answer are left to delete. What others still use stays theirs.
        Raises UnknownJobError when there is neither, RefusedError for somebody else's job.
        """
        with self._desk.database.write() as session:
            jobs = list(session.execute(select(JobRow).where(JobRow.id == job_id).with_for_update()).scalars())
            works = list(session.execute(select(WorkRow).where(WorkRow.job_id == job_id).with_for_update()).scalars())
            rows: list[JobRow | WorkRow] = [*jobs, *works]
            if not rows:
                raise UnknownJobError(f"There is no job {job_id}: it was deleted, or is another's.")
            if by is not None and by != rows[0].person:
                raise RefusedError("Only the one who asked for this painting can delete it.", "job_of_another")
            digests = [digest for one in rows for digest in _digests(one)]
            self._still_counts(session, jobs)
            leave_word(session, jobs)
            no_more_said(session, SaidRow.job_id == job_id, SaidRow.person == rows[0].person)
            session.execute(delete(WorkRow).where(WorkRow.job_id == job_id))
            session.execute(delete(JobRow).where(JobRow.id == job_id))
        self._forget(jobs)
        gone = self._references.release(digests)
        log.info("job_deleted", job=job_id, pictures=len(gone))
        return Deleted(len(jobs), len(works), len(gone))

    def delete_old(self, before: datetime) -> int:
        """Delete jobs that ended before a time; works keep their own copy, answers stay. Returns how many."""
        query = select(JobRow).where(JobRow.state.in_(FINAL), JobRow.finished_at < before).order_by(JobRow.seq)
        with self._desk.database.write() as session:
            rows = list(session.execute(query.limit(500).with_for_update(skip_locked=True)).scalars())
            session.execute(delete(JobRow).where(JobRow.seq.in_([row.seq for row in rows])))
        self._forget(rows)
        self._references.release(digest for row in rows for digest in _digests(row))
        return len(rows)

    def _still_counts(self, session: Session, jobs: Iterable[JobRow]) -> None:
        """What was asked for in the last day counts towards its limits, deleted or not."""
        for job in jobs:
            if job.created_at > self._desk.clock() - timedelta(days=1) and job.state != "failed":
                session.add(SpentRow(person=job.person, at=job.created_at, size_bytes=job.size_bytes))

    def _forget(self, rows: Iterable[JobRow]) -> None:
        """Stop what runs and leave nothing in Redis but the fence of a job that a worker may be painting."""
        for row in rows:
            try:
                if row.state not in FINAL:
                    self._desk.queue.forbid(row.id)
                self._desk.queue.forget(row.id, row.attempt, fence=row.state in FINAL)
                if row.preview is not None:
                    self._desk.store.previews.delete(row.preview)
            except UnreachableError as error:
                # The rows are gone: what a worker still sends is dropped, a preview is swept.
                log.warning("not_forgotten", job=row.id, reason=str(error))

    def _rows(self, person: str) -> dict[str, list[Table]]:
        with self._desk.database.read() as session:
            return {
                table.__tablename__: list(session.execute(select(table).where(column == person)).scalars())[::-1]
                for table, column in OWN
            }

    def _get(self, digest: str) -> bytes | None:
        try:
            return self._desk.store.get(digest)
        except (MissingPictureError, ContractError) as error:
            log.warning("not_exported", digest=digest, reason=str(error))
            return None


def _named_by(session: Session, person: str) -> list[str]:
    return [
        digest
        for table, column in OWN
        if table is not ChallengeRow  # a challenge is everybody's and stays
        for row in session.execute(select(table).where(column == person)).scalars()
        for digest in _digests(row)
    ]


def _digests(row: Table) -> list[str]:
    values = (getattr(row, column.key) for column in row.__table__.columns if isinstance(column.type, PictureDigest))
    return [value for value in values if value is not None]


def _nobody_mentioned(session: Session, person: str) -> None:
    for row in session.execute(select(MentionRow).where(MentionRow.person == person)).scalars():
        row.person, row.post = "", hashed(row.post)
        row.state = "ignored" if row.state == "new" else row.state


def _uncount_votes(session: Session, person: str) -> None:
    voted = select(VoteRow.work_seq).where(VoteRow.person == person)
    session.execute(update(WorkRow).where(WorkRow.seq.in_(voted)).values(votes=WorkRow.votes - 1))


def _plain(row: Table) -> dict[str, Any]:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in values.items()}


def _readme(left_out: list[str]) -> str:
    lines = ["data.json: everything we keep of you, by table. pictures/: the pictures it names, by SHA-256."]
    if left_out:
        lines += ["Pictures that did not fit or could not be read:", *left_out]
    return "\n".join(lines) + "\n"
