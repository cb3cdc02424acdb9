"""The command line as a front: the answer is a file."""

from collections.abc import Callable
from pathlib import Path

from bot.desk import Delivery, Standing

NAME = "cli"


class CliFront:
    """Delivers to the path in the address; see bot.desk.Front."""

    name = NAME

    def __init__(self, write: Callable[[Path, bytes], None], show: Callable[[Standing], None]) -> None:
        """`write` puts bytes at a path, whole or not at all, or raises FrontError; `show` displays a standing."""
        self._write = write
        self._show = show

    def announce(self, address: str, standing: Standing) -> None:  # noqa: ARG002
        """Show the position."""
        self._show(standing)

    def progress(self, address: str, standing: Standing) -> None:  # noqa: ARG002
        """Show how far it is."""
        self._show(standing)

    def deliver(self, delivery: Delivery, painting: bytes | None) -> None:
        """Write the painting to its path; a failure's sentence is in the standing. Raises FrontError."""
        if painting is None:
            return
        self._write(Path(delivery.address), painting)
