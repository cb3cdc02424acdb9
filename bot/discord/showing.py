"""A work in a message."""

import io
from typing import Any

import discord

from bot.community import Challenge, NotThereError, Work
from bot.community.shrinking import shrunk
from bot.discord.parts import Parts
from bot.discord.reading import escaped, shown
from bot.discord.upload import Upload
from bot.discord.words import say

NO_NAME = "?"


def age_gated(interaction: discord.Interaction[Any]) -> bool:
    """True where works for adults may be shown."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return channel.parent is not None and channel.parent.is_nsfw()
    is_nsfw = getattr(channel, "is_nsfw", None)
    return bool(is_nsfw is not None and is_nsfw())


def described(work: Work, language: str) -> str:
    """Title, maker, style, votes, and where it comes from."""
    lines = [
        say(
            language,
            "publish.line",
            title=shown(work.title or work.style_name or say(language, "publish.untitled")),
            author=shown(work.author or NO_NAME),
            style=shown(work.style_name or say(language, "publish.own_style")),
            votes=work.votes,
        )
    ]
    if work.parent is not None:
        lines.append(say(language, "publish.remix_of", parent=f"`{work.parent}`"))
    if work.nsfw:
        lines.append(f"🔞 {say(language, 'publish.nsfw')}")
    return "\n".join(lines)


def told_challenge(challenge: Challenge, language: str) -> str:
    """A challenge in a message."""
    until = discord.utils.format_dt(challenge.ends, "f")
    return say(language, "challenge.line", title=shown(challenge.title), prompt=escaped(challenge.prompt), until=until)


def told_winners(parts: Parts, challenge: Challenge, language: str) -> str:
    """Who has won. Blocks."""
    lines = [say(language, "challenge.winners", title=shown(challenge.title))]
    for winner in challenge.winners or ():
        try:
            work = parts.community.gallery.work(winner.work)
        except NotThereError:
            continue  # taken back since
        if work.hidden:
            continue
        values = {"work": shown(work.title or work.style_name or work.id), "author": shown(work.author or NO_NAME)}
        lines.append(say(language, "challenge.winner", place=winner.place, votes=winner.votes, **values))
    if len(lines) == 1:
        lines.append(say(language, "challenge.nobody"))
    return "\n".join(lines)


def doodle_of(data: bytes, limit: int, language: str) -> discord.File:
    """A challenge's doodle, small enough. Blocks."""
    found, ending = (data, ".png") if len(data) <= limit else shrunk(data, limit) or (data, ".png")
    return Upload(io.BytesIO(found), f"doodle{ending}", description=say(language, "role.doodle"))


async def picture_of(parts: Parts, work: Work, limit: int) -> discord.File:
    """The painting, small enough, with its alt text; hidden behind a spoiler when it is for adults."""
    data, ending = await parts.threads.run(_fitting, parts, work.result, limit)
    name = f"work-{work.id}{ending}"
    return Upload(io.BytesIO(data), name, spoiler=work.nsfw, description=work.alt[:1024] or None)


def _fitting(parts: Parts, digest: str, limit: int) -> tuple[bytes, str]:
    data = parts.desk.store.get(digest)
    if len(data) <= limit:
        return data, ".png"
    return shrunk(data, limit) or (data, ".png")
