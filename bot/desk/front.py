"""What each platform implements to be a front of the desk."""

from dataclasses import dataclass
from typing import Protocol

from bot.desk.standing import Standing


class FrontError(Exception):
    """A delivery did not go through."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        """`permanent`: trying again will not help (the channel is gone, the path can't be written)."""
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class Delivery:
    """The one answer to one request: an outbox row, claimed by this front for a while."""

    id: int
    token: int  # fencing token of this claim
    address: str
    standing: Standing  # done, failed or cancelled


class Front(Protocol):
    """One platform."""

    name: str

    def announce(self, address: str, standing: Standing) -> None:
        """Tell the person that the request was accepted, and the position."""
        ...

    def progress(self, address: str, standing: Standing) -> None:
        """Show how far it is; may be skipped at any time."""
        ...

    def deliver(self, delivery: Delivery, painting: bytes | None) -> None:
        """Hand over the painting, or the sentence why there is none. Raises FrontError.

        May be called again for the same delivery id after a crash: use it as the platform's idempotency key.
        """
        ...
