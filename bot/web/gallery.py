"""Which works a page or a feed shows, from its address."""

from typing import get_args

from starlette.requests import Request

from bot.community import Order, Period, Query
from bot.web.errors import bad
from bot.web.parts import parts_of
from bot.web.visitor import visitor_of

LONGEST = 80  # characters of a filter


def query_of(request: Request) -> Query:
    """?order=newest|top|random&period=week|month|all&style=...&label=...&challenge=...&nsfw=1. Raises HttpError."""
    said = request.query_params
    order, period = said.get("order", "newest"), said.get("period", "all")
    if order not in get_args(Order) or period not in get_args(Period):
        raise bad("order is newest, top or random; period is week, month or all.")
    challenge = said.get("challenge", "")
    if challenge and not (challenge.isascii() and challenge.isdecimal() and len(challenge) < 10):
        raise bad("challenge has to be a number.")
    style = said.get("style", "")
    key = None
    if style:
        if len(style) > LONGEST:
            raise bad(f"style has at most {LONGEST} characters.")
        key = parts_of(request).styles.get(style, visitor_of(request)).style.key
    label = said.get("label", "")[:LONGEST].replace("\x00", "")
    return Query(
        order=order,  # type: ignore[arg-type]  # looked up above
        period=period,  # type: ignore[arg-type]
        style=key,
        label=label or None,
        challenge=int(challenge) if challenge else None,
        nsfw=True,  # shown behind a click
    )
