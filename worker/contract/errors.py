"""What can go wrong between the desk and a worker.

ContractError
├── UnreachableError      Redis or the store did not answer; the same call may succeed later
├── UnknownVersionError   a message of a version that this side doesn't speak
├── PictureError          a picture that a person sent can't be used; the message says why and the way out
├── MissingPictureError   the store has nothing under that digest
└── CorruptPictureError   the bytes under a digest are not the ones it names
"""


class ContractError(Exception):
    """Base of all that this package raises on purpose."""


class UnreachableError(ContractError):
    """Redis or the store did not answer."""


class UnknownVersionError(ContractError):
    """A job or event of a contract version that this side doesn't speak."""


class PictureError(ContractError):
    """A picture that can't be used; the message names it, the numbers and the way out.

    `code` and `values` are for those who say it in another language, "" where nobody does.
    """

    def __init__(self, message: str, code: str = "", **values: object) -> None:
        """`values`: the names and numbers in the message."""
        super().__init__(message)
        self.code = code
        self.values = values


class MissingPictureError(ContractError):
    """The store has nothing under that digest."""


class CorruptPictureError(ContractError):
    """The stored bytes don't have the digest they are filed under."""
