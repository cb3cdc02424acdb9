"""What the web front has to know; made by the command and passed down."""

import ipaddress
import socket
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

Mode = Literal["single", "open", "discord"]
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


class WebError(ValueError):
    """Settings that can't serve people safely; one sentence with the way out."""


@dataclass(frozen=True, slots=True)
class DiscordApp:
    """The OAuth2 application that people sign in with."""

    client_id: str
    client_secret: str = field(repr=False)
    authorize_url: str = "https://discord.com/oauth2/authorize"
    api_url: str = "https://discord.com/api/v10"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Frozen; one per server."""

    secret: bytes = field(repr=False)  # signs cookies and links; the same in every process of one service
    local_person: str = "cli:someone"  # who sits at this machine, in single-user mode
    public_url: str | None = None  # how people reach the page from outside, without a path
    open: bool = False  # anybody may paint without signing in
    discord: DiscordApp | None = None
    metrics_token: str | None = field(default=None, repr=False)  # for a Prometheus on another machine
    moderators: frozenset[str] = frozenset()  # persons, as "discord:1234"
    requests_per_minute: int = 600  # of one person or address, all together
    paints_per_minute: int = 12
    uploads_per_minute: int = 150  # colour previews among them: the studio asks for two a second at most
    acts_per_minute: int = 30  # votes, reports, publications

    @property
    def mode(self) -> Mode:
        """Who the people are: one at this machine, anybody, or those who sign in by Discord."""
        if self.discord is not None:
            return "discord"
        return "open" if self.open else "single"

    @property
    def secure(self) -> bool:
        """True when browsers reach the page by https."""
        return (self.public_url or "").startswith("https://")

    @property
    def hosts(self) -> frozenset[str] | None:
        """Names that a request may call us by, without port; None: any. Stops DNS rebinding."""
        if self.public_url is not None:
            return frozenset({_host_of(self.public_url), *LOOPBACK_NAMES})
        return None if self.mode == "open" else frozenset(LOOPBACK_NAMES)


def check_address(host: str, settings: WebSettings) -> None:
    """Raise WebError where people from outside would come in without anybody knowing who they are."""
    if settings.discord is not None and settings.public_url is None:
        raise WebError(
            "Signing in by Discord needs the page's address from outside: give --public-url https://your.host, "
            "and the same with /sign-in/back as redirect in Discord's developer portal"
        )
    if settings.public_url is not None:
        check_public_url(settings.public_url)
    if settings.mode == "single" and not is_loopback(host):
        raise WebError(
            f"{host} can be reached from outside and nobody would have to sign in: use --host 127.0.0.1, set up "
            "Discord's sign-in (TWOBIT_DISCORD_CLIENT_ID, docs/web.md), or let anybody paint by --open"
        )


def check_public_url(url: str) -> None:
    """Raise WebError for what is no address of a page."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise WebError(f"--public-url is {url!r}: give it as https://your.host, without a path")


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_everywhere(host: str) -> bool:
    """True for an address that means all of this machine's."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host == ""


def family_of(host: str) -> socket.AddressFamily:
    """IPv6 for an address that is written so, else IPv4: Python takes the one for the other's names only."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def address_here(host: str, port: int) -> str:
    """Where this machine's own browser finds what listens on `host`: 0.0.0.0 itself is no place to go to."""
    if is_everywhere(host):
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _host_of(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host
