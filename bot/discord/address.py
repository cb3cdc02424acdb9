"""Where the answer to a request goes: everything that is needed after a restart, as JSON in the job's row."""

import json
import time
from dataclasses import asdict, dataclass, fields
from typing import Literal

from bot.community.labels import Naming

TOKEN_SECONDS = 15 * 60.0
Purpose = Literal["", "paint", "style", "map"]
MARGIN_SECONDS = 20.0  # our clock and Discord's differ; a dead token costs one request


@dataclass(frozen=True, slots=True)
class Address:
    """The job's message and its surroundings."""

    user: int
    channel: int
    message: int | None = None  # the job's own message; None when it could not be learned
    guild: int | None = None
    token: str | None = None  # the interaction's: edits anywhere, for a quarter of an hour
    token_until: float = 0.0  # Unix seconds
    limit: int = 10 * 2**20  # bytes that may be uploaded there
    language: str = "en"
    style: str = ""  # its name
    alt: str = ""  # what a person who sees no pictures is told of the painting
    labels: tuple[str, ...] = ()  # that occur in the doodle
    naming: Naming = "own"  # who named them
    nsfw: bool = False
    private: bool = False  # only its person sees the message
    purpose: Purpose = ""  # what a suggested map is for: to paint from the tray, to keep a style, to have it
    note: str = ""  # what the purpose needs: the choices of a painting, whom a style is for and its name

    def token_lives(self) -> bool:
        """True while the interaction's token still edits the message."""
        return self.token is not None and time.time() < self.token_until - MARGIN_SECONDS

    def to_text(self) -> str:
        """For bot.desk.Request.address: short, for it also travels in links."""
        defaults = {field.name: field.default for field in fields(self)}
        said = {name: value for name, value in asdict(self).items() if value != defaults[name]}
        return json.dumps(said, ensure_ascii=False)


def address_from(text: str) -> Address:
    """Read it back; fields of a later release are left out. Raises ValueError for what is no address."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(f"no address: {text[:40]!r}")
    known = {name: value for name, value in found.items() if name in Address.__slots__}
    known["labels"] = tuple(known.get("labels", ()))
    return Address(**known)
