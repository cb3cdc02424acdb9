"""Suggested maps: a wish for one, its row, and what came of it."""

from dataclasses import dataclass, field

from bot.desk.clock import Clock
from bot.desk.errors import RefusedError
from bot.desk.standing import Standing
from bot.desk.tables import JobRow
from worker.contract import PictureError, SuggestOptions
from worker.contract.maps.names import read_map, to_hex
from worker.contract.pictures import decode


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """One wish for a map: the picture as bytes, how many labels, who asks, and where the answer goes."""

    picture: bytes = field(repr=False)
    options: SuggestOptions = field(default_factory=SuggestOptions)
    person: str = "anonymous"  # "<front>:<id>", the one who may cancel
    front: str = "cli"  # which front delivers
    address: str = ""  # the front's own words for where to
    request_key: str | None = None  # the front's idempotency key: the same key twice is one job
    name: str = "the picture"  # what to call it in a message to the person


@dataclass(frozen=True, slots=True)
class SuggestedMap:
    """A finished suggestion: a PNG of flat colours, and the colour and name of each label."""

    digest: str  # under which the map lies in the store
    png: bytes = field(repr=False)
    labels: tuple[tuple[str, str], ...]  # (name, "#rrggbb")


def check(request: SuggestRequest) -> None:
    """Raise RefusedError, one sentence with the numbers and the way out, for a picture that can't be read."""
    try:
        decode(request.picture, request.name)
    except PictureError as error:
        raise RefusedError(str(error)) from error


def new_row(request: SuggestRequest, job_id: str, digest: str, clock: Clock) -> JobRow:
    """The accepted wish; its picture is kept as the style, which it is going to be."""
    return JobRow(
        id=job_id,
        kind="suggest",
        person=request.person,
        front=request.front,
        address=request.address,
        request_key=request.request_key,
        style=digest,
        options=request.options.model_dump(),
        state="queued",
        attempt=0,
        crashes=0,
        losses=0,
        created_at=clock(),
    )


def suggested(standing: Standing, png: bytes) -> SuggestedMap:
    """What a finished suggestion says. Raises RefusedError for a map that can't be read."""
    assert standing.result is not None
    try:
        named = read_map(png, "The suggested map")
    except PictureError as error:
        raise RefusedError(str(error)) from error
    legend = zip(named.names, (to_hex(colour) for colour in named.colours), strict=True)
    return SuggestedMap(standing.result, png, tuple(legend))
