"""What a person needs to draw a doodle for a style: its sheet, an empty template, a palette file; names for colours."""

import colorsys
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

from bot.styles import Label
from worker.contract import PictureError
from worker.contract.maps import check_maps
from worker.contract.pictures import Rgb, decode

WIDTH = 960  # px
MARGIN, GAP, SWATCH, LETTERS = 24, 16, 44, 28
PAPER, INK = "white", "#202024"
HUES = ("red", "orange", "yellow", "green", "green", "teal", "cyan", "blue", "blue", "violet", "magenta", "pink")
GREYS = ("black", "dark grey", "grey", "light grey", "white")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Three files."""

    sheet: bytes = field(repr=False)  # PNG
    template: bytes = field(repr=False)  # PNG in the style's palette
    palette: bytes = field(repr=False)  # GIMP palette, which most paint programs read


def sheet_of(name: str, labels: Sequence[Label], picture: bytes, style_map: bytes, doodle: bytes | None) -> Sheet:
    """Draw and write all three. Raises PictureError."""
    size = decode(style_map if doodle is None else doodle, "The template").shape[1::-1]
    return Sheet(_drawn(labels, picture, style_map), _template(labels, size), _palette(name, labels))


def named_labels(style_map: bytes) -> tuple[Label, ...]:
    """The labels of a map that nobody has named: its colours, by what people call them. Raises PictureError."""
    report = check_maps(None, style_map, style_map)
    if report.problems:
        raise PictureError(report.problems[0].text)
    found: list[Label] = []
    for entry in report.legend:
        base = entry.name if entry.name.lower() != entry.colour else colour_name(entry.colour)
        taken = {label.name for label in found}
        name, number = base, 2
        while name in taken:
            name, number = f"{base} {number}", number + 1
        found.append(Label(name=name[:40], colour=entry.colour))
    return tuple(found)


def colour_name(colour: str) -> str:
    """What people call `#rrggbb`, roughly."""
    red, green, blue = (part / 255 for part in bytes.fromhex(colour[1:]))
    hue, value, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.12 or value < 0.06 or value > 0.96:
        return GREYS[min(len(GREYS) - 1, int(value * len(GREYS)))]
    if HUES[round(hue * 12) % 12] in ("orange", "red", "yellow") and value < 0.4 and saturation < 0.75:
        return "brown"
    shade = "dark " if value < 0.33 else "light " if value > 0.72 else ""
    return shade + HUES[round(hue * 12) % 12]


def _drawn(labels: Sequence[Label], picture: bytes, style_map: bytes) -> bytes:
    side = (WIDTH - 2 * MARGIN - GAP) // 2
    pair = [
        _scaled(decode(data, "The style"), side, how)
        for data, how in ((picture, Image.Resampling.LANCZOS), (style_map, Image.Resampling.NEAREST))
    ]
    top = MARGIN + max(image.height for image in pair) + GAP
    height = top + len(labels) * (SWATCH + 8) + MARGIN
    sheet = Image.new("RGB", (WIDTH, height), PAPER)
    for place, image in enumerate(pair):
        sheet.paste(image, (MARGIN + place * (side + GAP), MARGIN))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(LETTERS)
    for row, label in enumerate(labels):
        y = top + row * (SWATCH + 8)
        draw.rectangle((MARGIN, y, MARGIN + 2 * SWATCH, y + SWATCH), fill=label.colour, outline=INK)
        draw.text((MARGIN + 2 * SWATCH + GAP, y + 5), f"{label.name}   {label.colour}", INK, font)
    return _png(sheet)


def _scaled(picture: Rgb, width: int, how: Image.Resampling) -> Image.Image:
    image = Image.fromarray(picture)
    return image.resize((width, max(1, round(image.height * width / image.width))), how)


def _template(labels: Sequence[Label], size: tuple[int, ...]) -> bytes:
    """All in the first label, so that what nobody paints over is a label too."""
    image = Image.new("P", (size[0], size[1]), 0)
    image.putpalette([part for label in labels for part in label.rgb])
    return _png(image)


def _palette(name: str, labels: Sequence[Label]) -> bytes:
    lines = ["GIMP Palette", f"Name: {name}", "#"]
    lines += [f"{red:3d} {green:3d} {blue:3d}\t{label.name}" for label in labels for red, green, blue in [label.rgb]]
    return ("\n".join(lines) + "\n").encode()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
