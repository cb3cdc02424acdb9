"""Looking at more than one job: a person's last ones, the whole queue; and what a job was made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.errors import RefusedError
from bot.desk.estimate import eta_of_new
from bot.desk.request import Request
from bot.desk.rules import Rules
from bot.desk.tables import JobRow
from worker.contract import PaintOptions


@dataclass(frozen=True, slots=True)
class Overview:
    """The queue at one moment."""

    waiting: int
    running: int
    workers: int | None  # None while Redis is away
    eta_seconds: float | None  # of a newcomer's painting that is asked for now; None while nothing is known


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a job was made of: everything to ask for it again, or with other choices."""

    job_id: str
    person: str
    front: str
    address: str
    server: str | None
    state: str  # see bot.desk.standing.State
    options: PaintOptions
    style: str  # digests
    style_map: str
    doodle: str
    content: str | None
    result: str | None
    style_key: str | None
    label_names: dict[str, str]  # of the style map, by colour
    remix_of: str | None
    created: datetime  # UTC
    hidden: bool = False  # its work was, when that was taken back
    nsfw: bool = False  # likewise

    def pictures(self) -> dict[str, str]:
        """Digests by role, without what is not there."""
        roles = {"style": self.style, "style_map": self.style_map, "doodle": self.doodle, "content": self.content}
        return {role: digest for role, digest in roles.items() if digest is not None}

    def request(self, pictures: dict[str, bytes], address: str, options: PaintOptions | None) -> Request:
        """The same wish again, with other choices when given; `pictures` are the bytes by role."""
        return Request(
            style=pictures["style"],
            style_map=pictures["style_map"],
            doodle=pictures["doodle"],
            content=pictures.get("content"),
            options=options or self.options,
            person=self.person,
            front=self.front,
            address=address,
            server=self.server,
            style_key=self.style_key,
            label_names=self.label_names,
            remix_of=self.remix_of,
        )


def last_jobs(session: Session, person: str, limit: int, before: str | None) -> Sequence[JobRow]:
    """A person's jobs, newest first; with `before`, those accepted before that job."""
    query = select(JobRow).where(JobRow.person == person).order_by(JobRow.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(JobRow.seq < select(JobRow.seq).where(JobRow.id == before).scalar_subquery())
    return session.execute(query).scalars().all()


def overview(session: Session, now: datetime, rules: Rules, workers: int | None) -> Overview:
    """The whole queue."""
    query = (
        select(JobRow.state, func.count().label("jobs"))
        .where(JobRow.state.in_(("queued", "running")))
        .group_by(JobRow.state)
    )
    counts = {found.state: found.jobs for found in session.execute(query)}
    eta = eta_of_new(session, now, rules)
    return Overview(counts.get("queued", 0), counts.get("running", 0), workers, eta)


def recipe(row: JobRow) -> Recipe:
    """What the row says. Raises RefusedError for what is no painting."""
    if row.kind != "paint" or row.style_map is None or row.doodle is None:
        raise RefusedError(f"Job {row.id} is a suggested map: only a painting has a recipe.")
    return Recipe(
        job_id=row.id,
        person=row.person,
        front=row.front,
        address=row.address,
        server=row.server,
        state=row.state,
        options=PaintOptions.model_validate(row.options),
        style=row.style,
        style_map=row.style_map,
        doodle=row.doodle,
        content=row.content,
        result=row.result,
        style_key=row.style_key,
        label_names=row.label_names or {},
        remix_of=row.remix_of,
        created=row.created_at,
        hidden=row.hidden,
        nsfw=row.nsfw,
    )
