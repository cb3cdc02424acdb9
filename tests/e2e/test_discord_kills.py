"""A bot on Discord killed between every two steps of an answer: what was asked ends once, and nobody is left waiting.

Real are the desk, the queue, the worker and the kills; the painter is a stub, and Discord a server on real HTTP. Who
got no first answer is told by Discord itself, and nothing may come after that.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from bot.discord.words import ENGLISH, say
from tests.bot.discord.stage import MAP, STYLE
from tests.bot.discord.test_painting import SPARSE
from tests.e2e.lives import Lives, lives_on, until
from tests.loopback.openapi import faults_of
from tests.loopback.people import Cast, Exchange, text_of
from tests.loopback.server import Server
from tests.loopback.world import EPHEMERAL, Json, World

MOST_STEPS = 60  # more than any life has
QUIET_SECONDS = 0.5  # in which a second answer would come
THINKS = ("", *(say(ENGLISH, f"job.{name}") for name in ("reading", "unnoted")))


@dataclass(frozen=True)
class Killed(Cast):
    """People on a server whose bot dies again and again."""

    server: Server
    lives: Lives
    loop: asyncio.AbstractEventLoop

    def play(self, act: Callable[[], Exchange]) -> Exchange:
        """One act in the stand-in's own loop."""

        async def go() -> Exchange:
            return act()

        return asyncio.run_coroutine_threadsafe(go(), self.loop).result(10)

    def count(self, query: str) -> int:
        with self.lives.database.read() as session:
            return int(session.execute(sa.text(query)).scalar_one())

    def settled(self) -> bool:
        """Nothing is owed to anybody."""
        owed = "SELECT count(*) FROM job LEFT JOIN delivery ON job_seq = job.seq WHERE delivered_at IS NULL"
        return not self.count("SELECT count(*) FROM asked") and not self.count(owed)

    def ended(self, exchange: Exchange) -> bool:
        """Discord has told that there is no answer, or it is there and the bot owes nothing."""
        interaction = exchange.interaction
        if interaction.kind is None:
            return time.monotonic() - interaction.made > 3.0 and self.settled()
        return self.settled() and not [one for one in exchange.shown() if text_of(one) in THINKS]


@contextmanager
def discord() -> Iterator[tuple[Server, asyncio.AbstractEventLoop]]:
    """The stand-in in a thread."""
    server = Server(World())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = server.listening()
    asyncio.run_coroutine_threadsafe(listening.__aenter__(), loop).result(10)
    try:
        yield server, loop
    finally:
        asyncio.run_coroutine_threadsafe(listening.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killed]:
    data = tmp_path_factory.mktemp("lives")
    with (
        discord() as (server, loop),
        lives_on((server.gateway.url, server.base), data, "tests.loopback.lives") as lives,
    ):
        yield Killed(server, lives, loop)
    faults = faults_of(server.calls)
    assert not faults, "\n".join(sorted(faults))
    log = (data / "tests.loopback.lives.log").read_text()
    assert "Traceback" not in log, log


def at_every_step(stage: Killed, ask: Callable[[], Exchange]) -> list[Exchange]:
    """Ask, kill, until a life goes through all of its steps; returns what was asked."""
    lives, asked = stage.lives, list[Exchange]()
    told: list[str] | None = None
    for step in range(MOST_STEPS):
        lives.kill_at(step)
        asked.append(stage.play(ask))
        until(lambda: lives.died() or stage.ended(asked[-1]), f"step {step}")
        told = None if lives.died() else lives.spared()
        if told is not None:
            break
        lives.bury()
        lives.begin()
        until(lambda: stage.ended(asked[-1]), f"killed at step {step}, never answered: {asked[-1].shown()}")
    assert told is not None, f"it died at each of {MOST_STEPS} steps"
    assert len(asked) > len(told) > 5, told
    time.sleep(QUIET_SECONDS)
    return asked


def paintings(exchange: Exchange) -> list[Json]:
    """Its messages that show one."""
    return [one for one in exchange.shown() if any("twobit-" in file["filename"] for file in one["attachments"])]


def test_a_painting_is_made_once(killed: Killed) -> None:
    from bot.styles import house_style

    doodle = "doodle.png", house_style("coast-dusk").doodle.read_bytes()
    asked = at_every_step(killed, lambda: killed.alice.ask("paint", style="coast-dusk", doodle=doodle, size=64, seed=0))
    made = [len(paintings(one)) for one in asked if one.interaction.kind is not None]
    assert made == [1] * len(made)
    assert len(made) > len(asked) // 2
    assert not [one for one in asked if one.interaction.kind is None and one.shown()]
    assert killed.count("SELECT count(*) FROM job") == len(made)
    assert sum(bool(paintings(one)) for one in asked) == len(made)


def test_a_question_is_asked_once_at_most_and_nobody_waits(killed: Killed) -> None:
    asked = at_every_step(killed, lambda: killed.alice.ask("paint", style="coast-dusk", doodle=SPARSE))
    for one in asked:
        if one.interaction.kind is None:
            assert not one.shown()
            continue
        private = [text_of(message) for message in one.shown() if message["flags"] & EPHEMERAL]
        public = [text_of(message) for message in one.shown() if not message["flags"] & EPHEMERAL]
        assert len(private) <= 1, private
        assert all("look before I paint" in text for text in private)
        assert all("for one person only" in text for text in public)
        assert len(private) + len(public) >= 1
    assert any("look before I paint" in text_of(message) for message in asked[-1].shown())


def test_what_can_not_be_done_twice_is_told(killed: Killed) -> None:
    """Here the map is one's own, so the style is kept at once."""
    names = iter(f"Coast {number}" for number in range(MOST_STEPS))
    asked = at_every_step(killed, lambda: killed.alice.ask("style add", name=next(names), picture=STYLE, map=MAP))
    for one in asked:
        told = [text_of(message) for message in one.shown()]
        assert len(told) == (one.interaction.kind is not None)
        assert all("is there" in text or "restarted in the middle" in text for text in told), told
    assert sum("is there" in text_of(message) for one in asked for message in one.shown()) > 1
