"""Discord's bad days."""

import re
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """What happens to the next matching requests instead of their answer."""

    method: str
    path: re.Pattern[str]
    times: int = 1
    status: int = 500
    body: dict[str, Any] = field(default_factory=lambda: {"message": "bad day", "code": 0})
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False  # the connection is cut instead of an answer
    done: bool = False  # Discord does what was asked all the same: only the answer is lost
    delay: float = 0.0
    seen: int = 0

    def hits(self, method: str, path: str) -> bool:
        """True when this request suffers; counts it."""
        if self.times <= 0 or method != self.method or not self.path.search(path):
            return False
        self.times -= 1
        self.seen += 1
        return True


def rate_limited(seconds: float, *, via: bool = True) -> dict[str, Any]:
    """Keyword arguments of a Fault: 429; without `via` as from the CDN, which the library gives up on."""
    headers = {"Retry-After": str(seconds), **({"Via": "1.1 google"} if via else {})}
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
    return {"status": 429, "headers": headers, "body": body}
