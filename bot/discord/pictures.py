"""Small pictures made for messages: thumbnails side by side, and the example of /help."""

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont

from bot.desk.reading import decode
from bot.styles import DEMO_STYLE, house_style

SIDE = 240  # px
GAP = 8
HELP_SIDE, HELP_GAP, NUMBER = 420, 28, 44  # px: two by two, read on a phone
PAPER, INK, DISC = "white", "#202024", "#ffd34d"


def row_of(pictures: Sequence[bytes]) -> bytes:
    """PNG of thumbnails side by side. Raises PictureError."""
    images = [_thumbnail(Image.fromarray(decode(data, "The picture", stored=True)), SIDE) for data in pictures]
    width = sum(image.width for image in images) + GAP * (len(images) - 1)
    sheet = Image.new("RGB", (max(1, width), max(image.height for image in images)), PAPER)
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + GAP
    return _png(sheet)


@cache
def example() -> bytes:
    """PNG of how it goes: 1 a style, 2 its map, 3 a doodle in the map's colours, 4 what was painted of it."""
    style = house_style(DEMO_STYLE)
    painted = files("bot.discord").joinpath("painted.jpg").read_bytes()
    data = [style.picture.read_bytes(), style.map.read_bytes(), style.doodle.read_bytes(), painted]
    images = [_thumbnail(Image.fromarray(decode(one, "The example", stored=True)), HELP_SIDE) for one in data]
    cell = max(image.height for image in images)
    sheet = Image.new("RGB", (2 * HELP_SIDE + 3 * HELP_GAP, 2 * cell + 3 * HELP_GAP), PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(NUMBER * 3 // 4)
    for place, image in enumerate(images):
        row, column = divmod(place, 2)
        x, y = HELP_GAP + column * (HELP_SIDE + HELP_GAP), HELP_GAP + row * (cell + HELP_GAP)
        sheet.paste(image, (x, y))
        draw.ellipse((x - 12, y - 12, x - 12 + NUMBER, y - 12 + NUMBER), fill=DISC, outline=INK, width=2)
        draw.text((x - 12 + NUMBER / 2, y - 12 + NUMBER / 2), str(place + 1), INK, font, anchor="mm")
    return _png(sheet)


def _thumbnail(image: Image.Image, side: int) -> Image.Image:
    image.thumbnail((side, side))
    return image


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
