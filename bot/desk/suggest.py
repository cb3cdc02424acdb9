"""What came of a wish for a map."""

from dataclasses import dataclass, field

from bot.desk.errors import RefusedError
from worker.contract import PictureError
from worker.contract.maps.named import read_named
from worker.contract.maps.names import hex_of


@dataclass(frozen=True, slots=True)
class SuggestedMap:
    """A finished suggestion: a PNG of flat colours, and the colour and name of each label."""

    digest: str  # under which the map lies in the store
    png: bytes = field(repr=False)
    labels: tuple[tuple[str, str], ...]  # (name, "#rrggbb")


def suggested(digest: str, png: bytes) -> SuggestedMap:
    """What a finished suggestion says. Raises RefusedError for a map that can't be read."""
    try:
        named = read_named(png, "The suggested map")
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error
    legend = zip(named.names, (hex_of(colour) for colour in named.colours), strict=True)
    return SuggestedMap(digest, png, tuple(legend))
