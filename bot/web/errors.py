"""What ends a request early, with its HTTP status."""

from bot.desk.reading import BUSY
from worker.contract import PictureError

LATER_SECONDS = 5.0


class HttpError(Exception):
    """One sentence for the person; `code` is a word for programs."""

    def __init__(self, status: int, code: str, message: str, wait: float | None = None) -> None:
        """`wait`: seconds after which it may be tried again."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.wait = wait


def bad(message: str) -> HttpError:
    """400: what was sent is at fault."""
    return HttpError(400, "bad_request", message)


def unreadable(error: PictureError) -> HttpError:
    """400 for a picture at fault; 503 where nobody was free to read it."""
    return later(str(error)) if error.code == BUSY else bad(f"{error}.")


def later(message: str) -> HttpError:
    """503: nothing is wrong with what was sent, try again."""
    return HttpError(503, "busy", f"{message[:1].upper()}{message[1:]}.", LATER_SECONDS)


def missing(what: str) -> HttpError:
    """404."""
    return HttpError(404, "not_found", f"There is no such {what}.")


def not_signed_in(tokens: str = "") -> HttpError:
    """401; `tokens`: the address at which a person makes one, told to a program."""
    way = (
        f" A program sends a token as Authorization: Bearer twobit_…; a person makes it at {tokens}." if tokens else ""
    )
    return HttpError(401, "sign_in", f"Sign in first: this needs to know who you are.{way}")
