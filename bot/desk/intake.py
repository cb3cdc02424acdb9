"""From a wish to its row: what is recorded of it."""

from datetime import datetime

from bot.desk.pace import workload_of
from bot.desk.request import SuggestRequest, Wish
from bot.desk.tables import JobRow


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
