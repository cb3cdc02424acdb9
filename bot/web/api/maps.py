"""/api/v1/maps: whether a style map is in order; and a suggested one for a picture that has none."""

from starlette.requests import Request
from starlette.responses import Response

from bot.web.errors import HttpError


async def check(request: Request) -> Response:
    """POST: to come."""
    raise HttpError(501, "not_yet", "Maps can't be checked here yet.")


async def suggest(request: Request) -> Response:
    """POST: to come."""
    raise HttpError(501, "not_yet", "Maps can't be suggested here yet.")
