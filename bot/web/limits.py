"""How often one person may ask: token buckets in this process's memory."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

REMEMBERED = 10_000  # buckets; the longest unused go first


def neighbourhood(address: str) -> str:
    """What counts as one address: of IPv6 the /64, as whoever has one address there has all of them."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address  # a test's, or a socket's
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


class RateLimit:
    """`per_minute` requests for each name, and no more than so many at once."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` is for tests."""
        self.per_minute = per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Take one; returns 0.0, or the seconds to wait when there is none."""
        now = self._clock()
        left, since = self._left.pop(name, (float(self.per_minute), now))
        left = min(float(self.per_minute), left + (now - since) * self.per_minute / 60)
        granted = left >= 1
        self._left[name] = (left - 1 if granted else left, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return 0.0 if granted else (1 - left) * 60 / self.per_minute
