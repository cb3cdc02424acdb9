"""One of each network for all tests, and a stage on it: people and posts stay, desk and database are new."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk import Database, Desk
from tests.bot.fediverse.stage import Net, Stage, net_of
from worker.contract import JobQueue, PictureStore


@pytest.fixture(scope="session", params=["mastodon", "bluesky"])
def net(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Net]:
    """Each network."""
    with net_of(request.param, tmp_path_factory.mktemp("net")) as made:
        yield made


@pytest.fixture
def kept_on(request: pytest.FixtureRequest) -> str:
    """Where the bot remembers: SQLite, where a test does not ask for both (see tests.bot.fediverse.stage.ON_BOTH)."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def desk(
    kept_on: str, request: pytest.FixtureRequest, tmp_path: Path, store: PictureStore, redis_url: str
) -> Iterator[Desk]:
    """A desk on that database."""
    file = f"sqlite:///{tmp_path / 'fediverse.sqlite3'}"
    database = Database(file if kept_on == "sqlite" else request.getfixturevalue("postgres_url"))
    database.migrate()
    yield Desk(database, store, JobQueue.at(redis_url))
    database.close()


@pytest.fixture
def stage(net: Net, desk: Desk) -> Iterator[Stage]:
    """The bot on that network."""
    made = Stage(net, desk)
    yield made
    made.close()
