"""The settings of the fronts for networks of posts, and their parts."""

import os
import signal
import threading
from typing import TYPE_CHECKING

from twobit.errors import BadInputError
from twobit.installing import how_to_install
from twobit.secret import find_secret
from twobit.settings import ServiceSettings
from twobit.web import link_secret
from twobit.wiring import open_desk, read_apart

if TYPE_CHECKING:
    from bot.fediverse.parts import Parts
    from bot.fediverse.platform import Platform

MASTODON_URL, MASTODON_TOKEN = "TWOBIT_MASTODON_URL", "TWOBIT_MASTODON_TOKEN"  # the variables' names
BLUESKY_HANDLE, BLUESKY_PASSWORD = "TWOBIT_BLUESKY_HANDLE", "TWOBIT_BLUESKY_PASSWORD"
BLUESKY_URL = "TWOBIT_BLUESKY_URL"
DEFAULT_BLUESKY = "https://bsky.social"
SESSION_FILE = "bluesky.session"

NEEDED = {"mastodon": (MASTODON_URL, MASTODON_TOKEN), "bluesky": (BLUESKY_HANDLE, BLUESKY_PASSWORD)}
NETWORKS = tuple(NEEDED)
LONGEST_PAUSE = 60.0  # seconds, while the network is away at the start


def how(network: str) -> str:
    """What to set."""
    first, second = NEEDED[network]
    return f"set {first} and {second} (or {second}_FILE); docs/fediverse.md says where they come from"


def configured(network: str) -> bool:
    """Whether both settings of a network are there. Raises BadInputError when only one is."""
    first, second = NEEDED[network]
    there = (bool(os.environ.get(first, "").strip()), find_secret(second) is not None)
    if any(there) and not all(there):
        missing = second if there[0] else first
        raise BadInputError(f"{missing} is not set: {how(network)}")
    return all(there)


def check_installed(network: str) -> None:
    """Raise BadInputError, with the way out, when the network's library is not there."""
    library = {"mastodon": "mastodon", "bluesky": "atproto_client"}[network]
    try:
        __import__(library)
    except ImportError as error:
        raise BadInputError(f"{library} can't be imported ({error}): {how_to_install(network)}") from error


def make_platform(network: str, settings: ServiceSettings) -> "Platform":
    """The network and our account there; nothing is asked yet. Raises BadInputError."""
    if not configured(network):
        raise BadInputError(f"No account to run: {how(network)}")
    check_installed(network)
    first, second = NEEDED[network]
    name, secret = os.environ[first].strip(), find_secret(second) or ""
    if network == "mastodon":
        from bot.fediverse.mastodon.network import MastodonPlatform

        if not name.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise BadInputError(f"{MASTODON_URL} is {name!r}: give the instance as https://its.host")
        return MastodonPlatform(name, secret)
    from bot.fediverse.bluesky.network import BlueskyPlatform

    url = os.environ.get(BLUESKY_URL, "").strip() or DEFAULT_BLUESKY
    return BlueskyPlatform(url, name, secret, settings.data / SESSION_FILE)


def stopping() -> threading.Event:
    """Set by SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run(network: str, settings: ServiceSettings, stop: threading.Event) -> None:
    """Run a front until `stop`; a network that is away at the start is waited for. Raises CommandError."""
    platform = make_platform(network, settings)
    desk = open_desk(settings)
    read_apart()
    import structlog

    from bot.fediverse.parts import make_parts
    from bot.fediverse.platform import PlatformError, TokenError
    from bot.fediverse.running import run as run_front

    secret = link_secret(settings)
    pause = 1.0
    parts: Parts | None = None
    while parts is None and not stop.is_set():
        try:
            parts = make_parts(desk, platform, settings.public_url, secret)
        except TokenError as error:
            raise BadInputError(f"{network}: {error}; {how(network)}") from error
        except PlatformError as error:
            structlog.get_logger(__name__).warning("network_away", network=network, reason=str(error)[:300])
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
    if parts is not None:
        run_front(parts, stop)
