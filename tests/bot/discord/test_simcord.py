"""The same bot on somebody else's stand-in for Discord, which knows permissions, forms and time that is moved."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.desk.settle import settle
from bot.desk.tables import JobRow
from bot.discord.bot import TwobitBot
from bot.discord.reading import Reader
from bot.discord.syncing import sync
from tests.bot.discord.stage import DOODLE, MAP, STYLE, make_parts
from tests.bot.discord.test_painting import SPARSE
from tests.pictures import painted
from worker.contract import Done, Started
from worker.contract.pictures import encode_png

simcord = pytest.importorskip("simcord", reason="simcord is not installed: `pip install 'twobit[test]'`")

CDN = frozenset({"cdn.simcord.invalid"})


def finish(parts: Any, job_id: str) -> None:
    """A painter paints it."""
    from tests.bot.discord.stage import STYLE_MAP

    digest = parts.desk.store.put(encode_png(painted(STYLE_MAP), {"seed": 1}))
    with parts.desk.database.write() as session:
        session.query(JobRow).filter_by(id=job_id).one().attempt = 1
    for event in (
        Started(job_id=job_id, attempt=1, worker="w"),
        Done(job_id=job_id, attempt=1, worker="w", result=digest, width=64, height=48, seconds=2.0),
    ):
        with parts.desk.database.write() as session:
            settle(session, event, parts.desk.clock(), parts.desk.rules)


def jobs(parts: Any) -> list[str]:
    with parts.desk.database.engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM job ORDER BY seq").scalars())


async def main_path(folder: Path) -> None:
    parts = make_parts(folder, "http://127.0.0.1")
    parts = type(parts)(parts.desk, parts.community, parts.threads, Reader(CDN), holder="one")
    bot = TwobitBot(parts)
    async with simcord.run(bot, settle_timeout=20.0, shard_count=1) as env:
        await sync(bot)
        guild = env.create_guild()
        channel = guild.create_text_channel("paint")
        alice, bob = (guild.add_member(env.create_user(name)) for name in ("alice", "bob"))
        form = await alice.slash(channel, "paint_new")
        assert form.modal is not None
        asked = await alice.submit_modal(form, {"style": STYLE, "style_map": MAP, "doodle": DOODLE})
        assert asked.response is not None
        (job,) = jobs(parts)
        refused = await bob.click(asked.response, label="Cancel")
        assert "Only the one who asked" in refused.followups[0].content
        await env.advance_time(30)
        finish(parts, job)
        for _ in range(100):
            await asyncio.sleep(0.1)
            await env.settle()
            if asked.response is not None and asked.response.attachments:
                break
        assert asked.response is not None
        assert asked.response.attachments[0].filename.startswith("twobit-")
        shown = await bob.send(channel, "look", attachments=[STYLE])
        tray = await alice.context_menu(channel, "Use as style", shown)
        assert tray.response is not None
        assert tray.response.ephemeral
        assert "Your tray" in tray.response.content
        await doubtful(parts, env, channel, alice)
        assert not env.errors
    parts.threads.close()
    parts.desk.database.close()


async def doubtful(parts: Any, env: Any, channel: Any, alice: Any) -> None:
    """What is doubtful is asked in a message that only alice sees; then it is painted and published."""
    before = len(jobs(parts))
    asked = await alice.slash(channel, "paint", style="coast-dusk", doodle=SPARSE, preset="draft")
    question = asked.followups[-1]
    assert "look before I paint" in question.content
    assert question.ephemeral
    assert {one["label"] for row in question.components for one in row["components"]} >= {"Paint", "Change", "Cancel"}
    painting = await alice.click(question, label="Paint")
    assert painting.response is not None
    assert not painting.response.ephemeral
    (job,) = jobs(parts)[before:]
    finish(parts, job)
    for _ in range(100):
        await asyncio.sleep(0.1)
        await env.settle()
        if painting.response.attachments:
            break
    published = await alice.click(painting.response, label="Publish")
    assert "Published" in published.response.content
    page = await alice.slash(channel, "gallery new")
    assert page.response.attachments


def test_the_main_path_on_another_stand_in(tmp_path: Path) -> None:
    asyncio.run(main_path(tmp_path))
