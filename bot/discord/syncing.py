"""Telling Discord which commands there are: on demand only, never by itself."""

from typing import Any

from discord import app_commands

from bot.discord.bot import TwobitBot
from bot.discord.words import CommandTranslator


async def sync(bot: TwobitBot) -> list[app_commands.AppCommand]:
    """Send all commands in all languages; `bot` must be logged in. Raises discord.HTTPException."""
    if bot.tree.translator is None:
        await bot.tree.set_translator(CommandTranslator())
    found: Any = await bot.tree.sync()
    return list(found)
