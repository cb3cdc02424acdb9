"""The preview: each label's colours moved onto those that the style has there."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from worker.contract.options import PaintOptions
from worker.contract.pictures import Rgb, encode_png
from worker.contract.preview.hint import texture_hint
from worker.contract.preview.labels import Labels, find_labels
from worker.contract.preview.oklab import Field, to_oklab, to_rgb
from worker.contract.preview.transfer import Cloud, Move, cloud_of, move

METHOD: Literal["colour"] = "colour"
MOST_PIXELS = 1 << 20  # worked on; a larger painting is enlarged from it, for it is a preview
STYLE_SIDE = 512  # px of the style's longer side that its colours are taken from
SOFT = 0.012  # of the shorter side: how far two labels' moves fade into one another over a photo
CRISP = 0.7  # px: the same where the doodle alone gives the form


def paint_preview(pictures: Mapping[str, Rgb], options: PaintOptions) -> Rgb:
    """(H, W, 3) uint8 of the options' size, or the doodle's.

    pictures  by role (style, style_map, doodle, perhaps content), each (H, W, 3) uint8 sRGB, as decode_fitting gives
    options   width, height, seed; gamma 0 ignores the maps; the other choices have no meaning here

    Without a content photo each label is filled with pieces of its own paint. Same inputs and seed, same bytes.
    """
    doodle = pictures["doodle"]
    size = (options.width or doodle.shape[1], options.height or doodle.shape[0])
    work = _at_most(size, MOST_PIXELS)
    style = _resized(pictures["style"], _fitting(pictures["style"], STYLE_SIDE), Image.Resampling.BOX)
    maps = (
        _resized(pictures["style_map"], (style.shape[1], style.shape[0]), Image.Resampling.NEAREST),
        _resized(doodle, work, Image.Resampling.NEAREST),
    )
    style_labels, labels, count = find_labels(*maps)
    if options.gamma == 0:
        style_labels, labels, count = np.zeros_like(style_labels), np.zeros_like(labels), 1
    colours = to_oklab(style)
    if "content" in pictures:
        start = to_oklab(_resized(pictures["content"], work, Image.Resampling.BICUBIC))
        soft = SOFT * min(work)
    else:
        start = texture_hint(colours, style_labels, labels, count, options.seed)
        soft = CRISP
    painted = to_rgb(_moved(start, labels, _moves(start, labels, colours, style_labels, count), soft))
    return _resized(painted, size, Image.Resampling.LANCZOS)


def preview_png(pictures: Mapping[str, Rgb], options: PaintOptions) -> bytes:
    """PNG bytes of `paint_preview`, for a front to send at once."""
    return encode_png(paint_preview(pictures, options))


def _moves(start: Field, labels: Labels, style: Field, style_labels: Labels, count: int) -> list[Move]:
    """One for each label; a label that the style lacks is moved onto the whole style's colours."""
    everything = cloud_of(style.reshape(-1, 3))
    return [
        move(_cloud(start, labels == label, everything), _cloud(style, style_labels == label, everything))
        for label in range(count)
    ]


def _cloud(colours: Field, mask: NDArray[np.bool_], otherwise: Cloud) -> Cloud:
    chosen = colours[mask]
    return cloud_of(chosen) if len(chosen) else otherwise


def _moved(start: Field, labels: Labels, moves: list[Move], soft: float) -> Field:
    """Each pixel by its label's move; near a border by its neighbours' too."""
    total = np.zeros_like(start)
    weights = np.zeros(labels.shape, np.float32)
    for label, each in enumerate(moves):
        mask = labels == label
        if not mask.any():
            continue
        weight = _blurred(mask, soft)
        rows = slice(*_span(np.asarray(weight.any(axis=1))))
        total[rows] += weight[rows, :, None] * each(start[rows])
        weights += weight
    return total / weights[..., None]


def _span(where: NDArray[np.bool_]) -> tuple[int, int]:
    """First and one past the last True of a row of them; one of them is."""
    return int(where.argmax()), len(where) - int(where[::-1].argmax())


def _blurred(mask: NDArray[np.bool_], soft: float) -> Field:
    """(H, W) in [0, 1]; at least a trace inside the mask, so that weights never vanish."""
    picture = Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(soft))
    return np.maximum(np.asarray(picture, np.float32) / 255, mask * np.float32(1 / 255))


def _at_most(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    shrink = min(1.0, (pixels / (size[0] * size[1])) ** 0.5)
    return max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))


def _fitting(picture: Rgb, side: int) -> tuple[int, int]:
    height, width = picture.shape[:2]
    shrink = min(1.0, side / max(width, height))
    return max(1, round(width * shrink)), max(1, round(height * shrink))


def _resized(picture: Rgb, size: tuple[int, int], how: Image.Resampling) -> Rgb:
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    return np.asarray(Image.fromarray(picture).resize(size, how))
