"""Time as the desk sees it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Aware UTC time."""
    return datetime.now(UTC)
