"""Settings to parts."""

import sqlalchemy as sa

from bot.desk import Database, Desk, OutOfReachError, reading
from bot.desk.readers import Readers
from twobit.errors import OutOfReachServiceError
from twobit.settings import ServiceSettings
from worker.contract import JobQueue, PictureStore, UnreachableError

NOT_RUNNING = "unix:///nonexistent/twobit-is-not-running.sock"


def redis_url(settings: ServiceSettings) -> str:
    """URL of Redis. Raises OutOfReachServiceError with the way out when there is none."""
    url = settings.redis
    if url is None:
        raise OutOfReachServiceError(
            f"No queue: nothing serves {settings.data}. Start `twobit serve --data {settings.data}`, "
            "or name a Redis by --redis-url"
        )
    return url


def database_url(settings: ServiceSettings) -> str | sa.URL:
    """The database asked for, else SQLite in the data folder, whatever characters its path has."""
    return settings.database_url or sa.URL.create("sqlite", database=str(settings.data / "twobit.sqlite3"))


def read_apart(*, page: bool = False) -> None:
    """From now on strangers' pictures are read in processes that can do no harm: for what takes them from outside.

    Those that are kept have one of their own, which starts when it is first needed; for a page, at once.
    """
    stored = Readers(1)
    reading.use(Readers().start(), stored.start() if page else stored)


def open_desk(settings: ServiceSettings) -> Desk:
    """A desk on this data folder, its tables up to date. Works without Redis. Raises OutOfReachServiceError."""
    try:
        database = Database(database_url(settings))
        database.migrate()
        # Accepting and looking need no Redis; a client for one that isn't there answers UnreachableError.
        return Desk(database, PictureStore(settings.store), JobQueue.at(settings.redis or NOT_RUNNING))
    except (OutOfReachError, UnreachableError) as error:
        raise OutOfReachServiceError(str(error)) from error
