"""A work made from a work."""

from bot.community.community import Community
from bot.community.variations import rerolled
from bot.community.work import Work
from bot.desk import Request
from worker.contract import PaintOptions


def remixed(community: Community, work: Work, doodle: bytes | None) -> Request:
    """The work's recipe with a new seed, and another doodle when given. Raises the store's errors."""
    store, style = community.desk.store, community.styles.of_job(work.style_key)
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
        label_names={} if style is None else style.label_names,
        remix_of=work.id,
    )
