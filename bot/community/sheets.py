"""What a person needs to draw a doodle for a style: its sheet, an empty template, a palette file; names for colours."""

from dataclasses import dataclass, field

from bot.community import LibraryStyle, StyleData
from bot.community.pictures import pixels
from bot.desk import RefusedError, reading
from bot.styles import Label, Subject, blank_template, draw_sheet, palette_file
from worker.contract import PictureError


@dataclass(frozen=True, slots=True)
class Sheet:
    """The same files that `twobit style show` writes."""

    sheet: bytes = field(repr=False)  # PNG
    template: bytes = field(repr=False)  # PNG in the style's palette
    palette: bytes = field(repr=False)  # GIMP palette, which most paint programs read
    doodle: bytes | None = field(repr=False)  # one to begin with, where the style has one


def sheet_of(style: LibraryStyle, data: StyleData, how: str) -> Sheet:
    """Draw and write them; `how`: the sheet's last line. Raises RefusedError."""
    called = "The {} of " + style.slug
    subject = Subject(
        name=style.name,
        by_whom=", ".join(part for part in (style.artist, style.licence) if part),
        label=style.labels,
        picture=pixels(data.picture, called.format("picture"), stored=True),
        map=pixels(data.map, called.format("map"), stored=True),
        doodle=None if data.doodle is None else pixels(data.doodle, called.format("doodle"), stored=True),
        how=how,
    )
    palette = palette_file(style.name, style.labels)
    return Sheet(draw_sheet(subject), blank_template(subject), palette, data.doodle)


def named_labels(style_map: bytes) -> tuple[Label, ...]:
    """The labels of a map: by the names that travel in it, else its colours' own. Raises RefusedError."""
    try:
        named = reading.named(style_map, "The style map")
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error
    return tuple(Label(name=name, colour=colour) for name, colour in named.labels)
