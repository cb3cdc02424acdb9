"""The desk: the service behind every front, and the only writer of the database."""

from bot.desk.database import Database
from bot.desk.desk import Desk
from bot.desk.errors import DeskError, OutOfReachError, RefusedError, UnknownJobError
from bot.desk.front import Delivery, Front, FrontError
from bot.desk.lookback import Overview, Recipe
from bot.desk.request import Request
from bot.desk.standing import Standing, Ticket

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
    "Ticket",
    "UnknownJobError",
]
