"""Pictures of posts, over HTTP: from the network's own hosts, never from within our walls, never without end."""

import ipaddress
import socket
from urllib.parse import urljoin, urlsplit

import httpx

from bot.fediverse.platform import GoneError, PlatformError

MAX_BYTES = 25 * 2**20
SECONDS = 30.0
MOST_REDIRECTS = 3
CHUNK = 2**16


class Fetcher:
    """Fetches for one account. What its own server's address serves is trusted, wherever that is."""

    def __init__(self, home: str) -> None:
        """`home`: URL of our own server."""
        self._home = _origin(home)

    def get(self, url: str) -> bytes:
        """The bytes. Raises GoneError, PlatformError."""
        try:
            with httpx.Client(timeout=SECONDS, follow_redirects=False) as client:
                for _ in range(MOST_REDIRECTS + 1):
                    self._check(url)
                    with client.stream("GET", url) as answer:
                        if answer.is_redirect:
                            url = urljoin(url, answer.headers.get("location", ""))
                            continue
                        return _read(answer)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PlatformError(f"a picture did not come ({error})", permanent=False) from error
        raise GoneError("a picture's address leads on and on")

    def _check(self, url: str) -> None:
        if _origin(url) == self._home:
            return
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname:
            raise GoneError("a picture lies where we do not look")
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port or 443, proto=socket.IPPROTO_TCP)
        except OSError as error:
            raise PlatformError(f"the host of a picture is not known ({error})", permanent=False) from error
        if not all(ipaddress.ip_address(one[4][0]).is_global for one in found):
            raise GoneError("a picture lies where we do not look")


def _read(answer: httpx.Response) -> bytes:
    if answer.status_code in (401, 403, 404, 410):
        raise GoneError(f"a picture is not there ({answer.status_code})")
    if answer.status_code != 200:
        raise PlatformError(f"a picture did not come ({answer.status_code})", permanent=False)
    data = bytearray()
    for chunk in answer.iter_bytes(CHUNK):
        data += chunk
        if len(data) > MAX_BYTES:
            raise GoneError(f"a picture has more than {MAX_BYTES >> 20} MiB")
    return bytes(data)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
