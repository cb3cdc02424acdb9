"""A work, as a front may show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.community.errors import NotThereError
from bot.community.tables import WorkLabelRow, WorkRow
from worker.contract import PaintOptions


@dataclass(frozen=True, slots=True)
class Work:
    """A painting that its owner made public. A hidden one is still there, for its owner and for moderators."""

    id: str
    job_id: str
    person: str
    author: str  # the name to show; "" for none
    server: str | None
    title: str
    alt: str
    nsfw: bool
    parent: str | None  # id of the work it was made from
    challenge: int | None
    labels: tuple[str, ...]
    style: str  # digests
    style_map: str
    doodle: str
    content: str | None
    result: str
    style_key: str | None
    style_name: str | None
    credit: str | None
    options: PaintOptions
    width: int
    height: int
    seconds: float  # painting only
    hidden: bool  # a web page answers 410
    hidden_by: str | None
    hidden_reason: str | None
    votes: int
    published: datetime  # UTC


Parent = aliased(WorkRow, name="parent")


def with_parent() -> Any:
    """Works and the ids of their parents; add conditions on WorkRow."""
    return select(WorkRow, Parent.id).outerjoin(Parent, WorkRow.parent_seq == Parent.seq)


def works_of(session: Session, rows: Sequence[tuple[WorkRow, str | None]], *, labelled: bool = True) -> list[Work]:
    """Rows of `with_parent`, with their labels unless nobody will look at those: they are many."""
    seqs = [row.seq for row, _ in rows] if labelled else []
    labels: dict[int, list[str]] = {}
    query = select(WorkLabelRow.work_seq, WorkLabelRow.label).where(WorkLabelRow.work_seq.in_(seqs))
    for seq, label in session.execute(query.order_by(WorkLabelRow.label)) if seqs else ():
        labels.setdefault(seq, []).append(label)
    return [_work(row, parent, tuple(labels.get(row.seq, ()))) for row, parent in rows]


def row_of(session: Session, work_id: str, *, lock: bool = False) -> WorkRow:
    """The row of a work, locked for the transaction when asked. Raises NotThereError."""
    query = select(WorkRow).where(WorkRow.id == work_id)
    row = session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if row is None:
        text = "There is no such work: it may have been taken back by the one who made it."
        raise NotThereError(text, "work_gone")
    return row


def work_of(session: Session, work_id: str) -> Work:
    """A work by its id. Raises NotThereError."""
    rows = list(session.execute(with_parent().where(WorkRow.id == work_id)).all())
    if not rows:
        row_of(session, work_id)
    return works_of(session, rows)[0]


def _work(row: WorkRow, parent: str | None, labels: tuple[str, ...]) -> Work:
    return Work(
        id=row.id,
        job_id=row.job_id,
        person=row.person,
        author=row.author,
        server=row.server,
        title=row.title,
        alt=row.alt,
        nsfw=row.nsfw,
        parent=parent,
        challenge=row.challenge_id,
        labels=labels,
        style=row.style,
        style_map=row.style_map,
        doodle=row.doodle,
        content=row.content,
        result=row.result,
        style_key=row.style_key,
        style_name=row.style_name,
        credit=row.credit,
        options=PaintOptions.model_validate(row.options),
        width=row.width,
        height=row.height,
        seconds=row.seconds,
        hidden=row.state == "hidden",
        hidden_by=row.hidden_by,
        hidden_reason=row.hidden_reason,
        votes=row.votes,
        published=row.published_at,
    )
