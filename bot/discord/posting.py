"""The job's message: edited while it can be, else the answer goes where the person finds it, once.

Ways, in this order: edit it by the interaction's token, edit it by the bot's own rights, reply in the channel, a direct
message. Edits may be done twice; new messages carry a nonce that Discord enforces, and a later try looks first whether
an earlier one got through after all.
"""

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import discord
import structlog

from bot.community.shrinking import shrunk
from bot.desk import FrontError
from bot.discord.address import Address
from bot.discord.answering import NONE
from bot.discord.lengths import MOST, cut
from bot.discord.patience import CUT, again, passing
from bot.discord.upload import Reply, Upload

log = structlog.get_logger(__name__)

TOO_LARGE = 40005
ENTITY_TOO_LARGE = 413
RECENT = 50  # messages of the channel that are looked at for an earlier try's


@dataclass(frozen=True, slots=True)
class Post:
    """What a message is to show. `view` makes the buttons anew for each try."""

    text: str
    view: Callable[[], discord.ui.View | None]
    picture: bytes | None = None
    filename: str = "painting.png"
    alt: str = ""
    spoiler: bool = False
    too_large: str = ""  # what to say when the picture fits in no form
    too_large_view: Callable[[], discord.ui.View | None] | None = None  # and the buttons then; None: the same
    mark: str = ""  # the job's id, which the buttons carry

    def file(self) -> discord.File | None:
        """The picture, with its alt text."""
        if self.picture is None:
            return None
        return Upload(
            io.BytesIO(self.picture), self.filename, spoiler=self.spoiler, description=self.alt[:1024] or None
        )


class ClosedWayError(Exception):
    """This way leads nowhere, now or ever."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Where an answer is now."""

    way: str
    address: Address


class Poster:
    """Posts for the bot."""

    def __init__(self, bot: discord.Client) -> None:
        """`bot` must be logged in by the time of the first post."""
        self.bot = bot

    async def edit(self, address: Address, post: Post) -> bool:
        """Bring the job's message up to date; False when it can't be. Raises what may pass."""
        for way in (self._edit_by_token, self._edit_by_bot):
            try:
                await self._through(way, address, post)
            except ClosedWayError:
                continue
            return True
        return False

    async def deliver(self, address: Address, post: Post, nonce: str, *, look: bool) -> Sent:
        """Get it to the person; `look`: an earlier try may have got through. Raises FrontError."""
        public = (self._edit_by_token, self._edit_by_bot, self._reply, self._direct)
        # What is for adults must not turn up in a channel that has no age gate.
        private = (
            (self._edit_by_token, self._direct) if address.nsfw else (self._edit_by_token, self._direct, self._reply)
        )
        ways = private if address.private else public
        reasons = []
        for way in ways:
            try:
                now = await self._through(way, address, post, nonce=nonce, look=look)
            except ClosedWayError as error:
                reasons.append(f"{way.__name__.strip('_')}: {error}")
                continue
            except (discord.HTTPException, discord.RateLimited, *CUT) as error:
                raise FrontError(f"Discord: {error}", permanent=False) from error
            return Sent(way.__name__.strip("_"), now)
        raise FrontError("; ".join(reasons), permanent=True)

    async def remove(self, address: Address) -> bool:
        """Take the job's message away; False when that is not in our power."""
        if address.message is None:
            return False
        channel = self.bot.get_partial_messageable(address.channel, guild_id=address.guild)
        calls: list[Callable[[], Awaitable[None]]] = []
        if address.token_lives() and address.token is not None:
            webhook, number = self._webhook(address.token), address.message
            calls.append(lambda: webhook.delete_message(number))
        calls.append(channel.get_partial_message(address.message).delete)
        for call in calls:
            try:
                await again(call)
            except discord.NotFound:
                continue  # gone, or a token that Discord no longer knows
            except (discord.HTTPException, discord.RateLimited, *CUT) as error:
                log.info("not_removed", reason=str(error)[:200])
                continue
            return True
        return False

    async def _through(
        self, way: Callable[..., Awaitable[Address]], address: Address, post: Post, **more: Any
    ) -> Address:
        """One way, with a smaller picture each time it is too large. Raises ClosedWayError, or what may pass."""
        limit = address.limit
        while True:
            fitting = await self._fitting(post, limit)
            try:
                return await again(lambda: way(address, fitting, **more))  # noqa: B023  # awaited at once
            except discord.HTTPException as error:
                if error.code == TOO_LARGE or error.status == ENTITY_TOO_LARGE:
                    if fitting.picture is None:
                        raise ClosedWayError(str(error)) from error
                    limit = min(limit, len(fitting.picture)) // 2
                    continue
                if passing(error):
                    raise
                raise ClosedWayError(str(error)) from error

    async def _fitting(self, post: Post, limit: int) -> Post:
        if post.picture is None or len(post.picture) <= limit:
            return post
        found = await self.bot.loop.run_in_executor(None, shrunk, post.picture, limit)
        if found is None:
            view = post.too_large_view or post.view
            text = f"{cut(post.text, MOST - len(post.too_large) - 1)}\n{post.too_large}".strip()
            return replace(post, picture=None, text=text, view=view)
        data, ending = found
        return replace(post, picture=data, filename=post.filename.rsplit(".", 1)[0] + ending)

    async def _edit_by_token(self, address: Address, post: Post, **_: Any) -> Address:
        if not address.token_lives() or address.message is None or address.token is None:
            raise ClosedWayError("the interaction's token has expired")
        await self._webhook(address.token).edit_message(address.message, **_edited(post))
        return address

    def _webhook(self, token: str) -> discord.Webhook:
        number = self.bot.application_id
        assert number is not None
        return discord.Webhook.partial(number, token, client=self.bot)

    async def _edit_by_bot(self, address: Address, post: Post, **_: Any) -> Address:
        if address.message is None:
            raise ClosedWayError("there is no message to edit")
        channel = self.bot.get_partial_messageable(address.channel, guild_id=address.guild)
        await channel.get_partial_message(address.message).edit(**_edited(post))
        return address

    async def _reply(self, address: Address, post: Post, *, nonce: str, look: bool) -> Address:
        channel = self.bot.get_partial_messageable(address.channel, guild_id=address.guild)
        reference = None
        if address.message is not None:
            reference = Reply(address.message, address.channel, address.guild)
        return await self._send(channel, address, post, nonce, look, reference)

    async def _direct(self, address: Address, post: Post, *, nonce: str, look: bool) -> Address:
        found = await self.bot.http.start_private_message(str(address.user))
        channel = self.bot.get_partial_messageable(int(found["id"]))
        return await self._send(channel, replace(address, message=None), post, nonce, look, None)

    async def _send(
        self,
        channel: discord.abc.Messageable,
        address: Address,
        post: Post,
        nonce: str,
        look: bool,
        reference: discord.MessageReference | None,
    ) -> Address:
        there = await self._there(channel, address, post) if look else None
        if there is not None:
            return _moved(address, there)
        file, view = post.file(), post.view()
        more: dict[str, Any] = {} if file is None else {"file": file}
        if view is not None:
            more["view"] = view
        if reference is not None:
            more |= {"reference": reference, "mention_author": False}
        return _moved(address, await channel.send(cut(post.text), nonce=nonce, allowed_mentions=NONE, **more))

    async def _there(self, channel: discord.abc.Messageable, address: Address, post: Post) -> discord.Message | None:
        """An earlier try's message in the channel: its buttons carry the job's id."""
        after = None if address.message is None else discord.Object(address.message)
        try:
            async for message in channel.history(limit=RECENT, after=after):
                mine = self.bot.user is not None and message.author.id == self.bot.user.id
                if mine and message.id != address.message and post.mark in acts_in(message):
                    return message
        except discord.Forbidden:
            return None  # without the right to read, the nonce has to do
        return None


def _moved(address: Address, message: discord.Message) -> Address:
    guild = None if message.guild is None else message.guild.id
    return replace(address, channel=message.channel.id, message=message.id, guild=guild, token=None)


def _edited(post: Post) -> dict[str, Any]:
    file = post.file()
    attachments = [] if file is None else [file]
    return {"content": cut(post.text), "attachments": attachments, "view": post.view(), "allowed_mentions": NONE}


def acts_in(message: discord.Message) -> set[str]:
    """The parts of its buttons' custom ids: what they do, and the job or work that they do it to."""
    found: set[str] = set()
    for row in message.components:
        for child in getattr(row, "children", [row]):
            found.update(str(getattr(child, "custom_id", "")).split(":"))
    return found
