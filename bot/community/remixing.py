"""A work made from a work."""

from bot.community.variations import rerolled
from bot.community.work import Work
from bot.desk import Desk, Request
from worker.contract import PaintOptions


def remixed(desk: Desk, work: Work, doodle: bytes | None) -> Request:
    """The work's recipe with a new seed, and another doodle when given. Raises the store's errors."""
    store = desk.store
    values = {**work.options.model_dump(), **rerolled()}
    if doodle is not None:
        values |= {"width": None, "height": None}
    content = store.get(work.content) if work.content is not None and doodle is None else None
    return Request(
        style=store.get(work.style),
        style_map=store.get(work.style_map),
        doodle=doodle or store.get(work.doodle),
        content=content,
        options=PaintOptions.model_validate(values),
        style_key=work.style_key,
        remix_of=work.id,
    )
