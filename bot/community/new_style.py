"""A style as a person brings it, checked before anything is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from bot.community.pictures import checked
from bot.community.words import line, slug_of
from bot.desk import RefusedError
from bot.styles import Label
from worker.contract import PictureError
from worker.contract.pictures import check_aspects

MOST_LABELS = 32


@dataclass(frozen=True, slots=True)
class NewStyle:
    """A style as a person brings it; the labels name the map's colours."""

    name: str
    picture: bytes = field(repr=False)
    map: bytes = field(repr=False)
    labels: Sequence[Label]
    doodle: bytes | None = field(default=None, repr=False)
    artist: str = ""
    licence: str = ""
    source: str = ""


def checked_style(new: NewStyle) -> tuple[dict[str, object], dict[str, bytes]]:
    """What the row says, and the pictures by digest. Raises RefusedError."""
    names = checked_name(new.name)
    picture, style_map = checked(new.picture, "The style"), checked(new.map, "The style map")
    sizes = {"The style": (picture.width, picture.height), "the style map": (style_map.width, style_map.height)}
    try:
        check_aspects(sizes, "The style", "the style map")
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error
    doodle = None if new.doodle is None else checked(new.doodle, "The doodle")
    values: dict[str, object] = {
        **names,
        "picture": picture.digest,
        "map": style_map.digest,
        "doodle": None if doodle is None else doodle.digest,
        "labels": [{"name": label.name, "colour": label.colour} for label in _labels(new.labels)],
        "artist": line(new.artist, "The artist's name", 80),
        "licence": line(new.licence, "The licence", 80),
        "source": line(new.source, "The source", 400),
        "width": picture.width,
        "height": picture.height,
    }
    pictures = {picture.digest: new.picture, style_map.digest: new.map}
    if doodle is not None and new.doodle is not None:
        pictures[doodle.digest] = new.doodle
    return values, pictures


def checked_name(said: str) -> dict[str, str]:
    """What the row says of a style's name. Raises RefusedError."""
    name = line(said, "The style's name", 80, least=1)
    slug = slug_of(name) or f"style-{sha256(name.encode()).hexdigest()[:8]}"  # names are of any script
    return {"slug": slug, "name": name}


def _labels(labels: Sequence[Label]) -> list[Label]:
    if not 1 <= len(labels) <= MOST_LABELS:
        raise RefusedError(
            f"The style map has {len(labels)} labels and 1 to {MOST_LABELS} are taken: name its colours.",
            "labels_count",
            count=len(labels),
            most=MOST_LABELS,
        )
    clean = [Label(name=line(label.name, "A label's name", 40, least=1), colour=label.colour) for label in labels]
    for what, said in (
        ("name", [label.name.lower() for label in clean]),
        ("colour", [label.colour for label in clean]),
    ):
        twice = next((one for one in said if said.count(one) > 1), None)
        if twice is not None:
            raise RefusedError(
                f"Two labels have the {what} {twice}: give each one its own.", "labels_alike", twice=twice
            )
    return clean
