"""The sheet that people draw from: the painting, its map, a doodle, and the colours with their names.

Made for a phone held upright: 1080 px wide, so that the smallest letters are still read at a third of the size.
"""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from bot.styles.description import Label
from bot.styles.errors import StyleError
from bot.styles.style import Style
from worker.contract import PictureError
from worker.contract.lettering import font_for
from worker.contract.pictures import Rgb, decode, encode_png
from worker.contract.preview.labels import Labels, nearest

WIDTH = 1080  # px
MARGIN = 48
GAP = 24
TALLEST = 1080  # px of the painting on the sheet: an upright one leaves room for its legend
TITLE, TEXT, SMALL = 60, 38, 32  # px of letters
SMALLEST = 24  # px that a long line may shrink to
SWATCH = 92
PAPER, INK, FAINT = (250, 248, 243), (32, 32, 36), (104, 104, 112)
TEMPLATE_SIDE = 512  # px of the longer side, where no doodle tells the size
CHARACTERS = 54  # of small letters in a line

How = Image.Resampling


@dataclass(frozen=True, slots=True)
class Subject:
    """What a sheet tells of: a style, wherever it is kept; pictures (., ., 3) uint8."""

    name: str
    by_whom: str  # below the name; may be empty
    label: tuple[Label, ...]
    picture: Rgb = field(repr=False)
    map: Rgb = field(repr=False)
    doodle: Rgb | None = field(repr=False)
    how: str  # to paint with it: the last line


@dataclass(slots=True)
class _Sheet:
    """What was drawn so far, from the top down."""

    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, 8000), PAPER))
    y: int = MARGIN

    def text(self, words: str, size: int, colour: tuple[int, int, int] = INK) -> None:
        """A line at the left margin, in smaller letters where it would not fit."""
        _write(self.image, (MARGIN, self.y), words, size, colour, WIDTH - 2 * MARGIN)
        self.y += round(size * 1.35)

    def finished(self) -> bytes:
        """PNG, cut below the last line."""
        kept = self.image.crop((0, 0, WIDTH, self.y + MARGIN))
        return encode_png(np.asarray(kept))


def draw_sheet(style: Style | Subject) -> bytes:
    """PNG bytes of the sheet. Raises StyleError where the style's pictures can't be read."""
    subject = _subject(style)
    picture, style_map = subject.picture, subject.map
    sheet = _Sheet()
    sheet.text(subject.name, TITLE)
    if subject.by_whom:
        sheet.text(f"by {subject.by_whom}", SMALL, FAINT)
    sheet.y += GAP // 2
    painting = _scaled(picture, WIDTH - 2 * MARGIN, TALLEST)
    sheet.image.paste(painting, ((WIDTH - painting.width) // 2, sheet.y))
    sheet.y += painting.height + GAP
    doodle = [] if subject.doodle is None else [("a doodle", subject.doodle)]
    _pair(sheet, [("its map", style_map), *doodle])
    sheet.text("Draw with these colours, and no others:", TEXT)
    sheet.y += GAP // 2
    _legend(sheet, subject.label, _shares(subject.label, style_map))
    for line in textwrap.wrap(
        "Flat colour, hard brush, no shading. A colour says what is there; how it is painted, Twobit finds out.",
        CHARACTERS,
    ):
        sheet.text(line, SMALL, FAINT)
    sheet.y += GAP // 2
    sheet.text(subject.how, SMALL)
    return sheet.finished()


def blank_template(style: Style | Subject) -> bytes:
    """A PNG to draw a doodle on: the style's colours as its palette, of a doodle's size, all in the commonest label.

    Filled, not white: what nobody paints over is then a label too. Raises StyleError.
    """
    subject = _subject(style)
    shares = list(label_shares(subject).values())
    if subject.doodle is not None:
        height, width = subject.doodle.shape[:2]
    else:
        height, width = subject.picture.shape[:2]
        shrink = min(1.0, TEMPLATE_SIDE / max(height, width))
        height, width = round(height * shrink), round(width * shrink)
    blank = Image.new("P", (width, height), int(np.argmax(shares)))
    blank.putpalette([value for label in subject.label for value in label.rgb])
    out = io.BytesIO()
    blank.save(out, "PNG", optimize=True)
    return out.getvalue()


def label_shares(style: Style | Subject) -> dict[str, float]:
    """How much of the map each label has, by name, 0 to 1. Raises StyleError."""
    subject = _subject(style)
    return _shares(subject.label, subject.map)


def _shares(labels: Sequence[Label], style_map: Rgb) -> dict[str, float]:
    palette = np.array([label.rgb for label in labels], np.uint8)
    found: Labels = nearest(style_map, palette)
    counts = np.bincount(found.ravel(), minlength=len(palette)) / found.size
    return dict(zip((label.name for label in labels), counts.tolist(), strict=True))


def _pair(sheet: _Sheet, pictures: list[tuple[str, Rgb]]) -> None:
    """Map and doodle side by side, each with a word below."""
    wide = (WIDTH - 2 * MARGIN - GAP) // 2
    scaled = [_scaled(picture, wide, wide, How.NEAREST) for _, picture in pictures]
    for place, ((word, _), image) in enumerate(zip(pictures, scaled, strict=True)):
        x = MARGIN + place * (wide + GAP)
        sheet.image.paste(image, (x, sheet.y))
        _write(sheet.image, (x, sheet.y + image.height + 4), word, SMALL, FAINT, wide)
    sheet.y += max(image.height for image in scaled) + SMALL + 2 * GAP


def _legend(sheet: _Sheet, labels: Sequence[Label], shares: dict[str, float]) -> None:
    """Swatch, name, colour code and share of every label, in two columns."""
    wide = (WIDTH - 2 * MARGIN) // 2
    for place, label in enumerate(labels):
        row, column = divmod(place, 2)
        _swatch(sheet.image, (MARGIN + column * wide, sheet.y + row * (SWATCH + GAP)), label, shares[label.name], wide)
    sheet.y += (len(labels) + 1) // 2 * (SWATCH + GAP) + GAP // 2


def _swatch(image: Image.Image, at: tuple[int, int], label: Label, share: float, wide: int) -> None:
    x, y = at
    frame = (x, y, x + SWATCH, y + SWATCH)
    ImageDraw.Draw(image).rounded_rectangle(frame, radius=14, fill=label.rgb, outline=FAINT, width=2)
    room = wide - SWATCH - 2 * GAP
    _write(image, (x + SWATCH + GAP, y + 2), label.name, TEXT, INK, room)
    part = f"{share:.0%}" if share >= 0.01 else "under 1%"
    _write(image, (x + SWATCH + GAP, y + TEXT + 12), f"{label.colour}  {part}", SMALL, FAINT, room)


def _write(
    image: Image.Image, at: tuple[int, int], words: str, size: int, colour: tuple[int, int, int], room: int
) -> None:
    """A line of letters, made smaller until it fits into `room` px, and cut where it still doesn't."""
    font = font_for(words, size)
    while size > SMALLEST and font.getlength(words) > room:
        size -= 1
        font = font_for(words, size)
    if font.getlength(words) > room:
        kept = next(n for n in range(len(words), 0, -1) if font.getlength(words[:n] + "...") <= room)
        words = words[:kept] + "..."
    ImageDraw.Draw(image).text(at, words, fill=colour, font=font)


def _scaled(picture: Rgb, width: int, height: int, how: How = How.LANCZOS) -> Image.Image:
    image = Image.fromarray(picture)
    scale = min(width / image.width, height / image.height)
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))), how)


def _subject(style: Style | Subject) -> Subject:
    """Raises StyleError where a file can't be read."""
    if isinstance(style, Subject):
        return style
    return Subject(
        name=style.name,
        by_whom=style.by_whom,
        label=style.label,
        picture=_read(style.picture, f"the picture of {style.slug}"),
        map=_read(style.map, f"the map of {style.slug}"),
        doodle=_read(style.doodle, f"the doodle of {style.slug}") if style.has_doodle else None,
        how=f"twobit paint --style {style.slug} --doodle mine.png --out painting.png",
    )


def _read(path: Path, called: str) -> Rgb:
    try:
        return decode(path.read_bytes(), called)
    except PictureError as error:
        raise StyleError(str(error)) from error
    except OSError as error:
        raise StyleError(f"{path} can't be read ({error.strerror}): check its permissions") from error
