"""What people send becomes pixels and is written anew: no EXIF, no GPS, nothing hidden behind the picture.

One thing is kept: whether the file was lossy, as the colours of a JPEG map are read otherwise than an exact one's.
"""

import io

import numpy as np
from PIL import Image

from bot.desk.reading import decode, measure, tells
from bot.web.errors import bad, unreadable
from worker.contract import PictureError
from worker.contract.pictures import Rgb, is_lossy, png_info

MAX_SIDE = 4096  # px
MAX_PIXELS = 8_000_000  # a photo of a phone; the web takes less than the command line
FLAT_COLOURS = 256  # up to so many a palette PNG holds them all


def clean(data: bytes, name: str) -> tuple[bytes, Rgb]:
    """A stranger's picture as PNG of our own making, and its pixels (H, W, 3) uint8. Raises HttpError."""
    pixels = pixels_of(data, name)
    return to_png(pixels, lossy=is_lossy(data)), pixels


def pixels_of(data: bytes, name: str) -> Rgb:
    """(H, W, 3) uint8 of a stranger's picture. Raises HttpError."""
    try:
        width, height = measure(data, name)
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            most = f"{MAX_SIDE} px a side and {MAX_PIXELS / 1e6:.0f} million pixels"
            raise bad(f"{name} is {width}x{height} px and {most} are taken: make it smaller.")
        return decode(data, name)
    except PictureError as error:
        raise unreadable(error) from error


def shareable(data: bytes) -> bytes:
    """A stored picture as others may have it: written anew where it tells more than its pixels and our recipe.

    Most were cleaned as they came; those that a program at this machine left as they were, or another front took, were
    not. Masks and embeddings are no pictures, and stay as they are. Raises PictureError where no reader could tell.
    """
    if tells(data) != "more":
        return data
    return to_png(decode(data, "The picture", stored=True), lossy=is_lossy(data))


def to_png(pixels: Rgb, *, lossy: bool = False) -> bytes:
    """PNG of (H, W, 3) uint8, by palette where the colours are few; the same pixels give the same bytes.

    `lossy`: they come of a file that keeps colours only about, and the PNG says so.
    """
    image = Image.fromarray(pixels)
    out = io.BytesIO()
    few = image.getcolors(FLAT_COLOURS)
    if few is None:
        image.save(out, "PNG", compress_level=3, pnginfo=png_info(lossy=lossy))
        return out.getvalue()
    colours = np.asarray(sorted(colour for _, colour in few), np.uint8)
    codes = _code(pixels)
    indices = np.searchsorted(_code(colours), codes).astype(np.uint8)
    flat = Image.fromarray(indices, "P")
    flat.putpalette(colours.tobytes())
    flat.save(out, "PNG", optimize=True, pnginfo=png_info(lossy=lossy))
    return out.getvalue()


def _code(pixels: Rgb) -> "np.ndarray[tuple[int, ...], np.dtype[np.int64]]":
    wide = pixels.astype(np.int64)
    return (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]
