"""What ends a request early, with its HTTP status."""


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


def missing(what: str) -> HttpError:
    """404."""
    return HttpError(404, "not_found", f"There is no such {what}.")


def not_signed_in(tokens: str = "") -> HttpError:
    """401; `tokens`: the address at which a person makes one, told to a program."""
    way = (
        f" A program sends a token as Authorization: Bearer twobit_…; a person makes it at {tokens}." if tokens else ""
    )
    return HttpError(401, "sign_in", f"Sign in first: this needs to know who you are.{way}")
