"""Why a network can't be reached, in a few words: libraries wrap the cause in several layers of their own."""

import socket
import ssl
from collections.abc import Iterator

MOST = 160  # characters
CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, "its name can't be looked up"),
    (ConnectionRefusedError, "nothing listens there"),
    (ssl.SSLError, "its certificate can't be trusted"),
    (TimeoutError, "it takes too long"),
)


def why(error: BaseException) -> str:
    """What lies at the bottom of an error of a client's library, for a log line or an operator."""
    chain = list(_chain(error))
    for each in reversed(chain):
        for kind, words in CAUSES:
            if isinstance(each, kind):
                return words
    if any("timeout" in type(each).__name__.lower() for each in chain):
        return CAUSES[-1][1]
    return next((str(each)[:MOST] for each in reversed(chain) if str(each)), type(error).__name__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
