"""Many paintings on one sheet: columns and rows with their values, and what they were made of in the corner."""

from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from worker.contract.pictures import Rgb

PAPER, INK, FAINT = (250, 248, 243), (32, 32, 36), (104, 104, 112)
MOST_PIXELS = 32_000_000  # of the sheet; the paintings on it are made smaller beyond
SMALLEST, LARGEST = 15, 40  # px of letters
LETTER = 1 / 14  # of a painting's width
INPUT_HEIGHT = 0.6  # of a painting's
CELL_SIDE = 96  # px: a narrow painting still has room for its column's name


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where everything goes, in px."""

    columns: tuple[str, ...]  # what is written above each, like `beta 10`
    rows: tuple[str, ...]
    cell: tuple[int, int]  # (width, height) of a painting on the sheet
    pitch: int  # from one column to the next
    letter: int
    left: int  # where the first column begins
    image: Image.Image = field(repr=False)
    top: int  # where the first row begins

    def put(self, row: int, column: int, painting: Rgb) -> None:
        """A painting at its place."""
        x = self.left + column * self.pitch
        y = self.top + row * (self.cell[1] + self.letter // 2)
        self.image.paste(Image.fromarray(painting).resize(self.cell, Image.Resampling.LANCZOS), (x, y))

    def pixels(self) -> Rgb:
        """(H, W, 3) uint8 of the whole sheet."""
        return np.asarray(self.image)


def lay_out(
    columns: tuple[str, ...], rows: tuple[str, ...], size: tuple[int, int], inputs: dict[str, Rgb], words: str
) -> Sheet:
    """An empty sheet for paintings of `size` (width, height), with `inputs` by name and `words` about them on top."""
    grid = len(columns) * len(rows)
    shrink = min(1.0, (MOST_PIXELS / (1.5 * grid * size[0] * size[1])) ** 0.5)
    cell = max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))
    letter = round(min(LARGEST, max(SMALLEST, cell[0] * LETTER)))
    font = ImageFont.load_default(letter)
    left = letter + round(max(font.getlength(line) for row in rows for line in row.splitlines())) + letter
    pitch = max(cell[0], CELL_SIDE, round(max(font.getlength(column) for column in columns))) + letter // 2
    thumbs = {name: _thumb(picture, max(48, round(cell[1] * INPUT_HEIGHT))) for name, picture in inputs.items()}
    strip = letter + sum(max(thumb.width, round(font.getlength(name))) + letter for name, thumb in thumbs.items())
    words_width = 2 * letter + round(font.getlength(words))
    width = max(left + len(columns) * pitch + letter, strip, words_width)
    thumbs_bottom = letter + max(thumb.height for thumb in thumbs.values())
    top = thumbs_bottom + round(letter * 6)
    height = top + len(rows) * (cell[1] + letter // 2) + letter
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    x = letter
    for name, thumb in thumbs.items():
        image.paste(thumb, (x, letter))
        draw.text((x, thumbs_bottom + letter // 4), name, FAINT, font)
        x += max(thumb.width, round(font.getlength(name))) + letter
    draw.text((letter, thumbs_bottom + round(letter * 1.9)), words, FAINT, font)
    for place, column in enumerate(columns):
        draw.text((left + place * pitch, top - round(letter * 1.5)), column, INK, font)
    for place, row in enumerate(rows):
        middle = top + place * (cell[1] + letter // 2) + cell[1] // 2
        draw.multiline_text((letter, middle), row, INK, font, anchor="lm")
    return Sheet(columns, rows, cell, pitch, letter, left, image, top)


def _thumb(picture: Rgb, height: int) -> Image.Image:
    image = Image.fromarray(picture)
    width = min(4 * height, max(1, round(image.width * height / image.height)))
    return image.resize((width, height), Image.Resampling.BOX)
