"""What a person needs to draw a doodle for a style: its sheet, an empty template, a palette file; names for colours."""

from dataclasses import dataclass, field

from bot.community import LibraryStyle, StyleData
from bot.desk import RefusedError
from bot.styles import Label, StyleError, Subject, blank_template, draw_sheet, palette_file
from worker.contract import PictureError
from worker.contract.maps.named import read_named
from worker.contract.maps.names import hex_of


@dataclass(frozen=True, slots=True)
class Sheet:
    """The same files that `twobit style show` writes."""

    sheet: bytes = field(repr=False)  # PNG
    template: bytes = field(repr=False)  # PNG in the style's palette
    palette: bytes = field(repr=False)  # GIMP palette, which most paint programs read
    doodle: bytes | None = field(repr=False)  # one to begin with, where the style has one


def sheet_of(style: LibraryStyle, data: StyleData, how: str) -> Sheet:
    """Draw and write them; `how`: the sheet's last line. Raises RefusedError."""
    subject = Subject(
        slug=style.slug,
        name=style.name,
        by_whom=", ".join(part for part in (style.artist, style.licence) if part),
        label=style.labels,
        picture=data.picture,
        map=data.map,
        doodle=data.doodle,
        how=how,
    )
    try:
        palette = palette_file(style.name, style.labels)
        return Sheet(draw_sheet(subject), blank_template(subject), palette, data.doodle)
    except StyleError as error:
        raise RefusedError(str(error)) from error


def named_labels(style_map: bytes) -> tuple[Label, ...]:
    """The labels of a map: by the names that travel in it, else its colours' own. Raises RefusedError."""
    try:
        named = read_named(style_map, "The style map")
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error
    return tuple(Label(name=name, colour=hex_of(rgb)) for name, rgb in zip(named.names, named.colours, strict=True))
