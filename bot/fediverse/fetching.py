"""Pictures of posts, over HTTP: from the network's own hosts, never from within our walls, never without end."""

import asyncio
import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

import httpx

from bot.fediverse.platform import GoneError, PlatformError

MAX_BYTES = 25 * 2**20
SECONDS = 30.0  # without a word of the host
WHOLE_SECONDS = 60.0  # of a picture: who sends a byte now and then is not waited for
MOST_REDIRECTS = 3
CHUNK = 2**16


class Fetcher:
    """Fetches for one account. What its own server's address serves is trusted, wherever that is."""

    def __init__(self, home: str, whole_seconds: float = WHOLE_SECONDS) -> None:
        """`home`: URL of our own server. `whole_seconds`: for a picture, from its first address to its last byte."""
        self._home = _origin(home)
        self._whole_seconds = whole_seconds

    def get(self, url: str) -> bytes:
        """The bytes. Raises GoneError, PlatformError."""
        try:
            with ThreadPoolExecutor(1) as own:  # the caller's thread may run an event loop
                return own.submit(lambda: asyncio.run(self._get(url))).result()
        except TimeoutError as error:  # would come as slowly the next time
            raise GoneError(f"a picture did not come within {self._whole_seconds:.0f} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PlatformError(f"a picture did not come ({error})", permanent=False) from error

    async def _get(self, url: str) -> bytes:
        async with (
            asyncio.timeout(self._whole_seconds),
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client,
        ):
            for _ in range(MOST_REDIRECTS + 1):
                self._check(url)
                async with client.stream("GET", url) as answer:
                    if answer.is_redirect:
                        url = urljoin(url, answer.headers.get("location", ""))
                        continue
                    return await _read(answer)
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


async def _read(answer: httpx.Response) -> bytes:
    if answer.status_code in (401, 403, 404, 410):
        raise GoneError(f"a picture is not there ({answer.status_code})")
    if answer.status_code != 200:
        raise PlatformError(f"a picture did not come ({answer.status_code})", permanent=False)
    data = bytearray()
    async for chunk in answer.aiter_bytes(CHUNK):
        data += chunk
        if len(data) > MAX_BYTES:
            raise GoneError(f"a picture has more than {MAX_BYTES >> 20} MiB")
    return bytes(data)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
