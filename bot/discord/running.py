"""Running the bot for ever: the library reconnects by itself, and what ends it all the same starts it anew."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import discord
import structlog

from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

FIRST_PAUSE = 1.0  # seconds; doubles
LONGEST_PAUSE = 60.0
LONG_LIFE = 120.0  # a bot that lived so long starts from the first pause again


async def run(make: Callable[[], TwobitBot], token: str, stopping: asyncio.Event) -> None:
    """Until `stopping`. Raises discord.LoginFailure for a token that Discord does not know."""
    pause = FIRST_PAUSE
    while not stopping.is_set():
        began = time.monotonic()
        await _one_life(make(), token, stopping)
        if stopping.is_set():
            return
        if time.monotonic() - began > LONG_LIFE:
            pause = FIRST_PAUSE
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _one_life(bot: TwobitBot, token: str, stopping: asyncio.Event) -> None:
    """Log in, connect, work, until it ends by itself or is told to."""
    life = asyncio.create_task(bot.start(token))
    told = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({life, told}, return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            life.result()
            log.warning("bot_ended")
    except discord.LoginFailure:
        raise
    except Exception as error:  # noqa: BLE001  # the client's edge: a gateway that is down, an event that can't be parsed, ...
        log.warning("bot_ended", reason=f"{type(error).__name__}: {error}"[:300])
    finally:
        told.cancel()
        await bot.close()
        life.cancel()
        await asyncio.gather(life, told, return_exceptions=True)
