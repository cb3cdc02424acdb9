"""From a wish to its row: the checks before anything of it is stored, and what is recorded of it."""

from datetime import datetime

from bot.desk.errors import RefusedError
from bot.desk.pace import workload_of
from bot.desk.request import SuggestRequest, Wish
from bot.desk.tables import JobRow
from worker.contract import PictureError
from worker.contract.fitting import decode_fitting
from worker.contract.pictures import decode


def check(wish: Wish) -> int:
    """How many pixels its result will have.

    Raises RefusedError, one sentence with the numbers and the way out, when nothing can be made of this.
    """
    try:
        if isinstance(wish, SuggestRequest):
            height, width = decode(wish.picture, wish.name).shape[:2]
        else:
            pictures = wish.pictures()
            called = {role: wish.name(role) for role in pictures}
            fitted = decode_fitting(pictures, wish.options, called, wish.label_names)
            height, width = fitted.doodle.shape[:2]
            width, height = wish.options.width or width, wish.options.height or height
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error
    return int(width * height)


def new_row(wish: Wish, job_id: str, digests: dict[str, str], pixels: int, now: datetime) -> JobRow:
    """The accepted wish, with the digests of its pictures by role and the pixels of its result."""
    row = JobRow(
        id=job_id,
        kind="suggest" if isinstance(wish, SuggestRequest) else "paint",
        person=wish.person,
        front=wish.front,
        address=wish.address,
        request_key=wish.request_key,
        server=wish.server,
        size_bytes=sum(map(len, wish.pictures().values())),
        options=wish.options.model_dump(),
        workload=workload_of(wish),
        pixels=pixels,
        state="queued",
        attempt=0,
        crashes=0,
        losses=0,
        created_at=now,
        **digests,
    )
    if not isinstance(wish, SuggestRequest):
        row.style_key, row.remix_of = wish.style_key, wish.remix_of
        row.label_names = wish.label_names or None
    return row
