"""Maps made for tests: what was meant is known pixel by pixel."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Labels = NDArray[np.uint8]

RED, DARK_RED, BLUE = (255, 51, 31), (192, 0, 0), (0, 0, 255)
BLACK, GREY, WHITE = (0, 0, 0), (128, 128, 128), (255, 255, 255)
PALETTES = {
    "no hue": [RED, DARK_RED, BLACK, GREY, WHITE],
    "loud": [WHITE, RED, BLUE, (0, 255, 0), DARK_RED],
    "painter's": [(31, 79, 160), (90, 143, 214), (67, 48, 94), (230, 192, 103), (217, 114, 46)],
    "of one light": [(255, 0, 0), (0, 130, 0), (90, 90, 255), (118, 118, 118), (200, 60, 180)],
}


def scene(seed: int, width: int, height: int, labels: int) -> Labels:
    """(H, W) uint8: winding regions, all labels in it."""
    rng = np.random.default_rng(seed)
    fields = [
        Image.fromarray(rng.normal(size=(5, 7)).astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
        for _ in range(labels)
    ]
    where: Labels = np.argmax([np.asarray(field) for field in fields], 0).astype(np.uint8)
    return where


def with_eyes(labels: Labels, eye: int, share: float = 0.003) -> Labels:
    """The labels with two round spots of another, `share` of all pixels together."""
    height, width = labels.shape
    y, x = np.mgrid[0:height, 0:width]
    radius = (share / 2 * width * height / np.pi) ** 0.5
    out = labels.copy()
    for middle in (width // 3, width * 2 // 3):
        out[(x - middle) ** 2 + (y - height // 2) ** 2 <= radius**2] = eye
    return out


def far_apart(rng: np.random.Generator, count: int) -> list[tuple[int, int, int]]:
    """Colours of which any two are over 70 apart."""
    while True:
        colours = rng.integers(0, 256, (count, 3))
        away = np.linalg.norm(colours[:, None] - colours[None], axis=2) + 1000 * np.eye(count)
        if away.min() > 70:
            return [(int(red), int(green), int(blue)) for red, green, blue in colours]


def coloured(labels: Labels, palette: list[tuple[int, int, int]]) -> NDArray[np.uint8]:
    """(H, W, 3)."""
    picture: NDArray[np.uint8] = np.asarray(palette, np.uint8)[labels]
    return picture


def saved(picture: NDArray[Any] | Image.Image, kind: str = "PNG", **settings: Any) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(out, kind, **settings)
    return out.getvalue()


def right(found: NDArray[np.uint8], colours: NDArray[np.uint8], meant: Labels, palette: Any) -> float:
    """Share of the pixels whose label, by the nearest colour of the palette that was meant, is right."""
    away = ((colours[:, None].astype(int) - np.asarray(palette)[None]) ** 2).sum(-1)
    return float((away.argmin(1)[found] == meant).mean())
