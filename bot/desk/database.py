"""The database: SQLite in WAL mode by default, PostgreSQL by URL; the same migrations for both."""

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.desk.errors import OutOfReachError
from worker.contract.connection import without_password

MIGRATIONS = Path(__file__).parent / "migrations"
UNREADABLE = (
    "The database's URL can't be read: give sqlite:///PATH or postgresql://..., "
    "signs like / and @ in a password as %2F and %40"
)
BUSY_SECONDS = 10  # how long SQLite waits for another writer


class Database:
    """Sessions for reading and writing. Raises OutOfReachError when the server is away."""

    def __init__(self, url: str | sa.URL) -> None:
        """`url`: sqlite:///path or postgresql://...; nothing is opened yet. Raises OutOfReachError for another."""
        self.url = _url_with_driver(url)
        self.on_server = not self._is_sqlite  # several machines may work on it
        # SQLite has one writer at a time; a thread that waits here is called, one that waits there sleeps and looks.
        self._turn: AbstractContextManager[Any] = threading.RLock() if self._is_sqlite else nullcontext()
        options: dict[str, Any] = {}
        if self._is_sqlite:
            options["connect_args"] = {"timeout": BUSY_SECONDS}
        else:
            options["connect_args"] = {"connect_timeout": 5}
            options["pool_pre_ping"] = True
        try:
            self.engine = sa.create_engine(self.url, **options)
        except (SQLAlchemyError, ImportError) as error:
            raise OutOfReachError(
                f"The database {self.shown} can't be opened ({error}): give sqlite:///PATH or postgresql://..., "
                "the latter with `pip install 'twobit[postgres]'`"
            ) from error
        if self._is_sqlite:
            _make_sqlite_behave(self.engine)

    @property
    def _is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def shown(self) -> str:
        """The URL without its secrets, for people and logs."""
        return without_password(self.url.render_as_string(hide_password=True))

    def migrate(self) -> None:
        """Bring the tables to this release's state; safe when several processes do it at once."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        logging.getLogger("alembic").setLevel(logging.WARNING)
        with self._reaching(), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(20160305)"))  # ours alone
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that may write; committed at the end, rolled back by an exception."""
        with self._turn, self._reaching(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that only reads; on SQLite it waits for no writer."""
        options = {"twobit_read": True}
        with (
            self._reaching(),
            self.engine.connect().execution_options(**options) as connection,
            Session(connection) as session,
        ):
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise  # two requests with one key: the caller's business
        except (SQLAlchemyError, CommandError) as error:
            cause = getattr(error, "orig", None) or error
            reason = next(iter(str(cause).splitlines()), type(error).__name__)
            raise OutOfReachError(f"The database {self.shown} does not answer: {reason}") from error


def _url_with_driver(url: str | sa.URL) -> sa.URL:
    try:
        made = sa.make_url(url)
    except (SQLAlchemyError, ValueError) as error:  # not their words: what they took for a port may be half a password
        raise OutOfReachError(UNREADABLE) from error
    return made.set(drivername="postgresql+psycopg") if made.drivername in ("postgres", "postgresql") else made


def _make_sqlite_behave(engine: sa.Engine) -> None:
    """Write-ahead log, foreign keys, and BEGIN IMMEDIATE so that two writers queue instead of failing."""

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")  # an accepted request survives a power cut
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        reading = connection.get_execution_options().get("twobit_read", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
