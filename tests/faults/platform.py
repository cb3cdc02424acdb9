"""A platform that people read, and that counts by itself: what hangs there, and what came in again.

Like Discord with its enforced nonce it takes one message for one delivery, whoever sends it how often.
"""

import json
import os
from collections import Counter
from pathlib import Path

from bot.desk import Delivery, Standing


class PlatformFront:
    """Posts into a folder: a file for each delivery."""

    name = "fake"

    def __init__(self, folder: Path) -> None:
        """`folder` is made when missing."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def announce(self, address: str, standing: Standing) -> None:
        """Nobody looks."""

    def progress(self, address: str, standing: Standing) -> None:
        """Nobody looks."""

    def deliver(self, delivery: Delivery, painting: bytes | None) -> None:
        """Post, unless this delivery hangs there already."""
        said = {"job": delivery.standing.job_id, "state": delivery.standing.state, "painting": painting is not None}
        said["message"] = delivery.standing.message or ""
        try:
            descriptor = os.open(self._folder / f"{delivery.id}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            return
        with os.fdopen(descriptor, "w") as file:
            file.write(json.dumps(said))


def posts(folder: Path) -> list[dict[str, str]]:
    """Everything that hangs there."""
    texts = [path.read_text() for path in folder.glob("*.json")]
    return [json.loads(text) for text in texts if text]


def counted(folder: Path) -> Counter[str]:
    """How many answers each job has got."""
    return Counter(post["job"] for post in posts(folder))
