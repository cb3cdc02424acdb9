"""What `twobit doctor` asks Discord: the token, the intents, the commands, the permissions on each server."""

from dataclasses import dataclass
from typing import Any

import discord

from bot.discord.bot import INTENTS, TwobitBot
from bot.discord.permissions import invite_link, missing

MOST_SERVERS = 200
NAMED = 5  # servers in one line


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at; `way_out` is empty when it is in order."""

    what: str
    found: str
    way_out: str = ""


async def check(bot: TwobitBot, token: str) -> list[Checked]:
    """Log in and look. Raises discord.DiscordException or OSError when Discord is out of reach."""
    async with bot:
        try:
            await bot.login(token)
        except discord.LoginFailure:
            way_out = "copy it again: discord.com/developers, your application, Bot, Reset Token"
            return [Checked("token", "Discord does not know this token", way_out)]
        assert bot.user is not None
        assert bot.application_id is not None
        privileged = INTENTS.members or INTENTS.presences or INTENTS.message_content
        return [
            Checked("token", f"Discord knows it as {bot.user}"),
            Checked("intents", "none of those that Discord must grant is needed" if not privileged else "privileged"),
            await _commands(bot),
            await _permissions(bot),
            Checked("invite", f"the smallest set of permissions: {invite_link(bot.application_id)}"),
        ]


async def _commands(bot: TwobitBot) -> Checked:
    there = {(one.type, one.name) for one in await bot.tree.fetch_commands()}
    ours = {(command_type(one), str(one.name)) for one in commands_of(bot)}
    if there == ours:
        return Checked("commands", f"all {len(ours)} are synced")
    return Checked("commands", f"{len(there & ours)} of {len(ours)} are synced", "run `twobit bot sync`")


def commands_of(bot: TwobitBot) -> list[Any]:
    """All commands, groups and menus, as they are synced."""
    kinds = (discord.AppCommandType.chat_input, discord.AppCommandType.message)
    return [command for kind in kinds for command in bot.tree.get_commands(type=kind)]


def command_type(command: object) -> discord.AppCommandType:
    """Slash command or menu."""
    found = getattr(command, "type", discord.AppCommandType.chat_input)
    assert isinstance(found, discord.AppCommandType)
    return found


async def _permissions(bot: TwobitBot) -> Checked:
    servers = await bot.http.get_guilds(MOST_SERVERS)
    lacking = {}
    for one in servers:
        lacks = missing(discord.Permissions(int(one["permissions"])))
        if lacks:
            lacking[one["name"]] = lacks
    if not servers:
        return Checked("permissions", "the bot is on no server yet: open the link below")
    if not lacking:
        return Checked("permissions", f"all that are needed, on {len(servers)} server(s)")
    told = "; ".join(f"{name} lacks {', '.join(lacks)}" for name, lacks in list(lacking.items())[:NAMED])
    return Checked("permissions", told, "grant them there, or open the link below again")
