"""The Discord bot's settings and parts."""

import os
import socket
from typing import TYPE_CHECKING

from bot.community import Community
from twobit.errors import BadInputError
from twobit.secret import find_secret
from twobit.settings import ServiceSettings
from twobit.web import web_settings
from twobit.wiring import open_desk

if TYPE_CHECKING:
    from bot.discord.parts import Parts

TOKEN = "TWOBIT_DISCORD_TOKEN"  # noqa: S105  # the variable's name
TOKEN_FILE = "TWOBIT_DISCORD_TOKEN_FILE"  # noqa: S105
HOW = f"set {TOKEN}, or {TOKEN_FILE} to a file that has it; docs/discord.md says where it comes from"


def find_token() -> str | None:
    """The bot's token from the environment; None when none is set. Raises BadInputError."""
    return find_secret(TOKEN)


def needed_token() -> str:
    """As `find_token`, for what can't do without. Raises BadInputError."""
    token = find_token()
    if token is None:
        raise BadInputError(f"there is no token: {HOW}")
    return token


def check_installed() -> None:
    """Raise BadInputError, with the way out, when discord.py is not there."""
    try:
        import discord  # noqa: F401
    except ImportError as error:
        raise BadInputError(f"discord.py can't be imported ({error}): `pip install 'twobit[discord]'`") from error


def make_parts(settings: ServiceSettings) -> "Parts":
    """Desk, community and threads. Raises CommandError."""
    check_installed()
    from bot.discord.parts import Parts

    desk = open_desk(settings)
    holder = f"{socket.gethostname()}-{os.getpid()}"
    url = settings.public_url
    # Without an address from outside nobody could follow a link, so no key is needed either.
    secret = b"" if url is None else web_settings(settings).secret
    return Parts(desk, Community(desk), public_url=url, link_secret=secret, holder=holder)
