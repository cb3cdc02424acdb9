"""The smallest set of permissions that the bot works with, and the link that asks for it."""

import discord

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,  # answers after a quarter of an hour, replies to mentions
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,  # to see, after a crash, whether an answer got through
    embed_links=True,
)
SCOPES = ("bot", "applications.commands")


def invite_link(application_id: int) -> str:
    """For somebody who may manage a server."""
    return discord.utils.oauth_url(application_id, permissions=NEEDED, scopes=SCOPES)


def missing(have: discord.Permissions) -> list[str]:
    """Names of what the bot lacks, in Discord's words."""
    if have.administrator:
        return []
    return [name.replace("_", " ") for name, wanted in NEEDED if wanted and not getattr(have, name)]
