"""What the bot says, in each language; catalogues in bot/discord/text, one file a language, the same keys in all.

What all fronts say alike is in bot/community/text.
"""

import discord
from discord import app_commands

from bot.community.catalogues import ENGLISH, LANGUAGES, SHARED, Catalogues, short_language

__all__ = ["ENGLISH", "LANGUAGES", "CommandTranslator", "catalogue", "language_of", "named", "say"]

CATALOGUES = Catalogues("bot.discord", beside=SHARED.package)
catalogue = CATALOGUES.texts
say = CATALOGUES.say


def language_of(locale: discord.Locale | str | None) -> str:
    """The catalogue for one of Discord's locales (en-GB, es-419, ...); English for those that have none."""
    return short_language(None if locale is None else str(locale))


def named(key: str) -> app_commands.locale_str:
    """A command's, option's or choice's English text, which CommandTranslator finds again in the other languages."""
    return app_commands.locale_str(catalogue(ENGLISH)[key], key=key)


class CommandTranslator(app_commands.Translator):
    """Gives Discord the names and descriptions of commands in the other languages, when they are synced."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002
    ) -> str | None:
        """None where a locale has no catalogue of its own: Discord shows English then."""
        key, language = string.extras.get("key"), language_of(locale)
        if not isinstance(key, str) or language == ENGLISH:
            return None
        return catalogue(language)[key]
