"""Discord as a front of the desk: the outbox calls from its own thread, the loop does the work."""

import asyncio
from concurrent.futures import TimeoutError as LateError
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.community import NotThereError
from bot.community.labels import naming_of
from bot.community.posts import answered_at
from bot.desk import Delivery, FrontError, OutOfReachError, Standing
from bot.desk.watch import readdress
from bot.discord.address import Address, address_from
from bot.discord.asking import About, alt_text
from bot.discord.buttons import finished_view, running_view
from bot.discord.mapping import mapped
from bot.discord.parts import FRONT, Parts, server
from bot.discord.posting import Post, Poster
from bot.discord.rendering import ended, underway
from bot.discord.words import say

if TYPE_CHECKING:
    from collections.abc import Coroutine

log = structlog.get_logger(__name__)

POST_SECONDS = 50.0  # less than the desk's claim of a delivery, so that two never post at the same time


class DiscordFront:
    """See bot.desk.Front."""

    name = FRONT

    def __init__(self, poster: Poster, parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
        """`loop`: where the bot runs; the desk calls from other threads."""
        self.poster = poster
        self._parts = parts
        self._loop = loop
        self._locks: dict[str, asyncio.Lock] = {}

    def announce(self, address: str, standing: Standing) -> None:
        """Show the position."""
        self.progress(address, standing)

    def progress(self, address: str, standing: Standing) -> None:
        """Show how far it is. Raises what Discord raises."""
        self._in_loop(self.show(address_from(address), standing.job_id))

    def deliver(self, delivery: Delivery, painting: bytes | None) -> None:
        """Hand over the painting or the sentence, once. Raises FrontError."""
        try:
            address = address_from(delivery.address)
        except ValueError as error:
            raise FrontError(f"this address can't be read: {error}", permanent=True) from error
        try:
            if painting is not None and delivery.standing.kind == "paint" and not address.alt:
                address = self._described(delivery.standing, address)  # asked for on the page, by a link of ours
            post = self._ended(delivery.standing, address, painting)
            self._in_loop(self.hand_over(delivery, address, post))
        except (FrontError, OutOfReachError):
            raise
        except (LateError, TimeoutError) as error:
            raise FrontError("Discord took too long", permanent=False) from error
        except Exception as error:  # the delivery's edge: the claim is given back at once, with the reason
            log.exception("delivery_broke", job=delivery.standing.job_id)
            raise FrontError(f"{type(error).__name__}: {error}", permanent=False) from error

    async def show(self, address: Address, job_id: str) -> bool:
        """Bring the job's message up to date, while the job is under way; False when there is none to edit."""
        run, desk = self._parts.threads.run, self._parts.desk
        async with self._lock(job_id):
            standing = await run(desk.standing, job_id)  # only now: the end may have been delivered meanwhile
            if standing.final:
                return True
            preview = await run(desk.preview, job_id)
            post = Post(
                underway(standing, address),
                lambda: running_view(job_id, address.language),
                preview,
                "preview.jpg",
                say(address.language, "job.preview_alt"),
                spoiler=address.nsfw,
                mark=job_id,
            )
            return await self.poster.edit(address, post)

    def _ended(self, standing: Standing, address: Address, picture: bytes | None) -> Post:
        """Blocks: for the delivery's own thread."""
        if standing.kind == "suggest":
            return mapped(self._parts, standing, address, picture)
        return final_post(standing, address, picture, self._parts.public_url)

    def _described(self, standing: Standing, address: Address) -> Address:
        """A link knows neither what was painted nor whether everybody in the channel may see it."""
        recipe = self._parts.desk.recipe(standing.job_id)
        style = self._parts.community.styles.of_job(recipe.style_key)
        naming = naming_of(style)
        about = About(address.style if style is None else style.name, nsfw=self.nsfw(recipe.remix_of), naming=naming)
        alt = alt_text(address.language, about, recipe.options.seed)
        return replace(address, style=about.style, alt=alt, nsfw=about.nsfw, private=about.nsfw, naming=naming)

    def nsfw(self, work_id: str | None) -> bool:
        """Whether what was made from this work is for adults. Blocks."""
        try:
            return work_id is not None and self._parts.community.gallery.work(work_id).nsfw
        except NotThereError:
            return True  # taken back since: nobody knows any more

    async def hand_over(self, delivery: Delivery, address: Address, post: Post) -> None:
        """Deliver, and say in the log by which way."""
        standing = delivery.standing
        async with self._lock(standing.job_id):
            sent = await self.poster.deliver(address, post, f"d{delivery.id}", look=delivery.token > 1)
            if sent.address != address:
                run, text, guild = self._parts.threads.run, sent.address.to_text(), server(sent.address.guild)
                where = answered_at(FRONT, text)
                if not await run(readdress, self._parts.desk, standing.job_id, text, guild) and where is not None:
                    await run(self._parts.posts.add, standing.job_id, where)  # deleted meanwhile: a round takes it down
        self._locks.pop(standing.job_id, None)
        log.info("posted", job=standing.job_id, way=sent.way, state=standing.state)

    async def repair(self, address: Address, standing: Standing, painting: bytes | None) -> None:
        """An edit of ours may have overtaken the delivery by another process: show the end again."""
        async with self._lock(standing.job_id):
            await self.poster.edit(address, final_post(standing, address, painting, self._parts.public_url))

    def _lock(self, job_id: str) -> asyncio.Lock:
        return self._locks.setdefault(job_id, asyncio.Lock())

    def _in_loop(self, work: "Coroutine[object, object, object]") -> None:
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError as error:  # the bot has gone; another delivers this later
            work.close()
            raise FrontError("the bot has stopped", permanent=False) from error
        try:
            future.result(POST_SECONDS)
        except (LateError, TimeoutError):
            future.cancel()
            raise


def final_post(standing: Standing, address: Address, painting: bytes | None, page: str | None) -> Post:
    """The end of a job as a message; `page`: where a painting is found that is too large for Discord."""
    done = standing.state == "done" and painting is not None
    url = None if page is None else f"{page.rstrip('/')}/me"
    too_large = "trouble.too_large_to_send" if url is None else "job.on_the_page"
    return Post(
        ended(standing, address),
        lambda: finished_view(standing.job_id, address.language, done=done),
        painting if done else None,
        f"twobit-{standing.job_id}.png",
        address.alt or say(address.language, "job.alt", style=address.style),
        spoiler=address.nsfw,
        too_large=say(address.language, too_large, url=url),
        too_large_view=lambda: finished_view(standing.job_id, address.language, done=done, page=url is not None),
        mark=standing.job_id,
    )
