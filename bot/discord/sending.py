"""A private message that is sent once at most.

Discord takes no nonce for what an interaction is answered with, and tells nobody which messages it has. So what may
have got through is never sent again: UnsureError tells that nobody knows.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.discord.patience import again

T = TypeVar("T")


class UnsureError(Exception):
    """The answer to a request got lost: it was done, or it was not."""


async def once_at_most(send: Callable[[], Awaitable[T]]) -> T:
    """Await `send()`, again only where Discord said no or was not reached at all. Raises UnsureError, HTTPException."""
    before = async_context.get()
    if type(before) is AsyncWebhookAdapter:  # else it is another's, and none that we know how to hold back
        async_context.set(ONCE)
    try:
        return await again(send)  # a 5xx or a cut connection never reaches it as such
    finally:
        async_context.set(before)


class _Once(AsyncWebhookAdapter):
    """The library's, which sends a message again after a 5xx."""

    async def request(self, route: Any, session: Any, **more: Any) -> Any:
        once: Any = _Session(session)
        return await super().request(route, once, **more)


class _Session:
    """A session whose lost answers are told."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, method: str, url: str, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._session.request(method, url, **more) as response:
                if response.status >= 500:
                    raise UnsureError(f"Discord answered {response.status}")
                yield response
        except aiohttp.ClientConnectorError:
            raise  # nothing was sent
        except (aiohttp.ClientError, OSError) as error:
            raise UnsureError(f"{type(error).__name__}: {error}") from error


ONCE: AsyncWebhookAdapter = _Once()  # type: ignore[no-untyped-call]
