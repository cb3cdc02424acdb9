"""Things that happen once although several processes hear of them, and things that one of them does at a time."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.desk.clock import Clock
from bot.desk.database import Database
from bot.desk.tables import OnceRow

KEPT = timedelta(days=1)  # no platform repeats itself after so long


def once(database: Database, key: str, clock: Clock) -> bool:
    """True for the first caller with this key, on all machines, within a day. Raises OutOfReachError."""
    try:
        with database.write() as session:
            mark(session, key, clock)
    except IntegrityError:
        return False
    return True


def mark(session: Session, key: str, clock: Clock) -> None:
    """`once` within the caller's transaction, whose end raises IntegrityError for all but the first."""
    session.add(OnceRow(key=key, holder="", until=clock() + KEPT))


def hold(database: Database, key: str, holder: str, seconds: float, clock: Clock) -> bool:
    """True when `holder` has, takes over or keeps this for `seconds` from now. Raises OutOfReachError."""
    now = clock()
    try:
        with database.write() as session:
            row = session.execute(select(OnceRow).where(OnceRow.key == key).with_for_update()).scalar_one_or_none()
            if row is None:
                session.add(OnceRow(key=key, holder=holder, until=now + timedelta(seconds=seconds)))
                return True
            if row.holder != holder and row.until > now:
                return False
            row.holder, row.until = holder, now + timedelta(seconds=seconds)
            return True
    except IntegrityError:  # another took it at the same moment
        return False


def held_until(database: Database, key: str) -> datetime | None:
    """Until when somebody held this last, if it is remembered. Raises OutOfReachError."""
    with database.read() as session:
        return session.execute(select(OnceRow.until).where(OnceRow.key == key)).scalar_one_or_none()


def forget(database: Database, clock: Clock) -> None:
    """Drop what nobody asks for any more."""
    with database.write() as session:
        session.execute(delete(OnceRow).where(OnceRow.until < clock()))
