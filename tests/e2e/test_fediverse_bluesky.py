"""The Bluesky front against the real PDS and the real AppView: `make test-bluesky`."""

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.desk import Database, Desk
from tests.bot.fediverse.stage import OWN, SAME_SHAPE, Stage
from tests.e2e.every_step import cursor_of, killed_at_every_step
from tests.e2e.lives import Lives, lives_on
from tests.networks.real_bluesky import OnRealBluesky, real_bluesky
from worker.contract import JobQueue, PictureStore

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnRealBluesky]:
    with real_bluesky(tmp_path_factory.mktemp("bluesky")) as made:
        yield made


@pytest.fixture
def stage(net: OnRealBluesky, tmp_path: Path, store: PictureStore, redis_url: str) -> Iterator[Stage]:
    database = Database(f"sqlite:///{tmp_path / 'fediverse.sqlite3'}")
    database.migrate()
    made = Stage(net, Desk(database, store, JobQueue.at(redis_url)))
    yield made
    made.close()
    database.close()


@pytest.fixture(scope="module")
def lives(net: OnRealBluesky, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lives]:
    data = tmp_path_factory.mktemp("lives")
    with lives_on((net.name, net.server.url), data, "tests.networks.lives", cursor_of) as made:
        yield made


def test_words_pictures_and_links(stage: Stage) -> None:
    assert "doodle" in stage.answer("alice", "help").text
    first = stage.painted("alice")
    assert first.pictures == (SAME_SHAPE,)  # the stub's; what was sent came back through the network's JPEGs
    assert first.alts[0].startswith("A painting")
    said = stage.answer("alice", "publish Bay", to=first.id)
    (facet,) = said.raw["facets"]
    assert said.text.encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].startswith(b"https://")
    assert "Gone" in stage.answer("alice", "delete", to=first.id).text
    stage.receiver.remove()
    assert first.id not in [one.id for one in stage.net.said()]


def test_a_large_painting_and_a_label(stage: Stage) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (900, 1200, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "nudity"}]}
    post = stage.net.post("bob", "", OWN, labels=labels)
    stage.hear()
    stage.finish("bob", out.getvalue())
    (said,) = stage.replies(post)
    assert len(said.pictures[0]) <= 1_000_000
    assert said.raw["labels"]["values"] == [{"val": "nudity"}]


def test_a_second_post_can_not_be_written(stage: Stage) -> None:
    post = stage.net.post("carol", "styles")
    stage.receiver.read()
    (waiting,) = stage.parts.inbox.due()
    stage.receiver._asking.work_on(waiting)
    stage.receiver._asking.work_on(waiting)  # as if nothing had been noted
    assert len(stage.replies(post)) == 1


def test_the_session_of_the_last_time_is_taken(stage: Stage) -> None:
    assert isinstance(stage.net, OnRealBluesky)
    before = stage.net.session.read_text()
    stage.begin()
    assert "styles" in stage.answer("alice", "help").text
    assert stage.net.session.read_text() == before


@pytest.mark.parametrize("what", ["painting", "answer"])
def test_answered_once_always(net: OnRealBluesky, lives: Lives, what: str) -> None:
    """Killed between every two steps of a mention's life, as in test_fediverse_kills.py."""
    assert killed_at_every_step(net, lives, what) >= (14 if what == "painting" else 6)
