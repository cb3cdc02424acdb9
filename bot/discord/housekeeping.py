"""What one of the bot's processes does now and then: forget old marks, begin, post and end challenges."""

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
import structlog

from bot.community import Challenge, NotThereError
from bot.community.places import places
from bot.desk import OutOfReachError
from bot.discord.answering import NONE
from bot.discord.lengths import cut
from bot.discord.parts import FRONT, Parts
from bot.discord.patience import CUT, again, passing
from bot.discord.places import WINNERS
from bot.discord.showing import doodle_of, picture_of, told_challenge, told_winners
from bot.discord.troubles import TroubleError
from bot.discord.words import ENGLISH, catalogue, say

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

ROUND_SECONDS = 20.0
NONCE = 25  # characters that Discord takes
CLOSED_SECONDS = 3600.0  # before a channel that did not let us in is tried again
WEEK = timedelta(days=7)
LIMIT = 10 * 2**20  # bytes that may be uploaded anywhere


class Housekeeping:
    """Rounds."""

    def __init__(self, bot: "TwobitBot", parts: Parts) -> None:
        """Nothing runs yet."""
        self._bot = bot
        self._parts = parts
        self._closed: dict[str, float] = {}  # channels that did not let us in, and when; only saves requests

    async def run(self) -> None:
        """One round, whatever happens in it."""
        await self._safely(self.round)

    async def round(self) -> None:
        """Once. Challenges first: they take a moment, and hundreds of messages to take down must not hold them up."""
        if not await self._parts.threads.run(self._parts.leads, "housekeeping", 3 * ROUND_SECONDS):
            return
        await self._safely(self._challenges)  # else one that fails would leave works on the walls
        await self._bot.showings.round()

    async def _safely(self, part: Callable[[], Awaitable[None]]) -> None:
        try:
            await part()
        except (OutOfReachError, TroubleError) as error:
            log.warning("housekeeping_waits", reason=str(error))
        except Exception:  # the client's edge
            log.exception("housekeeping_failed")

    async def _challenges(self) -> None:
        run, community, desk = self._parts.threads.run, self._parts.community, self._parts.desk
        await run(self._parts.tidy)
        await run(community.challenges.close_due)
        for server, _ in await run(places, desk, "weekly_challenge", FRONT):
            await run(self._begin, server)
        for server, channel in await run(places, desk, "challenge_channel", FRONT):
            if time.monotonic() - self._closed.get(channel, -CLOSED_SECONDS) < CLOSED_SECONDS:
                continue
            await self._post_prompts(server, channel)
            await self._post_winners(server, channel)

    def _begin(self, server: str) -> None:
        """The next weekly challenge of a server, when none is open; one in a calendar week at most. Blocks."""
        challenges, clock = self._parts.community.challenges, self._parts.desk.clock
        if any(one.server == server for one in challenges.open(server)):
            return
        year, week, _ = clock().isocalendar()
        if not self._parts.once(f"weekly:{server}:{year}-{week}"):
            return
        language = self._language(server)
        prompts = [text for key, text in catalogue(language).items() if key.startswith("prompt.")]
        title = prompts[week % len(prompts)]
        prompt = say(language, "challenge.weekly_prompt", title=title)
        challenges.begin(f"{FRONT}:bot", title, prompt, ends=clock() + WEEK, server=server)

    async def _post_prompts(self, server: str, channel: str) -> None:
        """Open challenges that have not been told here; who dies in between leaves it to the next round."""
        run = self._parts.threads.run
        language = await run(self._language, server)
        for challenge in await run(self._parts.community.challenges.open, server):
            posts = await run(self._parts.posts.of, challenge_mark(challenge.id))
            if any(post.startswith(f"{FRONT}:{channel}/") for post in posts):
                continue
            files: list[discord.File] = []
            if challenge.doodle is not None:
                doodle = await run(self._parts.desk.store.get, challenge.doodle)
                files.append(await run(doodle_of, doodle, LIMIT, language))
            text = told_challenge(challenge, language)
            sent = await self._send(server, channel, text, f"b{challenge.id}-{channel}", files)
            if sent is not None:
                await run(self._parts.posts.add, challenge_mark(challenge.id), f"{FRONT}:{channel}/{sent.id}")

    async def _post_winners(self, server: str, channel: str) -> None:
        """Tell the winners in one place, once; who dies in between leaves it to the next, under the same nonce."""
        run, challenges = self._parts.threads.run, self._parts.community.challenges
        announcement = await run(challenges.claim, f"{FRONT}:{channel}", server)
        if announcement is None:
            return
        challenge = announcement.challenge
        text = await run(told_winners, self._parts, challenge, await run(self._language, server))
        files = await self._best(challenge)
        try:
            sent = await self._send(server, channel, text, f"c{challenge.id}-{channel}", files, raises=True)
            for winner in challenge.winners or ():
                assert sent is not None  # else it has raised
                await self._bot.showings.note(f"{WINNERS}{challenge.id}:", winner.work, int(channel), sent.id)
        except (discord.HTTPException, *CUT) as error:
            if passing(error):
                return  # the claim runs out, then it is tried again
        await run(challenges.announced, announcement)

    async def _best(self, challenge: Challenge) -> list[discord.File]:
        """The first winner's painting, where everybody may see it."""
        for winner in (challenge.winners or ())[:1]:
            with suppress(NotThereError):
                work = await self._parts.threads.run(self._parts.community.gallery.work, winner.work)
                if not (work.hidden or work.nsfw):
                    return [await picture_of(self._parts, work, LIMIT)]
        return []

    async def _send(
        self,
        server: str,
        channel: str,
        text: str,
        nonce: str,
        files: Sequence[discord.File],
        *,
        raises: bool = False,
    ) -> discord.Message | None:
        """None when it was not taken, unless it `raises`."""
        target = self._bot.get_partial_messageable(int(channel), guild_id=self._bot.guild_of(server))

        async def send() -> discord.Message:
            for file in files:
                file.reset()
            return await target.send(cut(text), files=list(files), nonce=nonce[-NONCE:], allowed_mentions=NONE)

        try:
            return await again(send)
        except (discord.HTTPException, *CUT) as error:
            log.warning("challenge_not_told", channel=channel, reason=str(error)[:200])
            if not passing(error):
                self._closed[channel] = time.monotonic()
            if raises:
                raise
            return None

    def _language(self, server: str) -> str:
        return self._parts.community.servers.get(server).language or ENGLISH


def challenge_mark(challenge: int) -> str:
    """Under which name a challenge's posts are remembered."""
    return f"challenge-{challenge}"
