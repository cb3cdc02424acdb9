"""Running for ever, syncing, and what the doctor asks Discord."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket

from bot.discord.bot import INTENTS, TwobitBot
from bot.discord.checking import check
from bot.discord.parts import Parts
from bot.discord.permissions import NEEDED, invite_link, missing
from bot.discord.running import run
from bot.discord.syncing import sync
from tests.bot.discord.stage import TOKEN, make_parts
from tests.loopback.people import until
from tests.loopback.server import Server
from tests.loopback.world import ALL_PERMISSIONS, World
from twobit import discord as settings
from twobit.errors import BadInputError


@asynccontextmanager
async def listening(folder: Path) -> AsyncIterator[tuple[Server, Parts]]:
    """A stand-in without a bot."""
    server = Server(World())
    server.token = TOKEN
    before = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with server.listening():
        discord.http.Route.BASE = server.base
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway.url)
        parts = make_parts(folder, server.world.origin)
        try:
            yield server, parts
        finally:
            parts.threads.close()
            parts.desk.database.close()
            discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


def test_a_gateway_that_is_down_at_first_is_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.running.FIRST_PAUSE", 0.1)

    async def go() -> None:
        async with listening(tmp_path) as (server, parts):
            server.gateway.refuse = 2
            stopping = asyncio.Event()
            running = asyncio.create_task(run(lambda: TwobitBot(parts, guild_ready_timeout=0.05), TOKEN, stopping))
            await until(lambda: server.gateway.identified, 60, "the bot")
            stopping.set()
            await asyncio.wait_for(running, 20)

    asyncio.run(go())


def test_a_wrong_token_ends_it_with_the_reason(tmp_path: Path) -> None:
    async def go() -> None:
        async with listening(tmp_path) as (_, parts):
            with pytest.raises(discord.LoginFailure):
                await run(lambda: TwobitBot(parts), "wrong", asyncio.Event())
            found = await check(TwobitBot(parts, loops=False), "wrong")
            assert [(one.what, bool(one.way_out)) for one in found] == [("token", True)]

    asyncio.run(go())


def test_the_doctor_finds_what_is_missing_and_the_link(tmp_path: Path) -> None:
    async def go() -> None:
        async with listening(tmp_path) as (server, parts):
            found = {one.what: one for one in await check(TwobitBot(parts, loops=False), TOKEN)}
            assert "twobit bot sync" in found["commands"].way_out
            assert "read message history" not in found["permissions"].found
            assert "embed links" in found["permissions"].found
            assert str(NEEDED.value) in found["invite"].found
            server.world.guild.moderators.add(server.world.bot.id)
            async with TwobitBot(parts, loops=False) as bot:
                await bot.login(TOKEN)
                await sync(bot)
            found = {one.what: one for one in await check(TwobitBot(parts, loops=False), TOKEN)}
            assert not [one for one in found.values() if one.way_out]
            assert server.gateway.identified == 0

    asyncio.run(go())


def test_nothing_privileged_is_asked_for() -> None:
    assert not [name for name in ("members", "presences", "message_content") if getattr(INTENTS, name)]
    assert missing(discord.Permissions(ALL_PERMISSIONS)) == []
    assert not NEEDED.administrator
    assert f"permissions={NEEDED.value}" in invite_link(1)


def test_the_token_comes_from_a_variable_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.find_token() is None
    with pytest.raises(BadInputError, match="TWOBIT_DISCORD_TOKEN"):
        settings.needed_token()
    monkeypatch.setenv(settings.TOKEN, "o.n.e")
    assert settings.find_token() == "o.n.e"
    secret = tmp_path / "token"
    monkeypatch.setenv(settings.TOKEN_FILE, str(secret))
    with pytest.raises(BadInputError, match="can't be read"):
        settings.find_token()
    secret.write_text("t.w.o\n")
    assert settings.find_token() == "t.w.o"
    secret.write_text("")
    with pytest.raises(BadInputError, match="empty"):
        settings.find_token()


def test_one_holder_leads(tmp_path: Path) -> None:
    one = make_parts(tmp_path, "http://127.0.0.1")
    other = replace(one, holder="other")
    assert one.leads("x", 30)
    assert not other.leads("x", 30)
    assert one.leads("x", -1)
    assert other.leads("x", 30)
    one.desk.database.close()
