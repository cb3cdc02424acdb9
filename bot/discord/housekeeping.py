"""What one of the bot's processes does now and then: forget old marks, tell winners of challenges."""

from typing import TYPE_CHECKING

import discord
import structlog

from bot.community import Challenge, NotThereError
from bot.community.places import places
from bot.desk import OutOfReachError
from bot.discord.answering import NONE
from bot.discord.parts import FRONT, Parts
from bot.discord.patience import CUT, again, passing
from bot.discord.reading import shown
from bot.discord.troubles import TroubleError
from bot.discord.words import ENGLISH, say

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

ROUND_SECONDS = 20.0
NONCE = 25  # characters that Discord takes


class Housekeeping:
    """Rounds."""

    def __init__(self, bot: "TwobitBot", parts: Parts) -> None:
        """Nothing runs yet."""
        self._bot = bot
        self._parts = parts

    async def run(self) -> None:
        """One round, whatever happens in it."""
        try:
            await self.round()
        except (OutOfReachError, TroubleError) as error:
            log.warning("housekeeping_waits", reason=str(error))
        except Exception:  # the client's edge
            log.exception("housekeeping_failed")

    async def round(self) -> None:
        """Once."""
        run, community = self._parts.threads.run, self._parts.community
        if not await run(self._parts.leads, "housekeeping", 3 * ROUND_SECONDS):
            return
        await run(self._parts.tidy)
        await run(community.challenges.close_due)
        for server, channel in await run(places, self._parts.desk, "challenge_channel", FRONT):
            await self._announce(server, channel)

    async def _announce(self, server: str, channel: str) -> None:
        """Tell the winners in one place, once; who dies in between leaves it to the next, under the same nonce."""
        run, challenges = self._parts.threads.run, self._parts.community.challenges
        announcement = await run(challenges.claim, f"{FRONT}:{channel}", server)
        if announcement is None:
            return
        settings = await run(self._parts.community.servers.get, server)
        text = await run(self._told, announcement.challenge, settings.language or ENGLISH)
        target = self._bot.get_partial_messageable(int(channel), guild_id=self._bot.guild_of(server))
        nonce = f"c{announcement.challenge.id}-{channel}"[-NONCE:]
        try:
            await again(lambda: target.send(text, nonce=nonce, allowed_mentions=NONE))
        except (discord.HTTPException, *CUT) as error:
            log.warning("winners_not_told", channel=channel, reason=str(error)[:200])
            if passing(error):
                return  # the claim runs out, then it is tried again
        await run(challenges.announced, announcement)

    def _told(self, challenge: Challenge, language: str) -> str:
        lines = [say(language, "challenge.winners", title=shown(challenge.title))]
        for winner in challenge.winners or ():
            try:
                work = self._parts.community.gallery.work(winner.work)
            except NotThereError:
                continue  # taken back since
            values = {"work": shown(work.title or work.style_name or work.id), "author": shown(work.author or "?")}
            lines.append(say(language, "challenge.winner", place=winner.place, votes=winner.votes, **values))
        if len(lines) == 1:
            lines.append(say(language, "challenge.nobody"))
        return "\n".join(lines)
