"""The desk: the service behind every front, and the only writer of the database.

What talks to the database comes only when asked for: who reads strangers' pictures (bot.desk.reader) needs none of it,
and is half as large without.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot.desk.errors import DeskError, OutOfReachError, RefusedError, UnknownJobError
from bot.desk.front import Delivery, Front, FrontError
from bot.desk.request import Request, SuggestRequest
from bot.desk.standing import Standing, Ticket

if TYPE_CHECKING:
    from bot.desk.database import Database
    from bot.desk.desk import Desk
    from bot.desk.lookback import Overview, Recipe
    from bot.desk.suggest import SuggestedMap

LATER = {
    "Database": "bot.desk.database",
    "Desk": "bot.desk.desk",
    "Overview": "bot.desk.lookback",
    "Recipe": "bot.desk.lookback",
    "SuggestedMap": "bot.desk.suggest",
}

__all__ = [
    "Database",
    "Delivery",
    "Desk",
    "DeskError",
    "Front",
    "FrontError",
    "OutOfReachError",
    "Overview",
    "Recipe",
    "RefusedError",
    "Request",
    "Standing",
    "SuggestRequest",
    "SuggestedMap",
    "Ticket",
    "UnknownJobError",
]


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(LATER[name]), name)
