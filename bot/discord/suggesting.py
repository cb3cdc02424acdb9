"""A semantic map for a picture that came without one."""

from bot.discord.parts import Parts
from bot.discord.troubles import Trouble, TroubleError


async def suggest(parts: Parts, picture: bytes) -> bytes:  # noqa: ARG001
    """PNG of a suggested map. Raises TroubleError with the reason."""
    raise TroubleError(Trouble.MAP_NEEDED, reason="no painter that suggests maps is at work")
