"""Taking one noted message away: a post with its forum thread, a page, a report, an answer; a winner's line."""

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.community import NotThereError
from bot.community.posts import Post
from bot.discord.asking import settings_of
from bot.discord.parts import Parts
from bot.discord.patience import CUT, again, passing
from bot.discord.places import PLACE, WALL
from bot.discord.showing import told_winners
from bot.discord.words import ENGLISH, say

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

SECONDS = 30.0  # for one message; Discord may ask for a longer pause than others can wait


class Removal:
    """Takes away what must not be seen any more."""

    def __init__(self, bot: "TwobitBot", parts: Parts) -> None:
        """Nothing is asked of Discord yet."""
        self._bot = bot
        self._parts = parts

    async def remove(self, post: Post) -> bool:
        """True when it is gone, and forgotten; else it is put off, also over a restart: see bot.community.Posts."""
        run, posts = self._parts.threads.run, self._parts.posts
        try:
            async with asyncio.timeout(SECONDS):
                await self._take_away(post.place)
        except (discord.NotFound, NotThereError):
            pass  # gone already, or the challenge whose winners it told
        except (discord.HTTPException, discord.RateLimited, discord.InvalidData, *CUT) as error:
            log.warning("post_stays", work=post.work_id, reason=str(error)[:200])
            await run(posts.put_off, post, refused=not passing(error))
            return False
        await run(posts.forget, post.work_id, [post.place])
        return True

    async def _take_away(self, place: str) -> None:
        """Raises what Discord raises."""
        found = PLACE.match(place)
        if found is None:
            return  # a note without a message
        channel, number, challenge = int(found["channel"]), int(found["message"]), found["challenge"]
        message = self._bot.get_partial_messageable(channel).get_partial_message(number)
        if challenge is not None:
            await self._tell_again(message, int(challenge))
            return
        wall: Any = None
        if place.startswith(WALL):
            wall = self._bot.get_channel(channel) or await again(lambda: self._bot.fetch_channel(channel))
        if isinstance(wall, discord.Thread):
            await self._close(wall, message)
        else:
            await again(message.delete)

    async def _close(self, thread: discord.Thread, message: discord.PartialMessage) -> None:
        """A post in a forum, whose title tells of the work: the whole thread goes, where we may *Manage Threads*.

        Else what its maker may do: another title, no first message, archived. An archived thread must be opened first.
        """
        try:
            await again(thread.delete)
        except discord.Forbidden as error:
            log.info("thread_stays", thread=thread.id, reason=str(error)[:200])
        else:
            return
        settings = await settings_of(self._bot, thread.guild.id)
        title = say(settings.language or ENGLISH, "publish.thread_gone")
        refused: discord.HTTPException | None = None
        calls: list[Any] = [lambda: thread.edit(name=title, archived=False), message.delete]
        for call in (*calls, lambda: thread.edit(archived=True)):
            try:
                await again(call)
            except discord.NotFound:
                continue  # gone already
            except discord.HTTPException as error:
                if passing(error):
                    raise
                refused = refused or error
        if refused is not None:
            raise refused

    async def _tell_again(self, message: discord.PartialMessage, number: int) -> None:
        challenge = await self._parts.threads.run(self._parts.community.challenges.get, number)
        language = await self._parts.threads.run(self._language, challenge.server)
        text = await self._parts.threads.run(told_winners, self._parts, challenge, language)
        await again(lambda: message.edit(content=text, attachments=[]))

    def _language(self, server: str | None) -> str:
        return (self._parts.community.servers.get(server).language if server else None) or ENGLISH
