"""Settings of the page."""

import os
import secrets
import tempfile
from pathlib import Path

import structlog

from bot.desk.local_person import local_person
from bot.web.settings import DiscordApp, WebError, WebSettings, check_address, check_public_url
from twobit.errors import BadInputError
from twobit.settings import ServiceSettings

log = structlog.get_logger(__name__)

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


def link_secret(settings: ServiceSettings) -> bytes:
    """What a bot signs its links with: the page's key. b"" where no page has an address from outside, or none is known.

    A key of the bot's own would open nothing on the page. Raises BadInputError for a key or an address that is none.
    """
    if settings.public_url is None:
        return b""
    try:
        check_public_url(settings.public_url)
    except WebError as error:
        raise BadInputError(str(error)) from error
    if settings.web_secret is not None:
        return settings.web_secret.get_secret_value().encode()
    path = settings.data / KEY_FILE
    if not path.exists():
        todo = "set TWOBIT_WEB_SECRET to the page's, or start the page on this data folder first, and restart the bot"
        log.warning("links_left_out", reason=f"{path} is not there", todo=todo)
        return b""
    return _read_key(path)


def _key(data: Path) -> bytes:
    path = data / KEY_FILE
    if not path.exists():
        _make_key(path)
    return _read_key(path)


def _make_key(path: Path) -> None:
    """At once whole: of several processes that start together one makes it, and none sees half of it."""
    descriptor, name = tempfile.mkstemp(prefix=f".{KEY_FILE}.", dir=path.parent)  # mode 600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _read_key(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise BadInputError(f"{path} has {len(key)} bytes and needs {KEY_BYTES}: delete it, a new one is made")
    return key
