"""What came of a wish for a map."""

from dataclasses import dataclass, field

from bot.desk.errors import RefusedError
from bot.desk.reading import named
from worker.contract import PictureError


@dataclass(frozen=True, slots=True)
class SuggestedMap:
    """A finished suggestion: a PNG of flat colours, and the colour, name and share of each label."""

    digest: str  # under which the map lies in the store
    png: bytes = field(repr=False)
    labels: tuple[tuple[str, str], ...]  # (name, "#rrggbb")
    shares: tuple[float, ...]  # of the map's pixels, 0 to 1
    width: int  # px
    height: int


def suggested(digest: str, png: bytes) -> SuggestedMap:
    """What a finished suggestion says. Raises RefusedError for a map that can't be read."""
    try:
        found = named(png, "The suggested map", stored=True)
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error
    return SuggestedMap(digest, png, found.labels, found.shares, found.width, found.height)
