"""Where fronts have posted a work, so that what its owner takes back goes away there too."""

from sqlalchemy import Integer, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.community.dialect import insert_unless_there
from bot.desk import Desk
from bot.desk.tables import Table


class PostRow(Table):
    """A message of a front that shows a work. No foreign key: it is asked for after the work has gone."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("work_id", "place"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    work_id: Mapped[str] = mapped_column(String(32), index=True)
    place: Mapped[str] = mapped_column(String(200))  # the front's own words: "discord:<channel>/<message>"


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

    def forget(self, work_id: str) -> None:
        """They have been taken down."""
        with self._desk.database.write() as session:
            session.execute(delete(PostRow).where(PostRow.work_id == work_id))
