"""What the bot says, in each language; catalogues in bot/discord/text, one file a language, the same keys in all."""

import tomllib
from functools import cache
from importlib.resources import files

import discord
from discord import app_commands

LANGUAGES = ("en", "de", "fr", "es", "ja")
ENGLISH = "en"


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by dotted key."""
    text = files("bot.discord").joinpath("text", f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


def language_of(locale: discord.Locale | str | None) -> str:
    """The catalogue for one of Discord's locales (en-GB, es-419, ...); English for those that have none."""
    short = str(locale or ENGLISH).split("-")[0]
    return short if short in LANGUAGES else ENGLISH


def say(language: str, key: str, /, **values: object) -> str:
    """The text of `key` with its values. Raises KeyError for a key that no catalogue has."""
    text = catalogue(language if language in LANGUAGES else ENGLISH)
    return text[key].format(**values)


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


def _flat(table: dict[str, object], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{above}{name}"
        found += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return found
