"""What the desk tells a front.

DeskError
├── RefusedError       the request is at fault; the message has the numbers and the way out
├── UnknownJobError    no job of that id
└── OutOfReachError    the database or the store does not answer
"""


class DeskError(Exception):
    """Base of all that the desk raises on purpose."""


class RefusedError(DeskError):
    """The request can't be accepted; one sentence for the person.

    `code` and `values` let a front that has the sentence in other languages say it there; "" where nobody needs to.
    """

    def __init__(self, message: str, code: str = "", **values: object) -> None:
        """`values`: the numbers and names in the sentence."""
        super().__init__(message)
        self.code = code
        self.values = values


class UnknownJobError(DeskError):
    """There is no job of that id."""


class OutOfReachError(DeskError):
    """The database or the store does not answer."""
