"""Finding a style by what a person types."""

from typing import Any

import discord
import structlog
from discord import app_commands

from bot.community import LibraryStyle, NotThereError, StyleName
from bot.desk import DeskError
from bot.discord.answering import Answer
from bot.discord.parts import Parts, person, server
from bot.discord.reading import shown
from bot.discord.troubles import Trouble, TroubleError

log = structlog.get_logger(__name__)

COMPLETE_SECONDS = 0.7  # an answer is due within a second, and this one can't be put off
MOST = 25  # that Discord takes


async def complete_style(interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
    """Names that fit what is typed; while the database is slow only those of the house."""
    parts: Parts = interaction.client.parts
    styles = parts.community.styles
    who, here = person(interaction.user.id), server(interaction.guild_id)
    found: list[StyleName]
    try:
        found = await parts.threads.within(COMPLETE_SECONDS, styles.search, typed, who, here)
    except (DeskError, TroubleError) as error:
        log.warning("style_not_completed", reason=str(error))
        found = styles.search_house(typed)
    return [app_commands.Choice(name=one.name[:100], value=one.key) for one in found[:MOST]]


async def find_style(parts: Parts, answer: Answer, typed: str) -> LibraryStyle:
    """The style by key, slug or name. Raises TroubleError."""
    interaction = answer.interaction
    try:
        return await parts.threads.run(
            parts.community.styles.get, typed, person(interaction.user.id), server(interaction.guild_id)
        )
    except NotThereError as error:
        raise TroubleError(Trouble.UNKNOWN_STYLE, name=shown(typed)) from error
