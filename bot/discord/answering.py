"""The answer to one interaction: first a sign within a second, then what was asked for, or one sentence why not.

A first answer whose confirmation got lost, and one that a second bot with the same token gave, look the same to us
(40060). So we go on in both cases, and `claim` lets only one of all that heard of this interaction act.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import discord
import structlog

from bot.desk import OutOfReachError
from bot.discord.address import TOKEN_SECONDS
from bot.discord.asked import SENDING, Asked, Left
from bot.discord.lengths import cut
from bot.discord.parts import Parts, person
from bot.discord.patience import CUT, again, passing
from bot.discord.sending import UnsureError, once_at_most
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.words import language_of, say

log = structlog.get_logger(__name__)

ACKNOWLEDGED = 40060
UNKNOWN_INTERACTION = 10062
UNAUTHORIZED = 401
NOTE_SECONDS = 0.4  # that the first answer waits for its row; it is due within a second
MOST_TRIES = 3  # of processes that died of one interaction


class TakenError(Exception):
    """Another delivery of this interaction is, or was, at work, or its job is: nothing is left to do."""


class Answer:
    """One interaction's answer; `before` is what a process that died has left of it."""

    def __init__(self, interaction: discord.Interaction[Any], parts: Parts) -> None:
        """Nothing is sent yet."""
        self.interaction = interaction
        self.parts = parts
        self.language = language_of(interaction.locale)
        self.private = True
        self.thinks = False  # a message waits for its content
        self.message: int | None = None  # id of the first answer, once known
        self.before: Left | None = interaction.client.left.pop(interaction.id, None)
        self._asked: Asked = interaction.client.asked
        self._payload = interaction.client.heard.pop(interaction.id)
        self._taken: asyncio.Future[bool] | None = None
        self._ours = self.before is not None
        self._over = False
        self._whisper: int | None = None  # id of the private message that took the first answer's place
        self._unsure = False  # nobody knows whether, or where, there is a message
        self._late = False  # the interaction's token edits nothing any more

    async def think(self, *, private: bool) -> None:
        """Say at once that we are at it; nothing that may block for long comes before."""
        self.private = private
        await self._first(lambda: self.interaction.response.defer(ephemeral=private, thinking=True), self._ask_again)
        if self._whisper is not None and not private:  # who died had no time to take it away
            await self.withdraw()
        self.thinks = True

    async def accept(self) -> None:
        """For a button whose effect shows in the message it belongs to: nothing new appears."""
        await self._first(self.interaction.response.defer)

    async def claim(self, *, again: bool = False) -> None:
        """Raise TakenError unless we are the first to act on this interaction, or take it over from who was.

        `again`: what follows may be done twice; of anything else a person is told to look whether it was done.
        """
        if self.before is None:
            assert self._taken is not None
            if not await self._taken:
                raise TakenError
        elif await self.parts.threads.run(self._asked.handed_in, self.before):
            raise TakenError
        elif self.before.tries > MOST_TRIES:
            raise TroubleError(Trouble.FAULT, number=self.interaction.id)
        elif not again:
            raise TroubleError(Trouble.INTERRUPTED)

    async def note(self, **values: str) -> None:
        """Let who takes over know. Raises TakenError when somebody has."""
        if not await self.parts.threads.run(self._asked.note, self.interaction.id, **values):
            raise TakenError

    async def done(self) -> None:
        """Nothing is owed to this interaction any more; what can't be noted down is found out by the next process."""
        self._over = True
        if not self._ours:
            return
        try:
            await self.parts.threads.run(self._asked.done, self.interaction.id)
        except (OutOfReachError, TroubleError) as error:
            log.warning("answer_not_noted", interaction=self.interaction.id, reason=str(error))
            self.leave()

    def leave(self) -> None:
        """It could not be told now: another try comes when our time is over."""
        if self._ours:
            self._asked.leave(self.interaction.id)

    async def handed_over(self) -> None:
        """The desk has it: the message is the job's, and whatever fails from here on is told beside it."""
        self.thinks, self._whisper = False, None
        await self.done()

    async def say(
        self, text: str = "", *, view: discord.ui.View | None = None, files: Sequence[discord.File] = ()
    ) -> None:
        """Fill the message that waits, else send another for this person's eyes."""
        if self.thinks:
            await self.fill(text, view=view, files=files)
        else:
            await self.whisper(text, view=view, files=files)

    async def fill(
        self, text: str = "", *, view: discord.ui.View | None = None, files: Sequence[discord.File] = ()
    ) -> None:
        """Put this into the message that is the answer now; doing so twice is harmless."""
        if self._late:
            await self._by_direct_message(text, view, files)
            return

        async def edit() -> discord.Message:
            for file in files:
                file.reset()
            what: dict[str, Any] = {"content": cut(text), "view": view}
            what |= {"attachments": list(files), "allowed_mentions": NONE}
            if self._whisper is not None:
                return await self.interaction.followup.edit_message(self._whisper, **what)
            return await self.interaction.edit_original_response(**what)

        self.message = (await again(edit)).id
        self.thinks = False

    async def whisper(
        self,
        text: str = "",
        *,
        view: discord.ui.View | None = None,
        files: Sequence[discord.File] = (),
        lost: discord.ui.View | None = None,
    ) -> None:
        """For this person's eyes; a public message that waits goes away.

        When nobody knows whether it got through it is not sent again: the message that waits says so, with the buttons
        `lost`.
        """
        if self._late or self._whisper is not None or (self.thinks and self.private):
            await self.fill(text, view=view, files=files)
            return
        in_the_way = self.thinks
        if in_the_way:  # a message that waits would take the next one in, and show it to everybody
            await self.fill(say(self.language, "job.reading"))
        try:
            await self._send_private(text, view, files)
        except UnsureError as error:
            log.warning("whisper_unsure", interaction=self.interaction.id, reason=str(error)[:200])
            self._unsure = True
            if in_the_way:
                await self.fill(say(self.language, "job.privately"), view=lost)
                self.message = None
            return
        if in_the_way:
            await self.withdraw()

    async def _send_private(self, text: str, view: discord.ui.View | None, files: Sequence[discord.File]) -> None:
        if self.before is not None and self.before.whisper == SENDING:
            raise UnsureError("the process that sent it died")
        extra: dict[str, Any] = {} if view is None else {"view": view}
        await self.note(whisper=SENDING)

        async def send() -> int:
            for file in files:
                file.reset()
            message = await self.interaction.followup.send(
                cut(text), ephemeral=True, files=list(files), allowed_mentions=NONE, wait=True, **extra
            )
            return message.id

        self.message = self._whisper = await once_at_most(send)
        await self.note(whisper=str(self._whisper))

    async def aside(self) -> None:
        """Go on for this person's eyes only: a public message that waits makes room for a private one."""
        if self.private:
            return
        await self.whisper(say(self.language, "job.reading"))
        self.private = self.thinks = True

    async def withdraw(self) -> None:
        """Take the first answer away: all is said elsewhere."""
        self.thinks = False
        try:
            await again(self.interaction.delete_original_response)
        except discord.NotFound:
            pass  # gone already
        except (discord.HTTPException, *CUT) as error:
            log.warning("answer_stays", interaction=self.interaction.id, reason=str(error)[:200])

    async def message_id(self) -> int | None:
        """Id of the answer's message; None when Discord does not tell."""
        if self.message is None and not (self._unsure or self._late):
            try:
                self.message = (await again(self.interaction.original_response)).id
            except discord.HTTPException as error:
                log.info("answer_unknown", reason=str(error))
        return self.message

    async def _ask_again(self) -> Any:
        """A first answer that is true even when we die now, for nobody else has heard of this interaction."""
        text = say(self.language, "job.unnoted")
        return await self.interaction.response.send_message(text, ephemeral=self.private, allowed_mentions=NONE)

    async def _first(self, respond: Any, unnoted: Any = None) -> None:
        """`unnoted`: what to answer with instead while there is no row that another process could find."""
        if self.before is not None:
            await self._find()
            return
        self._taken = asyncio.ensure_future(self.parts.threads.run(self._take))
        # It is noted down first, so that a sign of ours is never left alone; but for a slow database nobody waits.
        noted, _ = await asyncio.wait({self._taken}, timeout=NOTE_SECONDS)
        if not noted and unnoted is not None:
            respond = unnoted

        async def go() -> None:
            response = await respond()
            self.message = getattr(response, "message_id", None)

        try:
            await again(go)
        except discord.HTTPException as error:
            if error.code == UNKNOWN_INTERACTION:
                log.warning("answered_too_late", interaction=self.interaction.id)
                raise TakenError from error
            if error.code != ACKNOWLEDGED:
                raise

    def _take(self) -> bool:
        """Blocks."""
        number = self.interaction.id
        self._ours = self._asked.take(number, person(self.interaction.user.id), self._payload)
        if self._ours and self._over:  # it took so long that the person has been told
            self._asked.done(number)
        return self._ours

    async def _find(self) -> None:
        """The first answer of the process that died. Raises TakenError when there is none: Discord has told so."""
        assert self.before is not None
        if self.before.whisper not in (None, SENDING):
            self._whisper = self.message = int(self.before.whisper or 0)
            self.private = True
        if time.time() > self.interaction.created_at.timestamp() + TOKEN_SECONDS:
            self._late = True
            return
        if self._whisper is not None:
            return
        try:
            self.message = (await again(self.interaction.original_response)).id
        except discord.NotFound as error:
            raise TakenError from error
        except discord.HTTPException as error:
            if error.status != UNAUTHORIZED:
                raise
            self._late = True

    async def _by_direct_message(self, text: str, view: discord.ui.View | None, files: Sequence[discord.File]) -> None:
        """To where a person finds it; Discord keeps the nonce for minutes, and nobody else does this meanwhile."""
        extra: dict[str, Any] = {} if view is None else {"view": view}
        nonce = f"a{self.interaction.id}"
        client = self.interaction.client

        async def send() -> None:
            for file in files:
                file.reset()
            # not user.send(): it asks for the channel with a number where Discord's description has a string
            found = await client.http.start_private_message(str(self.interaction.user.id))
            channel = client.get_partial_messageable(int(found["id"]))
            await channel.send(cut(text), files=list(files), nonce=nonce, allowed_mentions=NONE, **extra)

        try:
            await again(send)
        except discord.HTTPException as error:
            if passing(error):
                raise
            log.warning("answer_undeliverable", interaction=self.interaction.id, reason=str(error)[:200])
        self.thinks = False


NONE = discord.AllowedMentions.none()
