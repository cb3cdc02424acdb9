"""Where works are to be seen on Discord, and taking them away: walls, pages of the gallery, reports, told winners.

Every message that shows a work is noted under a place. What is taken back or hidden leaves the walls at once; pages,
reports and winners are looked through by `round`, which also finds what was done on the web page: works that are shown
again, and answers to jobs that were deleted.
"""

import math
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.community import NotThereError, Work
from bot.community.posts import Post, answered_at
from bot.desk import OutOfReachError
from bot.desk.once import KEPT, hold
from bot.discord.address import address_from
from bot.discord.parts import FRONT, Parts
from bot.discord.patience import CUT, again
from bot.discord.places import DOWN, KINDS, PAGE, UNTIL_GONE, WALL, place
from bot.discord.removal import Removal
from bot.discord.showing import age_gated
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.walls import Walls, down_key
from bot.discord.words import language_of
from worker.contract import ContractError, UnreachableError

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

MOST_PAGES = 20_000  # that are remembered; what was paged to before so many others has scrolled away
THIN_OUT_SECONDS = 3600.0  # so seldom the oldest are looked for: that reads all
AT_ONCE = 50  # messages of one round
SECONDS = 20.0  # of a round, after which the rest waits for the next: others wait for their turn, too
VOTE = re.compile(r"tb:vote:(?P<work>\S+)")
UNKNOWN_MESSAGE = 10008
ILL = (OutOfReachError, UnreachableError, TroubleError, discord.RateLimited)  # database, store, both too slow, Discord
FAILS = (*ILL, ContractError, discord.InvalidData)  # a picture that is gone or damaged, a channel of an unknown kind


def work_in(message: discord.Message | None) -> str | None:
    """Id of the work that can be voted for in this message."""
    for row in [] if message is None else message.components:
        for child in getattr(row, "children", [row]):
            found = VOTE.fullmatch(str(getattr(child, "custom_id", "")))
            if found is not None:
                return found["work"]
    return None


def _no_gate(interaction: discord.Interaction[Any]) -> bool:
    """True where there is surely none; of a thread alone it can't be told."""
    channel = interaction.channel
    return not age_gated(interaction) and not (isinstance(channel, discord.Thread) and channel.parent is None)


class Showings:
    """All messages of ours that show works."""

    def __init__(self, bot: "TwobitBot", parts: Parts) -> None:
        """Nothing is asked of Discord yet."""
        self._bot = bot
        self._parts = parts
        self._removal = Removal(bot, parts)
        self.seconds = SECONDS
        self._thinned = -math.inf  # when, on this process's clock

    async def note(self, kind: str, work_id: str, channel: int, message: int, *, gated: bool = False) -> None:
        """A message shows this work now. Where it can't be noted only `tidy` takes it away."""
        try:
            await self._parts.threads.run(self._parts.posts.add, work_id, place(kind, channel, message, gated=gated))
        except (OutOfReachError, TroubleError) as error:
            log.warning("showing_not_noted", work=work_id, reason=str(error))

    async def turned(self, interaction: discord.Interaction[Any], work: Work | None) -> None:
        """The page that a button was pressed in shows `work` from now on, which may be the same again."""
        message, before = interaction.message, work_in(interaction.message)
        if message is None or before is None or interaction.channel_id is None:
            return
        if work is not None and work.id == before:
            return
        places = [place(PAGE, interaction.channel_id, message.id, gated=gated) for gated in (False, True)]
        try:
            await self._parts.threads.run(self._parts.posts.forget, before, places)
        except (OutOfReachError, TroubleError) as error:
            log.warning("showing_not_forgotten", work=before, reason=str(error))

    async def take_down(self, work_id: str) -> None:
        """A work leaves the walls, wherever they are; what can't be reached just now is left to a later `round`."""
        for one in await self._parts.threads.run(self._parts.posts.of, work_id):
            if one.startswith(WALL):
                await self._off_the_wall(Post(work_id, one))

    async def answer_away(self, job_id: str, address: str) -> None:
        """A job is deleted that was answered here; meanwhile its answer may have come elsewhere, which stays noted."""
        where = answered_at(FRONT, address)
        if where is not None and await self._bot.poster.remove(address_from(address)):
            await self._parts.threads.run(self._parts.posts.forget, job_id, [where])

    async def round(self) -> None:
        """Take away what should not be seen any more, hang again what should, however that came; some at a time."""
        run, posts = self._parts.threads.run, self._parts.posts
        ends = time.monotonic() + self.seconds
        if time.monotonic() - self._thinned >= THIN_OUT_SECONDS:
            self._thinned = time.monotonic()
            await run(posts.thin_out, PAGE, MOST_PAGES)
        for post in await run(posts.out_of_place, KINDS, UNTIL_GONE, AT_ONCE):
            await self._change(post, self._off_the_wall if post.place.startswith(WALL) else self._removal.remove)
            if time.monotonic() >= ends:
                return
        for post in await run(posts.shown_again, DOWN, AT_ONCE):
            await self._change(post, self._hang_again)
            if time.monotonic() >= ends:
                return

    async def _change(self, post: Post, change: Callable[[Post], Awaitable[object]]) -> None:
        """One that fails is put off: it must not hold up the others, round after round."""
        try:
            await change(post)
        except FAILS as error:
            log.warning("showing_put_off", work=post.work_id, place=post.place, reason=str(error)[:200])
            await self._parts.threads.run(self._parts.posts.put_off, post, refused=not isinstance(error, ILL))

    async def tidy(self, interaction: discord.Interaction[Any]) -> None:
        """Take the message away in which a button was pressed, when its work is not to be seen there any more."""
        message, work_id = interaction.message, work_in(interaction.message)
        if message is None or work_id is None:
            return
        try:
            work: Work = await self._parts.threads.run(self._parts.community.gallery.work, work_id)
        except NotThereError:
            pass
        except (OutOfReachError, TroubleError) as error:
            log.warning("page_not_looked_at", work=work_id, reason=str(error))
            return
        else:  # what one person sees alone may be their own hidden work
            if message.flags.ephemeral or not (work.hidden or (work.nsfw and _no_gate(interaction))):
                return
        await self._away(interaction, message)

    async def _away(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """By our own rights; else, where we have none, by those that the press of a button gives."""
        calls: list[Any] = [] if message.flags.ephemeral else [message.delete]
        gone = TroubleError(Trouble.WORK_GONE).told(language_of(interaction.locale))
        more: dict[str, Any] = {"content": gone, "attachments": [], "view": None}
        calls.append(lambda: interaction.followup.edit_message(message.id, **more))
        for call in calls:
            try:
                await again(call)
            except (discord.HTTPException, *CUT) as error:
                if isinstance(error, discord.HTTPException) and error.code == UNKNOWN_MESSAGE:
                    return  # gone already
                log.info("page_stays", message=message.id, reason=str(error)[:200])
            else:
                return

    async def _off_the_wall(self, post: Post) -> None:
        run, database, clock = self._parts.threads.run, self._parts.desk.database, self._parts.desk.clock
        # What is hung again must be a new post, also where Discord remembers the old one's nonce.
        await run(hold, database, down_key(post.work_id), "", KEPT.total_seconds(), clock)
        await run(self._remember, post.work_id)
        await self._removal.remove(post)

    def _remember(self, work_id: str) -> None:
        """What is only hidden may be shown again, here or on the page."""
        with suppress(NotThereError):
            self._parts.community.gallery.work(work_id)
            self._parts.posts.add(work_id, DOWN)

    async def _hang_again(self, post: Post) -> None:
        """Behind the age gate, what was flagged; unless it hangs there already, and not by half taken down."""
        run, posts = self._parts.threads.run, self._parts.posts
        for half in await run(posts.put_off_of, post.work_id, WALL):
            await self._removal.remove(half)
        if await run(posts.put_off_of, post.work_id, WALL):
            await run(posts.put_off, post, refused=True)
            return
        with suppress(NotThereError):
            await Walls(self._bot, self._parts).hang(await run(self._parts.community.gallery.work, post.work_id))
        if any(one.startswith(WALL) for one in await run(posts.of, post.work_id)):
            await run(posts.forget, post.work_id, [post.place])
        else:
            await run(posts.put_off, post, refused=True)
