"""Publishing: a finished painting becomes a work, stays its owner's, and may be taken back or hidden."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.community.bans import Bans
from bot.community.challenges import Challenges
from bot.community.dialect import insert_unless_there
from bot.community.library_style import LibraryStyle
from bot.community.lineage import Lineage, descendants, lineage_of
from bot.community.references import References
from bot.community.styles import Styles
from bot.community.tables import WorkLabelRow, WorkRow
from bot.community.words import line
from bot.community.work import Work, row_of, work_of
from bot.desk import Desk, RefusedError
from bot.desk.job_id import new_job_id
from bot.desk.locks import naming_pictures
from bot.desk.tables import JobRow

log = structlog.get_logger(__name__)

PICTURES = ("style", "style_map", "doodle", "content", "result")
MOST_LABELS = 32
HIDDEN_BEFORE = "It was hidden when it was taken back."


@dataclass(frozen=True, slots=True)
class Publication:
    """What the owner says of a work."""

    author: str = ""  # the name to show
    title: str = ""
    alt: str = ""  # what the picture shows, for those who can't see it; made from style and labels when empty
    nsfw: bool = False
    labels: Sequence[str] = ()  # those that occur in the doodle
    challenge: int | None = None  # to take part in


class Works:
    """What changes works; to look at them see bot.community.gallery."""

    def __init__(self, desk: Desk, references: References, styles: Styles, bans: Bans, challenges: Challenges) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._references = references
        self._styles = styles
        self._bans = bans
        self._challenges = challenges

    def publish(self, job_id: str, by: str, publication: Publication | None = None) -> Work:
        """Make the painting of a job public; only its owner can. The same job again gives the same work.

        A remix of a work with the NSFW flag has it too. What was hidden, or had the flag, when it was taken back is so
        again. Raises UnknownJobError, RefusedError.
        """
        said = publication or Publication()
        labels = list(dict.fromkeys(line(label, "A label's name", 40, least=1) for label in said.labels))[:MOST_LABELS]
        style = self._styles.of_job(self._desk.recipe(job_id).style_key)
        with self._desk.database.write() as session:
            naming_pictures(session)
            job = self._publishable(session, job_id, by)
            values = self._values(session, job, said, labels, style)
            if insert_unless_there(session, WorkRow, values):
                work = row_of(session, values["id"])
                if labels:
                    session.execute(insert(WorkLabelRow), [{"work_seq": work.seq, "label": label} for label in labels])
                log.info("work_published", work=work.id, job=job_id)
            known = session.execute(select(WorkRow.id).where(WorkRow.job_id == job_id)).scalar_one()
            return work_of(session, known)

    def edit(self, work_id: str, by: str, *, title: str | None = None, alt: str | None = None) -> Work:
        """Change what the owner wrote."""
        with self._desk.database.write() as session:
            row = self._owned(session, work_id, by)
            if title is not None:
                row.title = line(title, "The title", 120)
            if alt is not None:
                row.alt = line(alt, "The description", 1000, least=1)
            session.flush()
            return work_of(session, work_id)

    def enter(self, work_id: str, by: str, challenge: int) -> Work:
        """Let a published work take part in a challenge; it keeps its votes and what was made from it.

        Only its owner can. Raises RefusedError.
        """
        with self._desk.database.write() as session:
            row = self._owned(session, work_id, by)
            self._bans.check(session, by, "publish", row.server)
            self._challenges.check_open(session, challenge, row.server)
            row.challenge_id = challenge
            session.flush()
            return work_of(session, work_id)

    def unpublish(self, work_id: str, by: str | None) -> None:
        """Take a work back: row, votes and reports are gone, works made from it stay without it as their parent.

        `by` None is a moderator or the operator. The painting itself stays its owner's, see Privacy.delete_job; its job
        keeps whether the work was hidden or had the NSFW flag.
        """
        with self._desk.database.write() as session:
            of_it = JobRow.id == row_of(session, work_id).job_id
            session.execute(select(JobRow.seq).where(of_it).with_for_update())  # the job first, as all others do
            session.expire_all()
            row = row_of(session, work_id, lock=True) if by is None else self._owned(session, work_id, by)
            session.execute(update(JobRow).where(of_it).values(hidden=row.state == "hidden", nsfw=row.nsfw))
            named = [getattr(row, column) for column in PICTURES]
            session.execute(delete(WorkRow).where(WorkRow.seq == row.seq))
        self._references.release(named)
        log.info("work_unpublished", work=work_id)

    def flag(self, work_id: str, by: str | None, *, nsfw: bool) -> Work:
        """Set or take away the NSFW flag, by the owner or (`by` None) a moderator; remixes get it too.

        Taking it away leaves the remixes as they are. Raises RefusedError while the parent has it.
        """
        with self._desk.database.write() as session:
            row = row_of(session, work_id, lock=True) if by is None else self._owned(session, work_id, by)
            if nsfw:
                family = WorkRow.seq.in_(descendants(session, row.seq))
                session.execute(update(WorkRow).where(family).values(nsfw=True))
            elif row.parent_seq is not None and session.get_one(WorkRow, row.parent_seq).nsfw:
                text = "The work that this one was made from has the NSFW flag, so this one keeps it."
                raise RefusedError(text, "nsfw_stays")
            else:
                row.nsfw = False
            session.flush()
            session.expire_all()
            return work_of(session, work_id)

    def hide(self, work_id: str, by: str, reason: str = "", *, server: str | None = None) -> Work:
        """A moderator takes a work off the walls; `server`: a moderator of that server only.

        The front answers for `by` being one. Raises NotThereError.
        """
        return self._set_state(work_id, "hidden", by, line(reason, "The reason", 400), server)

    def show(self, work_id: str, *, server: str | None = None) -> Work:
        """A moderator puts a hidden work back."""
        return self._set_state(work_id, "shown", None, "", server)

    def lineage(self, work_id: str) -> Lineage:
        """Where a work comes from and what became of it. Raises NotThereError."""
        with self._desk.database.read() as session:
            return lineage_of(session, work_id)

    def _set_state(self, work_id: str, state: str, by: str | None, reason: str, server: str | None) -> Work:
        with self._desk.database.write() as session:
            row = row_of(session, work_id, lock=True)
            if server is not None and row.server != server:
                raise RefusedError("This work is of another server: its own moderators decide.", "other_server")
            row.state, row.hidden_by, row.hidden_reason = state, by, reason or None
            row.hidden_server = server if state == "hidden" else None
            session.flush()
            return work_of(session, work_id)

    def _publishable(self, session: Session, job_id: str, by: str) -> JobRow:
        job = session.execute(select(JobRow).where(JobRow.id == job_id).with_for_update()).scalar_one_or_none()
        if job is None or job.person != by:
            raise RefusedError("Only the one who asked for this painting can publish it.", "job_of_another")
        if job.kind != "paint":
            raise RefusedError(f"Job {job_id} is a suggested map: only a painting can be published.")
        if job.state != "done" or job.result is None:
            raise RefusedError(f"There is no painting to publish: the job is {job.state}.", "no_painting")
        self._bans.check(session, by, "publish", job.server)
        return job

    def _values(
        self, session: Session, job: JobRow, said: Publication, labels: list[str], style: LibraryStyle | None
    ) -> dict[str, Any]:
        parent_query = select(WorkRow).where(WorkRow.id == job.remix_of).with_for_update()
        parent = None if job.remix_of is None else session.execute(parent_query).scalar_one_or_none()
        if said.challenge is not None:
            self._challenges.check_open(session, said.challenge, job.server)
        alt = line(said.alt, "The description", 1000)
        return {
            "id": new_job_id(),
            "job_id": job.id,
            "person": job.person,
            "author": line(said.author, "The name", 80),
            "server": job.server,
            "title": line(said.title, "The title", 120),
            "alt": alt or _described(style, labels),
            "nsfw": said.nsfw or job.nsfw or (parent is not None and parent.nsfw),
            "parent_seq": None if parent is None else parent.seq,
            "challenge_id": said.challenge,
            **{column: getattr(job, column) for column in PICTURES},
            "style_key": job.style_key,
            "style_name": None if style is None else style.name,
            "credit": None if style is None else style.credit[:400],
            "options": job.options,
            "width": job.width,
            "height": job.height,
            "seconds": job.seconds or 0.0,
            "state": "hidden" if job.hidden else "shown",
            "hidden_reason": HIDDEN_BEFORE if job.hidden else None,
            "votes": 0,
            "pick": random.random(),  # noqa: S311 - no secret
            "published_at": self._desk.clock(),
        }

    def _owned(self, session: Session, work_id: str, by: str) -> WorkRow:
        row = row_of(session, work_id, lock=True)
        if row.person != by:
            raise RefusedError("Only the one who published this work can change it.", "work_of_another")
        return row


def _described(style: LibraryStyle | None, labels: list[str]) -> str:
    what = f" of {', '.join(labels)}" if labels else ""
    how = f" in the style of {style.name}" if style is not None else ""
    return f"A painting{what}{how}."
