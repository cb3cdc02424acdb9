"""The checks of a request, before anything of it is stored."""

from bot.desk.errors import RefusedError
from bot.desk.request import Request
from worker.contract import PictureError
from worker.contract.fitting import decode_fitting


def check(request: Request) -> None:
    """Raise RefusedError, one sentence with the numbers and the way out, when this can't be painted."""
    pictures = request.pictures()
    try:
        decode_fitting(pictures, request.options, {role: request.name(role) for role in pictures})
    except PictureError as error:
        raise RefusedError(str(error)) from error
