"""A work's post in its server's gallery channel, once.

A post in a forum takes no nonce. So whenever one may be there already it is looked for: by its place among our own
messages and the work's id in its buttons. One process at a time is at it; who died is taken over.
"""

import asyncio
import io
import secrets
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.community import Work
from bot.community.posts import GATED
from bot.desk.once import held_until, hold
from bot.discord.answering import NONE
from bot.discord.asking import settings_of
from bot.discord.buttons import work_view
from bot.discord.lengths import cut
from bot.discord.parts import FRONT, Parts
from bot.discord.patience import CUT, FIRST_PAUSE, TRIES, again, passing
from bot.discord.posting import acts_in
from bot.discord.sending import UnsureError
from bot.discord.showing import described, picture_of
from bot.discord.upload import Upload
from bot.discord.words import ENGLISH, say

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

TITLE = 100  # characters of a forum post's
RECENT = 50  # messages of a channel, and posts of a forum with this title, that are looked at
TURN_SECONDS = 40.0  # longer than posting takes; whoever died has no longer turn
LOOK_SECONDS = 1.0
Wall = discord.ForumChannel | discord.TextChannel


class Walls:
    """Hangs works up."""

    def __init__(self, bot: "TwobitBot", parts: Parts) -> None:
        """Nothing is asked of Discord yet."""
        self._bot = bot
        self._parts = parts

    async def hang(self, work: Work) -> str | None:
        """Post it where its server has a gallery channel, unless it hangs there; the channel's mention, or None."""
        guild_id = self._bot.guild_of(work.server)
        settings = await settings_of(self._bot, guild_id)
        if settings.gallery_channel is None or guild_id is None:
            return None
        try:
            channel = await self._channel(int(settings.gallery_channel))
            if channel is None or (work.nsfw and not channel.is_nsfw()):
                return None
            await self._in_turn(channel, work, settings.language or ENGLISH)
        except (discord.HTTPException, UnsureError, *CUT) as error:
            log.warning("work_not_posted", work=work.id, reason=str(error)[:200])
            return None
        return str(channel.mention)

    async def _in_turn(self, channel: Wall, work: Work, language: str) -> None:
        run, database, clock = self._parts.threads.run, self._parts.desk.database, self._parts.desk.clock
        key, mine = f"{FRONT}:hang:{work.id}", secrets.token_hex(8)
        first = await run(self._parts.once, f"p:{work.id}:{channel.id}:{int(work.nsfw)}")
        while not await self._hangs(work):
            if await run(hold, database, key, mine, TURN_SECONDS, clock):
                try:
                    where, message = await self._post(channel, work, language, look=not first)
                    gated = GATED if channel.is_nsfw() else ""
                    await run(self._parts.posts.add, work.id, f"{FRONT}:{where}/{message}{gated}")
                finally:
                    await run(hold, database, key, mine, 0.0, clock)
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _hangs(self, work: Work) -> bool:
        places = await self._parts.threads.run(self._parts.posts.of, work.id)
        return any(place.startswith(f"{FRONT}:") for place in places)

    async def _channel(self, number: int) -> Wall | None:
        found: Any = self._bot.get_channel(number) or await again(lambda: self._bot.fetch_channel(number))
        return found if isinstance(found, Wall) else None

    async def _post(self, channel: Wall, work: Work, language: str, *, look: bool) -> tuple[int, int]:
        """(channel or thread, message), of one that was there or a new one. Raises what Discord raises."""
        file = await picture_of(self._parts, work, channel.guild.filesize_limit)
        nonce = await self._parts.threads.run(nonce_of, self._parts, work.id)
        pause = FIRST_PAUSE
        for left in reversed(range(TRIES)):
            there = await again(lambda: self._there(channel, work, language)) if look else None
            if there is not None:
                return there
            try:
                return await self._send(channel, work, language, file, nonce)
            except (discord.HTTPException, UnsureError, *CUT) as error:
                if not left or not (isinstance(error, UnsureError) or passing(error)):
                    raise
                log.info("post_again", work=work.id, reason=str(error)[:200])
            await asyncio.sleep(pause)
            look, pause = True, pause * 2
        raise AssertionError("unreachable")

    async def _send(self, channel: Wall, work: Work, language: str, file: discord.File, nonce: str) -> tuple[int, int]:
        once = _Once(io.BytesIO(file.fp.read()), file.filename, description=file.description)
        file.reset()
        text, view = cut(described(work, language)), work_view(work.id, language)
        if isinstance(channel, discord.ForumChannel):
            name = title(work, language)
            made = await channel.create_thread(name=name, content=text, file=once, view=view, allowed_mentions=NONE)
            return made.thread.id, made.message.id
        sent = await channel.send(text, file=once, view=view, nonce=nonce, allowed_mentions=NONE)
        return channel.id, sent.id

    async def _there(self, channel: Wall, work: Work, language: str) -> tuple[int, int] | None:
        """Where it hangs already, as far as the bot may look."""
        try:
            async for message in self._candidates(channel, work, language):
                if self._mine(message) and work.id in acts_in(message):
                    return message.channel.id, message.id
        except discord.Forbidden:
            log.warning("wall_not_seen", channel=channel.id)
        return None

    async def _candidates(self, channel: Wall, work: Work, language: str) -> AsyncIterator[discord.Message]:
        """Our latest messages in a channel; the first ones of the forum's posts with this work's title."""
        if isinstance(channel, discord.TextChannel):
            async for message in channel.history(limit=RECENT, after=work.published):
                yield message
            return
        name = title(work, language)
        posts = [one for one in await channel.guild.active_threads() if one.parent_id == channel.id]
        posts = sorted((one for one in posts if one.name == name), key=lambda one: -one.id)
        for post in posts[:RECENT]:
            async for message in post.history(limit=1, oldest_first=True):
                yield message

    def _mine(self, message: discord.Message) -> bool:
        return self._bot.user is not None and message.author.id == self._bot.user.id


class _Once(Upload):
    """The library sends a post in a forum again after a 5xx, and asks each file to begin anew before: here it stops."""

    def reset(self, *, seek: int | bool = True) -> None:
        if seek is not True and seek > 0:
            raise UnsureError("the answer got lost")
        super().reset(seek=seek)


def down_key(work_id: str) -> str:
    """Under which it is remembered when a work was taken down last."""
    return f"{FRONT}:down:{work_id}"


def nonce_of(parts: Parts, work_id: str) -> str:
    """One for each time that a work is hung, the same for every try: Discord answers a known one with the old message,
    which may be gone. Blocks.
    """
    down = held_until(parts.desk.database, down_key(work_id))
    return f"w{work_id}" if down is None else f"w{work_id}-{int(down.timestamp() * 1000) & 0xFFFFFFFF:x}"


def title(work: Work, language: str) -> str:
    """Of a post in a forum."""
    named = work.title or work.style_name or work.id
    return say(language, "publish.thread", title=named, author=work.author)[:TITLE]
