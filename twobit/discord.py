"""The Discord bot's settings and parts."""

import os
import socket
from typing import TYPE_CHECKING

from bot.community import Community
from twobit.errors import BadInputError
from twobit.installing import how_to_install
from twobit.secret import find_secret
from twobit.settings import ServiceSettings
from twobit.web import link_secret
from twobit.wiring import open_desk

if TYPE_CHECKING:
    from bot.discord.parts import Parts

TOKEN = "TWOBIT_DISCORD_TOKEN"  # noqa: S105  # the variable's name
TOKEN_FILE = "TWOBIT_DISCORD_TOKEN_FILE"  # noqa: S105
PUBLIC_KEY, CLIENT_SECRET = 64, 32  # how long they are
SERVERS_FAULT = 500  # HTTP status from which on it is
HOW = f"set {TOKEN}, or {TOKEN_FILE} to a file that has it; docs/discord.md says where it comes from"


def find_token() -> str | None:
    """The bot's token from the environment; None when none is set. Raises BadInputError, also for what is none."""
    token = find_secret(TOKEN)
    if token is not None and token.count(".") != 2:
        raise BadInputError(
            f"{TOKEN} is no bot's token, which has three parts with dots between{_mistaken(token)}: copy it from "
            "the application's page Bot, see docs/discord.md"
        )
    return token


def _mistaken(value: str) -> str:
    """What somebody seems to have copied instead, from the application's other pages."""
    if value.isdecimal():
        return ", but an id (of the application, it seems)"
    if len(value) == PUBLIC_KEY and set(value) <= set("0123456789abcdef"):
        return ", but the application's public key, it seems"
    if len(value) == CLIENT_SECRET:
        return ", but the client secret of the page OAuth2, it seems"
    return ""


def unreached(error: Exception) -> str:
    """What to say, and to do, where Discord did not answer as it should."""
    import discord

    status = error.status if isinstance(error, discord.HTTPException) else 0
    if status >= SERVERS_FAULT:
        return f"Discord has trouble of its own (it answered {status}): try again in a minute"
    if status:
        return f"Discord refused ({error}): look whether the application is still there, and try again"
    reason = getattr(error, "strerror", None) or str(error) or "no answer in time"
    return f"Discord can't be reached ({reason}): look at this machine's network; HTTPS to discord.com must be open"


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
        raise BadInputError(f"discord.py can't be imported ({error}): {how_to_install('discord')}") from error


def make_parts(settings: ServiceSettings) -> "Parts":
    """Desk, community and threads. Raises CommandError."""
    check_installed()
    from bot.discord.parts import Parts

    desk = open_desk(settings)
    holder = f"{socket.gethostname()}-{os.getpid()}"
    url = settings.public_url
    return Parts(desk, Community(desk), public_url=url, link_secret=link_secret(settings), holder=holder)
