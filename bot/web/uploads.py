"""Pictures sent ahead of a job, under their digest: a digest alone opens nobody else's picture."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from bot.community.tables import UploadRow
from bot.desk import Desk, OutOfReachError, RefusedError
from bot.desk.locks import naming_pictures
from worker.contract import UnreachableError

KEPT = timedelta(days=1)
MOST = 200  # of one person within a day


class Uploads:
    """All of them. Every call raises OutOfReachError when the database or the store does not answer."""

    def __init__(self, desk: Desk) -> None:
        """`desk`: for its database, store and clock."""
        self._desk = desk

    def put(self, person: str, data: bytes) -> str:
        """Keep a cleaned picture for a day; returns its digest. Raises RefusedError when there are too many."""
        now = self._desk.clock()
        try:
            digest = self._desk.store.put(data)
            with self._desk.database.write() as session:
                naming_pictures(session)
                session.execute(delete(UploadRow).where(UploadRow.created_at < now - KEPT))
                count = session.execute(select(func.count()).where(UploadRow.person == person)).scalar_one()
                if count >= MOST:
                    raise RefusedError(f"You sent {count} pictures today and {MOST} are taken: use some of them.")
                session.merge(UploadRow(person=person, digest=digest, created_at=now))
            if not self._desk.store.has(digest):  # deleted with the last row that named it, while ours came
                self._desk.store.put(data)
        except UnreachableError as error:
            raise OutOfReachError(str(error)) from error
        return digest

    def has(self, person: str, digest: str) -> bool:
        """True for a picture that this person sent."""
        with self._desk.database.read() as session:
            return session.get(UploadRow, (person, digest)) is not None

    def forget(self, person: str) -> list[str]:
        """All of a person's; returns their digests."""
        with self._desk.database.write() as session:
            gone = delete(UploadRow).where(UploadRow.person == person).returning(UploadRow.digest)
            return list(session.execute(gone).scalars())
