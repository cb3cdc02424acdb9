"""The answer to one interaction: first a sign within a second, then what was asked for, or one sentence why not.

A first answer whose confirmation got lost, and one that a second bot with the same token gave, look the same to us
(40060). So we go on in both cases, and `claim` lets only one of all that heard of this interaction act.
"""

from collections.abc import Awaitable, Sequence
from typing import Any

import discord
import structlog

from bot.desk import OutOfReachError, RefusedError, UnknownJobError
from bot.discord.parts import Parts
from bot.discord.patience import CUT, again
from bot.discord.reasons import refusal
from bot.discord.troubles import Trouble, TroubleError
from bot.discord.words import language_of, say
from worker.contract import ContractError, PictureError

log = structlog.get_logger(__name__)

ACKNOWLEDGED = 40060
UNKNOWN_INTERACTION = 10062
TELLS = (TroubleError, RefusedError, UnknownJobError, OutOfReachError, ContractError)


class TakenError(Exception):
    """Another delivery of this interaction is, or was, at work: nothing is left to do."""


class Answer:
    """One interaction's answer."""

    def __init__(self, interaction: discord.Interaction[Any], parts: Parts) -> None:
        """Nothing is sent yet."""
        self.interaction = interaction
        self.parts = parts
        self.language = language_of(interaction.locale)
        self.private = True
        self.thinks = False  # a message waits for its content
        self.message: int | None = None  # id of the first answer, once known

    async def think(self, *, private: bool) -> None:
        """Say at once that we are at it; nothing that may block comes before."""
        self.private = private
        await self._first(lambda: self.interaction.response.defer(ephemeral=private, thinking=True))
        self.thinks = True

    async def accept(self) -> None:
        """For a button whose effect shows in the message it belongs to: nothing new appears."""
        await self._first(self.interaction.response.defer)

    async def claim(self) -> None:
        """Raise TakenError unless we are the first to act on this interaction."""
        first = await self.parts.threads.run(self.parts.once, f"i:{self.interaction.id}")
        if not first:
            raise TakenError

    async def say(
        self, text: str = "", *, view: discord.ui.View | None = None, files: Sequence[discord.File] = (), **more: Any
    ) -> None:
        """Fill the message that waits, else send another for this person's eyes."""
        if self.thinks:
            await self.fill(text, view=view, files=files, **more)
        else:
            await self.whisper(text, view=view, files=files, **more)

    async def fill(
        self, text: str = "", *, view: discord.ui.View | None = None, files: Sequence[discord.File] = (), **more: Any
    ) -> discord.InteractionMessage:
        """Put this into the first answer."""

        async def edit() -> discord.InteractionMessage:
            for file in files:
                file.reset()
            return await self.interaction.edit_original_response(
                content=text, view=view, attachments=list(files), allowed_mentions=NONE, **more
            )

        message = await again(edit)
        self.thinks, self.message = False, message.id
        return message

    async def whisper(
        self, text: str = "", *, view: discord.ui.View | None = None, files: Sequence[discord.File] = (), **more: Any
    ) -> None:
        """A message of its own that only this person sees; a public one that waits goes away."""
        if self.thinks and self.private:
            await self.fill(text, view=view, files=files, **more)
            return
        in_the_way = self.thinks
        if in_the_way:  # a message that waits would take the next one in, and show it to everybody
            await self.fill(say(self.language, "job.reading"))
        extra = dict(more)
        if view is not None:
            extra["view"] = view

        async def send() -> int:
            for file in files:
                file.reset()
            message = await self.interaction.followup.send(
                text, ephemeral=True, files=list(files), allowed_mentions=NONE, wait=True, **extra
            )
            return message.id

        self.message = await again(send)
        if in_the_way:
            await self.withdraw()

    async def aside(self) -> None:
        """Go on for this person's eyes only: a public message that waits makes room for a private one."""
        if self.private:
            return
        await self.whisper(say(self.language, "job.reading"))
        self.private = True

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
        """Id of the first answer; None when Discord does not tell."""
        if self.message is None:
            try:
                self.message = (await again(self.interaction.original_response)).id
            except discord.HTTPException as error:
                log.info("answer_unknown", reason=str(error))
        return self.message

    async def _first(self, respond: Any) -> None:
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


async def handled(answer: Answer, work: Awaitable[None]) -> None:
    """The client's edge: whatever `work` raises becomes one sentence for the person."""
    with answer.interaction.client.at_work():
        try:
            await work
        except TakenError:
            pass
        except Exception as error:  # noqa: BLE001  # the client handler's edge: a sentence, and the trace in the log
            await _tell(answer, error)


async def _tell(answer: Answer, error: Exception) -> None:
    text = told(error, answer.language, answer.interaction.id)
    if not isinstance(error, TELLS):
        log.error("interaction_failed", interaction=answer.interaction.id, exc_info=error)
    try:
        if not answer.interaction.response.is_done() and not answer.thinks:
            await answer.interaction.response.send_message(text, ephemeral=True, allowed_mentions=NONE)
        else:
            await answer.whisper(text)
    except (discord.HTTPException, *CUT) as failed:
        log.warning("trouble_untold", interaction=answer.interaction.id, reason=str(failed))


def told(error: BaseException, language: str, number: int) -> str:
    """What a person reads; `number` finds the log's line."""
    if isinstance(error, TroubleError):
        return error.told(language)
    if isinstance(error, RefusedError | PictureError):
        return refusal(error, language)
    if isinstance(error, UnknownJobError):
        return TroubleError(Trouble.JOB_GONE).told(language)
    if isinstance(error, OutOfReachError | ContractError):
        return TroubleError(Trouble.OUT_OF_REACH).told(language)
    return TroubleError(Trouble.FAULT, number=number).told(language)


NONE = discord.AllowedMentions.none()
