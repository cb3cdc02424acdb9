"""The connection to Redis or Valkey, with time limits: an unset one waits 59 s on a server that hangs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry

from worker.contract.errors import UnreachableError

ANSWER_SECONDS = 2.0  # one command; the blocking reads set their own


def connect(url: str, answer_seconds: float = ANSWER_SECONDS) -> Redis:
    """A client for `url` (redis://, rediss://, unix://); connects on first use. Raises UnreachableError for another."""
    try:
        if not url.startswith("unix:") and "@" in url.removeprefix(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"):
            raise ValueError("a password with a sign that ends it")  # else half of it would be taken for a host
        return Redis.from_url(
            url,
            socket_timeout=answer_seconds,
            socket_connect_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
    except ValueError as error:
        # Not the error's words: what it took for a port may be half a password.
        raise UnreachableError(
            f"{without_password(url)} is no address of a Redis: give redis://, rediss:// or unix://, "
            "signs like / and @ in a password as %2F and %40"
        ) from error


def without_password(url: str) -> str:
    """A URL that may be shown and logged, even one whose password has signs that don't belong there."""
    inside = r"//[^/@]*@" if url.startswith(("file:", "unix:")) else r"//.*@"  # paths may have an @ of their own
    shown = re.sub(inside, "//***@", url)
    return re.sub(r"([?&]\w*(?:password|secret|token|key)\w*=)[^&#]*", r"\1***", shown, flags=re.IGNORECASE)


@contextmanager
def reaching(what: str) -> Iterator[None]:
    """Turn what redis-py raises when the server is away, full, read-only or loading into UnreachableError."""
    try:
        yield
    except (RedisConnectionError, RedisTimeoutError) as error:
        raise UnreachableError(f"Redis does not answer ({what}): {error}") from error
    except RedisError as error:
        raise UnreachableError(f"Redis refused ({what}): {error}") from error
