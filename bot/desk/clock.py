"""Time as the desk sees it: one clock for all processes on one database."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.desk.errors import OutOfReachError

if TYPE_CHECKING:
    from bot.desk.database import Database

Clock = Callable[[], datetime]
TRUSTED_SECONDS = 30.0  # after so long the server is asked again


def utc_now() -> datetime:
    """Aware UTC time of this machine."""
    return datetime.now(UTC)


class ServerClock:
    """The database server's time: machines whose clocks differ must agree when a lease runs out.

    Raises OutOfReachError when the server has never answered; later it goes on from what the server said last.
    """

    def __init__(self, database: "Database") -> None:
        """Asks on first use."""
        self._database = database
        self._lock = threading.Lock()
        self._said: tuple[datetime, float] | None = None  # the server's time, and our monotonic one then

    def __call__(self) -> datetime:
        """Aware UTC time."""
        with self._lock:
            if self._said is None or time.monotonic() - self._said[1] > TRUSTED_SECONDS:
                self._ask()
            assert self._said is not None
            said, then = self._said
        return said + timedelta(seconds=time.monotonic() - then)

    def _ask(self) -> None:
        try:
            with self._database.read() as session:
                before = time.monotonic()
                said = session.execute(select(func.clock_timestamp())).scalar_one()
                self._said = (said.astimezone(UTC), (before + time.monotonic()) / 2)
        except OutOfReachError:
            if self._said is None:
                raise


def clock_of(database: "Database") -> Clock:
    """The clock that all processes on this database share: the server's, or this machine's for SQLite."""
    return ServerClock(database) if database.on_server else utc_now
