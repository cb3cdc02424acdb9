"""What the moderators of a server are told, in the channel that they have set for it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
import structlog

from bot.community import Work
from bot.discord.answering import NONE
from bot.discord.asking import settings_of
from bot.discord.buttons import buttons
from bot.discord.lengths import cut
from bot.discord.patience import CUT, again
from bot.discord.places import REPORT
from bot.discord.reading import shown
from bot.discord.showing import picture_of
from bot.discord.words import say

if TYPE_CHECKING:
    from bot.discord.bot import TwobitBot

log = structlog.get_logger(__name__)

LIMIT = 10 * 2**20  # bytes that may be uploaded anywhere


async def told(
    bot: "TwobitBot", work: Work, language: str, key: str, nonce: str, guild: int | None = None, **values: str
) -> None:
    """Show a work to the moderators of the server that it comes from (`guild` where that is none), with their buttons.

    `key`: the text, which has the work's title and author besides `values`; `language`: unless the server has set one.
    """
    guild = bot.guild_of(work.server) or guild
    settings = await settings_of(bot, guild)
    if settings.moderators_channel is None:
        return
    language = settings.language or language
    values |= {"title": shown(work.title or work.style_name or work.id), "author": shown(work.author or "?")}
    values["button"] = say(language, "button.show_work")
    view = buttons(language, (("hide", work.id), ("show_work", work.id)))
    channel = bot.get_partial_messageable(int(settings.moderators_channel), guild_id=guild)
    file = await picture_of(bot.parts, replace(work, nsfw=True), LIMIT)  # seen by those who want to

    async def send() -> int:
        file.reset()
        text = cut(say(language, key, **values))
        return (await channel.send(text, view=view, file=file, nonce=nonce, allowed_mentions=NONE)).id

    try:
        sent = await again(send)
    except (discord.HTTPException, *CUT) as error:
        log.warning("moderators_not_told", work=work.id, reason=str(error)[:200])
        return
    await bot.showings.note(REPORT, work.id, channel.id, sent)
