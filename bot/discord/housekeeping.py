"""What one of the bot's processes does now and then: forget old marks, tell winners of challenges."""

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.desk import OutOfReachError
from bot.discord.parts import Parts
from bot.discord.troubles import TroubleError

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

ROUND_SECONDS = 20.0


class Housekeeping:
    """A loop."""

    def __init__(self, bot: "TwobitBot", parts: Parts) -> None:
        """Nothing runs yet."""
        self._bot = bot
        self._parts = parts

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.round()
            except (OutOfReachError, TroubleError) as error:
                log.warning("housekeeping_waits", reason=str(error))
            except Exception:  # the client's edge
                log.exception("housekeeping_failed")

    async def round(self) -> None:
        """Once."""
        await self._parts.threads.run(self._parts.tidy)
