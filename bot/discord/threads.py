"""Whatever may block (database, store, pictures) runs in threads, never on the event loop, and never for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from bot.discord.troubles import Trouble, TroubleError

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 16
PATIENCE_SECONDS = 60.0  # of a person who sees that the bot thinks


class Threads:
    """A bounded pool; more calls than threads wait their turn without blocking the loop."""

    def __init__(self, threads: int = THREADS) -> None:
        """No thread is started yet."""
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="discord")

    async def run(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `call` returns or raises. Raises TroubleError when it takes too long; the call itself goes on."""
        return await self.within(PATIENCE_SECONDS, call, *args, **kwargs)

    async def within(self, seconds: float, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, for those that can't wait so long."""
        future = asyncio.get_running_loop().run_in_executor(self._pool, partial(call, *args, **kwargs))
        try:
            # Not wait_for: in Python 3.11 it may swallow that we are cancelled.
            async with asyncio.timeout(seconds):
                return await asyncio.shield(future)
        except TimeoutError as error:
            if future.done():
                raise  # the call's own
            future.add_done_callback(_heard)
            raise TroubleError(Trouble.TOO_SLOW) from error

    def close(self) -> None:
        """Let go of the threads; those at work end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _heard(future: "asyncio.Future[T]") -> None:
    """Take a late exception, so that nobody complains that it was never asked for."""
    if not future.cancelled():
        future.exception()
