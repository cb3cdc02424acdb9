"""Settings of the page."""

import os
import secrets
from pathlib import Path

from bot.desk.local_person import local_person
from bot.web.settings import DiscordApp, WebError, WebSettings, check_address
from twobit.errors import BadInputError
from twobit.settings import ServiceSettings

KEY_FILE = "web.key"  # signs cookies and links
KEY_BYTES = 32


def web_settings(settings: ServiceSettings) -> WebSettings:
    """What the page needs; its key is made when there is none. Raises BadInputError with the way out."""
    discord = None
    if settings.discord_client_id:
        if settings.discord_client_secret is None:
            raise BadInputError("TWOBIT_DISCORD_CLIENT_ID is set and TWOBIT_DISCORD_CLIENT_SECRET is not: set both")
        discord = DiscordApp(settings.discord_client_id, settings.discord_client_secret.get_secret_value())
    given = settings.web_secret
    web = WebSettings(
        secret=_key(settings.data) if given is None else given.get_secret_value().encode(),
        local_person=local_person(),
        public_url=settings.public_url,
        open=settings.open,
        discord=discord,
        metrics_token=None if settings.metrics_token is None else settings.metrics_token.get_secret_value(),
        moderators=frozenset(settings.moderators.split()),
    )
    try:
        check_address(settings.host, web)
    except WebError as error:
        raise BadInputError(str(error)) from error
    return web


def _key(data: Path) -> bytes:
    path = data / KEY_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) < KEY_BYTES:
            raise BadInputError(
                f"{path} has {len(key)} bytes and needs {KEY_BYTES}: delete it, a new one is made"
            ) from None
        return key
    with os.fdopen(descriptor, "wb") as file:
        key = secrets.token_bytes(KEY_BYTES)
        file.write(key)
    return key
