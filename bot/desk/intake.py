"""From a wish to its row: the checks before anything of it is stored, and what is recorded of it."""

from datetime import datetime

from bot.desk.errors import RefusedError
from bot.desk.request import SuggestRequest, Wish
from bot.desk.tables import JobRow
from worker.contract import PictureError
from worker.contract.fitting import decode_fitting
from worker.contract.pictures import decode


def check(wish: Wish) -> None:
    """Raise RefusedError, one sentence with the numbers and the way out, when nothing can be made of this."""
    try:
        if isinstance(wish, SuggestRequest):
            decode(wish.picture, wish.name)
        else:
            pictures = wish.pictures()
            decode_fitting(pictures, wish.options, {role: wish.name(role) for role in pictures})
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error


def new_row(wish: Wish, job_id: str, digests: dict[str, str], now: datetime) -> JobRow:
    """The accepted wish, with the digests of its pictures by role."""
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
        state="queued",
        attempt=0,
        crashes=0,
        losses=0,
        created_at=now,
        **digests,
    )
    if not isinstance(wish, SuggestRequest):
        row.style_key, row.remix_of = wish.style_key, wish.remix_of
    return row
