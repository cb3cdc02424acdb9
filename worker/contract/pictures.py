"""Picture bytes: which formats are taken, how they are read, and how a painting is written.

Nothing that a stranger sends is trusted: the format is on a list, the size is read from the header before any
pixel is decoded, and every fault becomes one sentence that names the picture, the numbers and the way out.
"""

import io
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from worker.contract.errors import PictureError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF")
MIN_SIDE = 32  # px
MAX_PIXELS = 4096 * 4096
MAX_BYTES = 64 * 2**20
RECIPE_KEY = "twobit:recipe"
LOSSY_KEY = "twobit:lossy"  # in a PNG whose pixels were read from a file that keeps colours only about
ASPECT_TOLERANCE = 0.02  # the engine resizes within it; more is a mistake worth telling

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # what undoes each EXIF orientation

Rgb = NDArray[np.uint8]


def picture_size(data: bytes, name: str) -> tuple[int, int]:
    """(width, height) in px as a person sees it, from the header alone. Raises PictureError naming `name`."""
    with reading(name), _opened(data, name) as image:
        turned = _orientation(image) in (5, 6, 7, 8)
        return (image.height, image.width) if turned else (image.width, image.height)


def decode(data: bytes, name: str) -> Rgb:
    """(H, W, 3) uint8 sRGB; transparency is laid over white, EXIF orientation applied. Raises PictureError."""
    with opened(data, name) as image:
        return np.asarray(over_white(upright(image)))


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Image.Image]:
    """A picture of a known format and a bearable size, not decoded yet; faults while it is open raise PictureError."""
    with reading(name), _opened(data, name) as image:
        yield image


def upright(image: Image.Image) -> Image.Image:
    """The first frame, as a person sees it."""
    turn = UPRIGHT.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def check_size(width: int, height: int, name: str) -> None:
    """Raise PictureError for a size that can't be painted."""
    if width * height > MAX_PIXELS:
        raise PictureError(
            f"{name} is {width}x{height} px and {MAX_PIXELS / 1e6:.0f} million pixels are taken: make it smaller",
            "picture_large",
            name=name,
            width=width,
            height=height,
            most=round(MAX_PIXELS / 1e6),
        )
    if min(width, height) < MIN_SIDE:
        text = f"{name} is {width}x{height} px and {MIN_SIDE} px a side are needed: send a larger one"
        raise PictureError(text, "picture_small", name=name, width=width, height=height, least=MIN_SIDE)


def check_bytes(data: bytes, name: str) -> None:
    """Raise PictureError for no bytes, or too many."""
    if not data:
        raise PictureError(f"{name} is empty: send a picture", "picture_empty", name=name)
    if len(data) > MAX_BYTES:
        size, most = f"{len(data) / 2**20:.0f}", MAX_BYTES // 2**20
        text = f"{name} has {size} MiB and {most} are taken: make it smaller"
        raise PictureError(text, "picture_heavy", name=name, size=size, most=most)


def suffix_of(data: bytes) -> str:
    """The usual ending of a picture's file name, from its bytes: png, jpg, webp, gif, tiff; bin for anything else."""
    heads = {b"\x89PNG": "png", b"\xff\xd8": "jpg", b"GIF8": "gif", b"II*\0": "tiff", b"MM\0*": "tiff"}
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((suffix for head, suffix in heads.items() if data.startswith(head)), "bin")


def is_lossy(data: bytes) -> bool:
    """True for JPEG, for WebP unless it is of the lossless kind, and for a PNG of ours that was made from one."""
    if data.startswith(b"\x89PNG"):
        return b"tEXt" + LOSSY_KEY.encode() in data[:4096]
    return data.startswith(b"\xff\xd8") or (data[:4] == b"RIFF" and data[8:12] == b"WEBP" and b"VP8 " in data[12:4096])


def check_aspects(sizes: dict[str, tuple[int, int]], one: str, other: str) -> None:
    """Raise PictureError when pictures `one` and `other` of `sizes` differ in aspect by more than 2 %."""
    (w1, h1), (w2, h2) = sizes[one], sizes[other]
    if abs((w1 / h1) / (w2 / h2) - 1) > ASPECT_TOLERANCE:
        raise PictureError(
            f"{one} is {w1}x{h1} and {other} is {w2}x{h2}: their shapes differ by more than "
            f"{ASPECT_TOLERANCE:.0%}, so crop one of them to the shape of the other, "
            "or ask to have it done (fit: crop or pad)",
            "shapes_differ",
            name=one,
            other=other,
            size=f"{w1}x{h1}",
            other_size=f"{w2}x{h2}",
        )


def encode_png(picture: Rgb, recipe: dict[str, Any] | None = None, *, lossy: bool = False) -> bytes:
    """PNG bytes of (H, W, 3) uint8, with the recipe as JSON text inside the file; `lossy`: of a file that was."""
    info = png_info(lossy=lossy)
    if recipe is not None:
        info.add_text(RECIPE_KEY, json.dumps(recipe, sort_keys=True))
    out = io.BytesIO()
    # Paint hardly compresses: level 6 takes twice the time of level 1 for 6 % of the size.
    Image.fromarray(picture).save(out, "PNG", compress_level=1, pnginfo=info)
    return out.getvalue()


def png_info(*, lossy: bool) -> PngImagePlugin.PngInfo:
    """What a PNG of ours says beside its pixels: that they come of a lossy file, which `is_lossy` finds again."""
    info = PngImagePlugin.PngInfo()
    if lossy:
        info.add_text(LOSSY_KEY, "yes")
    return info


def encode_preview(picture: Rgb) -> bytes:
    """JPEG bytes of (H, W, 3) uint8: small and quick, for a picture that lives some seconds."""
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(out, "JPEG", quality=80)
    return out.getvalue()


def read_recipe(data: bytes) -> dict[str, Any] | None:
    """The recipe inside a painting's PNG, None where there is none that can be read. Raises PictureError."""
    with opened(data, "The picture") as image:
        text = image.info.get(RECIPE_KEY)
    try:
        recipe = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):  # anybody may have written it
        return None
    return recipe if isinstance(recipe, dict) else None


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever a decoder makes of a stranger's bytes becomes one sentence; Pillow's warnings are not for people."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PictureError:
        raise
    except Exception as error:  # damaged files raise nearly anything: struct.error, TypeError, ...
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        text = f"{name} is damaged and can't be read ({reason}): save it again as PNG"
        raise PictureError(text, "picture_damaged", name=name) from error


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8, without decoding a pixel. Pillow turns TIFF by itself."""
    found = image.info.get("exif")
    if image.format == "TIFF" or not isinstance(found, bytes):
        return 1
    exif = Image.Exif()
    exif.load(found)
    return int(exif.get(0x0112, 1))


def _opened(data: bytes, name: str) -> Image.Image:
    check_bytes(data, name)
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        text = f"{name} is no picture that can be read: send PNG, JPEG, WebP, GIF or TIFF"
        raise PictureError(text, "picture_unreadable", name=name) from error
    check_size(*image.size, name)
    return image


def over_white(image: Image.Image) -> Image.Image:
    """RGB of any mode; what is transparent is white."""
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_grey(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def _from_deep_grey(image: Image.Image) -> Image.Image:
    return Image.fromarray(eight_bits(np.asarray(image))).convert("RGB")


def eight_bits(values: NDArray[Any]) -> NDArray[np.uint8]:
    """16- and 32-bit grey, or floats, to 8 bits, for Pillow's own conversion clips instead of scaling.

    Up to 255 values stay what they are; beyond, white is 65,535. Where fractions are met and nothing is beyond 1, white
    is 1; whole numbers are the same whatever else a file holds.
    """
    top, whole = values.max(initial=0), np.rint(values)
    if top <= 1 and (values != whole).any():
        values, whole = values * 255, np.rint(values * 255)
    scaled = whole if top <= 255 else values / 257.0
    eight: NDArray[np.uint8] = np.clip(scaled, 0, 255).astype(np.uint8)
    return eight
