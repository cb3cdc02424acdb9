"""What the bot says, and the words it hears; catalogues in bot/fediverse/text, one file a language."""

from functools import cache

from bot.community.catalogues import ENGLISH, LANGUAGES, Catalogues, short_language

__all__ = ["ENGLISH", "LANGUAGES", "heard", "language_of", "say", "span"]

CATALOGUES = Catalogues("bot.fediverse")
say = CATALOGUES.say
language_of = short_language


@cache
def heard(section: str) -> dict[str, str]:
    """Every word and phrase of a section of the catalogues, in all languages at once: phrase to what it means."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for key, phrases in CATALOGUES.texts(language).items():
            where, _, meaning = key.partition(".")
            if where == section:
                found |= {phrase.strip().casefold(): meaning for phrase in phrases.split("|")}
    return found


def span(seconds: float, language: str) -> str:
    """A time span for people."""
    whole = max(0, round(seconds))
    if whole < 60:
        return say(language, "span.seconds", seconds=whole)
    if whole < 3600:
        return say(language, "span.minutes", minutes=round(whole / 60))
    return say(language, "span.hours", hours=whole // 3600, minutes=whole % 3600 // 60)
