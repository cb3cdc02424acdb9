"""Whether the parts that a request needs can be reached."""

from bot.desk import Desk, OutOfReachError
from worker.contract import UnreachableError


def readiness(desk: Desk) -> dict[str, str]:
    """`ok` or the reason, for database, queue and workers."""
    found: dict[str, str] = {}
    try:
        found["desk"] = "ok" if desk.running() else "no desk loop has been seen for a while"
        found["database"] = "ok"
    except OutOfReachError as error:
        found["database"] = str(error)
    try:
        found["queue"] = "; ".join(desk.queue.check()) or "ok"
        found["workers"] = "ok" if desk.queue.workers() else "no worker is running"
    except UnreachableError as error:
        found["queue"] = str(error)
    return found
