"""Works to look at: newest, best, random, by person, style, label, challenge; page by page, always by an index."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bot.community.tables import WorkLabelRow, WorkRow
from bot.community.work import Work, with_parent, work_of, works_of
from bot.desk import Desk, RefusedError

Order = Literal["newest", "top", "random"]
Period = Literal["week", "month", "all"]
DAYS: dict[Period, int | None] = {"week": 7, "month": 30, "all": None}
MOST = 100


@dataclass(frozen=True, slots=True)
class Query:
    """Which works, in which order. What is None does not narrow it."""

    order: Order = "newest"
    period: Period = "all"
    person: str | None = None
    style: str | None = None  # key of a style
    label: str | None = None
    challenge: int | None = None
    server: str | None = None
    nsfw: bool = False  # with those that have the flag
    hidden: bool = False  # with hidden ones: for their owner and for moderators


@dataclass(frozen=True, slots=True)
class Page:
    """Some works, and what to ask for the next ones with."""

    works: tuple[Work, ...]
    after: str | None  # None on the last page


class Gallery:
    """Reads only."""

    def __init__(self, desk: Desk) -> None:
        """See bot.community.Community."""
        self._desk = desk

    def work(self, work_id: str) -> Work:
        """One work, hidden or not: look at `hidden`. Raises NotThereError."""
        with self._desk.database.read() as session:
            return work_of(session, work_id)

    def of_job(self, job_id: str) -> Work | None:
        """The work that a job became, None while it is not published."""
        with self._desk.database.read() as session:
            rows = list(session.execute(with_parent().where(WorkRow.job_id == job_id)).all())
            return works_of(session, rows)[0] if rows else None

    def adult(self, work_id: str | None) -> bool:
        """Whether what is made from a work is not for every eye; also when the work is gone, and nobody can tell."""
        if work_id is None:
            return False
        with self._desk.database.read() as session:
            return session.execute(select(WorkRow.nsfw).where(WorkRow.id == work_id)).scalar_one_or_none() is not False

    def hidden(self, limit: int = 50) -> list[Work]:
        """Those that are off the walls, newest first: for moderators."""
        with self._desk.database.read() as session:
            query = with_parent().where(WorkRow.state == "hidden").order_by(WorkRow.seq.desc()).limit(limit)
            return works_of(session, list(session.execute(query).all()), labelled=False)

    def page(self, query: Query, *, after: str | None = None, limit: int = 24, labelled: bool = True) -> Page:
        """The works after those of the last page. Raises RefusedError for an `after` that is none of ours.

        A random page is drawn anew each time and has no next. Without `labelled` the works have no labels: a wall
        shows none, and they are a query of many rows.
        """
        limit = max(1, min(limit, MOST))
        with self._desk.database.read() as session:
            narrowed = with_parent().where(*self._conditions(query))
            if query.order == "random":
                return Page(tuple(works_of(session, _random(session, narrowed, limit), labelled=labelled)), None)
            columns: list[Any] = [WorkRow.votes, WorkRow.seq] if query.order == "top" else [WorkRow.seq]
            if after is not None:
                narrowed = narrowed.where(_beyond(columns, _position(after, len(columns))))
            rows = list(session.execute(narrowed.order_by(*(c.desc() for c in columns)).limit(limit + 1)).all())
            works = works_of(session, rows[:limit], labelled=labelled)
        if len(rows) <= limit:
            return Page(tuple(works), None)
        last = rows[limit - 1][0]
        return Page(tuple(works), "-".join(str(getattr(last, column.key)) for column in columns))

    def _conditions(self, query: Query) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if not query.hidden:
            found.append(WorkRow.state == "shown")
        if not query.nsfw:
            found.append(WorkRow.nsfw.is_(False))
        days = DAYS[query.period]
        if days is not None:
            found.append(WorkRow.published_at >= self._desk.clock() - timedelta(days=days))
        narrow = {
            WorkRow.person: query.person,
            WorkRow.style_key: query.style,
            WorkRow.challenge_id: query.challenge,
            WorkRow.server: query.server,
        }
        found += [column == value for column, value in narrow.items() if value is not None]
        if query.label is not None:
            labelled = select(WorkLabelRow.work_seq).where(WorkLabelRow.label == query.label)
            found.append(WorkRow.seq.in_(labelled))
        return found


def _beyond(columns: list[Any], position: tuple[int, ...]) -> ColumnElement[bool]:
    if len(columns) == 1:
        return columns[0] < position[0]  # type: ignore[no-any-return]
    (votes, seq), (last_votes, last_seq) = columns, position
    return and_(votes <= last_votes, or_(votes < last_votes, seq < last_seq))


def _position(after: str, count: int) -> tuple[int, ...]:
    parts = after.split("-")
    if len(parts) != count or not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise RefusedError("That page is not there: begin again with the first one.", "page_gone")
    return tuple(int(part) for part in parts)


def _random(session: Session, narrowed: Select[Any], limit: int) -> list[Any]:
    """From a random place on, and round to the beginning: an index finds it among any number."""
    place = random.random()  # noqa: S311 - no secret
    by_pick = narrowed.order_by(WorkRow.pick).limit(limit)
    rows = list(session.execute(by_pick.where(WorkRow.pick >= place)).all())
    if len(rows) < limit:
        rows += list(session.execute(by_pick.where(WorkRow.pick < place)).all())[: limit - len(rows)]
    return rows
