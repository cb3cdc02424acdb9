"""Which pictures some row still names: the one place that decides whether a picture may be deleted."""

from collections.abc import Iterable

import structlog
from sqlalchemy import ColumnElement, select, union
from sqlalchemy.orm import Session

from bot.community import tables
from bot.desk import Desk, OutOfReachError
from bot.desk.locks import deleting_pictures
from bot.desk.tables import JobRow, PictureDigest, Table
from worker.contract import UnreachableError

log = structlog.get_logger(__name__)

BATCH = 200  # digests looked up in one query
assert tables.WorkRow.metadata is Table.metadata  # all tables are known here, whoever imported us


def naming_columns() -> list[ColumnElement[str]]:
    """Every column of every table that names a picture."""
    return [
        column
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, PictureDigest)
    ]


class References:
    """Deletes pictures, but none that a row names. Raises OutOfReachError."""

    def __init__(self, desk: Desk) -> None:
        """See bot.community.Community."""
        self._desk = desk

    def named(self, digests: Iterable[str]) -> set[str]:
        """Those of `digests` that must stay."""
        wanted = list(dict.fromkeys(digests))
        with self._desk.database.read() as session:
            return set().union(*(_named(session, wanted[i : i + BATCH]) for i in range(0, len(wanted), BATCH)))

    def release(self, digests: Iterable[str | None]) -> list[str]:
        """Rows that named these are gone: delete what no other row names. Returns what was deleted."""
        wanted = sorted({digest for digest in digests if digest is not None})
        gone: list[str] = []
        try:
            for start in range(0, len(wanted), BATCH):
                batch = wanted[start : start + BATCH]
                with self._desk.database.write() as session:
                    deleting_pictures(session)
                    for digest in sorted(set(batch) - _named(session, batch)):
                        self._desk.store.delete(digest)
                        gone.append(digest)
        except UnreachableError as error:
            # The rows are gone already; the sweep finds what is left.
            log.warning("pictures_left", count=len(wanted) - len(gone), reason=str(error))
            raise OutOfReachError(str(error)) from error
        return gone

    def release_late(self, digest: str) -> None:
        """A result arrived for a job that is gone: delete it, unless the same painting is being made again.

        Same pictures, choices and seed give the same bytes: a job under way may be about to name this digest. Then, or
        when the store does not answer, the sweep decides a day later. Never raises.
        """
        try:
            with self._desk.database.read() as session:
                busy = session.execute(select(JobRow.seq).where(JobRow.state == "running").limit(1)).first()
            if busy is None:
                self.release([digest])
        except OutOfReachError as error:
            log.warning("late_result_left", reason=str(error))


def _named(session: Session, digests: list[str]) -> set[str]:
    if not digests:
        return set()
    queries = [select(column.label("digest")).where(column.in_(digests)) for column in naming_columns()]
    return set(session.execute(union(*queries)).scalars())
