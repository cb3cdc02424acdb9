"""Discord's short illnesses: 429 without a `Via` header, 503 and cut connections, which the library does not retry."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord
import structlog

log = structlog.get_logger(__name__)
T = TypeVar("T")

TRIES = 4
FIRST_PAUSE = 0.25  # seconds; doubles
LONGEST_PAUSE = 20.0
CUT = (aiohttp.ClientError, ConnectionError, TimeoutError, OSError)
TOO_MANY_REQUESTS = 429


def passing(error: BaseException) -> bool:
    """True for what may succeed when it is tried again."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == TOO_MANY_REQUESTS
    return isinstance(error, (discord.RateLimited, *CUT))


async def again(call: Callable[[], Awaitable[T]], tries: int = TRIES) -> T:
    """Await `call()`, again while it fails in passing; only for what may be done twice. Raises its last error."""
    pause = FIRST_PAUSE
    for left in reversed(range(tries)):
        try:
            return await call()
        except (discord.HTTPException, discord.RateLimited, *CUT) as error:
            if not left or not passing(error):
                raise
            wait = min(_asked_for(error) or pause, LONGEST_PAUSE)
            log.info("discord_again", reason=str(error)[:200], seconds=wait)
        await asyncio.sleep(wait)
        pause *= 2
    raise AssertionError("unreachable")


def _asked_for(error: BaseException) -> float | None:
    """The pause that Discord asks for."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    if isinstance(error, discord.HTTPException):
        found = error.response.headers.get("Retry-After")
        try:
            return None if found is None else float(found)
        except ValueError:
            return None
    return None
