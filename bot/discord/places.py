"""Under which names Discord's messages that show works are noted, see bot.community.Posts."""

import re

from bot.community.posts import GATED
from bot.discord.parts import FRONT

WALL, PAGE, REPORT, WINNERS = f"{FRONT}:", f"{FRONT}-page:", f"{FRONT}-report:", f"{FRONT}-winners-"
ANSWER = f"{FRONT}-job:"  # of a job that was deleted
DOWN = f"{FRONT}-down:"  # no message: the work was taken off a wall, and hangs again when it is shown again
KINDS = (WALL, PAGE, REPORT, WINNERS, ANSWER, DOWN)
UNTIL_GONE = (REPORT, DOWN)  # kept while the work is there, hidden or not
PLACE = re.compile(r"[a-z]+(?:-winners-(?P<challenge>\d+)|-[a-z]+)?:(?P<channel>\d+)/(?P<message>\d+)")


def place(kind: str, channel: int, message: int, *, gated: bool = False) -> str:
    """As bot.community.Posts remembers it."""
    return f"{kind}{channel}/{message}{GATED if gated else ''}"
