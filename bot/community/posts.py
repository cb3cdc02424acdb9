"""Where fronts show a work, so that what its owner takes back, or a moderator hides, goes away there too."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Integer, String, UniqueConstraint, and_, delete, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.community.dialect import insert_unless_there
from bot.community.tables import WorkRow
from bot.desk import Desk
from bot.desk.tables import Table

GATED = "/adults"  # at the end of a place that is behind an age gate


class PostRow(Table):
    """A message of a front that shows a work. No foreign key: it is asked for after the work has gone."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("work_id", "place"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    work_id: Mapped[str] = mapped_column(String(32), index=True)
    place: Mapped[str] = mapped_column(String(200))  # the front's own words: "discord:<channel>/<message>"


@dataclass(frozen=True, slots=True)
class Post:
    """A message that shows a work."""

    work_id: str
    place: str


class Posts:
    """All posts. Every call raises OutOfReachError when the database does not answer."""

    def __init__(self, desk: Desk) -> None:
        """`desk`: whose database."""
        self._desk = desk

    def add(self, work_id: str, place: str) -> None:
        """Remember a post; again is harmless."""
        with self._desk.database.write() as session:
            insert_unless_there(session, PostRow, {"work_id": work_id, "place": place})

    def of(self, work_id: str) -> list[str]:
        """The places of a work's posts."""
        query = select(PostRow.place).where(PostRow.work_id == work_id).order_by(PostRow.id)
        with self._desk.database.read() as session:
            return list(session.execute(query).scalars())

    def forget(self, work_id: str, places: Iterable[str] | None = None) -> None:
        """They have been taken down: all of them, or those named."""
        mine = [PostRow.work_id == work_id]
        if places is not None:
            mine.append(PostRow.place.in_(list(places)))
        with self._desk.database.write() as session:
            session.execute(delete(PostRow).where(*mine))

    def out_of_place(self, kinds: Iterable[str], for_moderators: Iterable[str] = (), limit: int = 50) -> list[Post]:
        """Posts of works that are gone, hidden, or for adults where there is no age gate; the oldest first.

        `kinds`: how the places begin that are looked at. `for_moderators`: those of them where a work that is hidden,
        or for adults, may stay.
        """
        unfit = or_(WorkRow.state == "hidden", and_(WorkRow.nsfw.is_(True), PostRow.place.not_like(f"%{GATED}")))
        for kind in for_moderators:
            unfit = and_(unfit, PostRow.place.not_like(f"{kind}%"))
        query = select(PostRow.work_id, PostRow.place).outerjoin(WorkRow, WorkRow.id == PostRow.work_id)
        query = query.where(
            or_(*(PostRow.place.like(f"{kind}%") for kind in kinds)),
            PostRow.work_id.not_like("challenge-%"),
            or_(WorkRow.id.is_(None), unfit),
        )
        with self._desk.database.read() as session:
            found = session.execute(query.order_by(PostRow.id).limit(limit))
            return [Post(work_id, place) for work_id, place in found]

    def thin_out(self, kind: str, most: int) -> None:
        """Forget the oldest of the places that begin so, when very many have been noted since."""
        newest = select(func.max(PostRow.id)).scalar_subquery()
        with self._desk.database.write() as session:
            session.execute(delete(PostRow).where(PostRow.id <= newest - most, PostRow.place.like(f"{kind}%")))
