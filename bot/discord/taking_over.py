"""Every process of the bot tells that it lives, and goes on with what those that died have left."""

from typing import TYPE_CHECKING

import structlog

from bot.desk import OutOfReachError
from bot.discord.parts import Parts
from bot.discord.troubles import TroubleError

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

RENEW_SECONDS = 3.0  # well within the lease
MOST_AT_ONCE = 20


class TakingOver:
    """Rounds."""

    def __init__(self, bot: "TwobitBot", parts: Parts) -> None:
        """Nothing runs yet."""
        self._bot = bot
        self._parts = parts
        self._waiting: set[int] = set()  # taken over in the last round

    async def run(self) -> None:
        """One round, whatever happens in it."""
        try:
            await self.round()
        except (OutOfReachError, TroubleError) as error:
            log.warning("taking_over_waits", reason=str(error))
        except Exception:  # the client's edge
            log.exception("taking_over_failed")

    async def round(self) -> None:
        """Renew first: what is ours must not look left behind."""
        run, asked = self._parts.threads.run, self._bot.asked
        await run(asked.renew)
        if not self._bot.is_ready():
            return
        for number in self._waiting & set(self._bot.left):  # a button or command that this release lacks
            log.warning("left_unanswered", interaction=number)
            del self._bot.left[number]
            await run(asked.done, number)
        self._waiting = set()
        for _ in range(MOST_AT_ONCE):
            left = await run(asked.take_over)
            if left is None:
                return
            log.info("taken_over", interaction=left.number, tries=left.tries)
            self._waiting.add(left.number)
            self._bot.take_over(left)
