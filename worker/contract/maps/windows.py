"""Running windows over label images and pictures, in bytes: as fast and as small as numpy allows."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Rgb = NDArray[np.uint8]


def spread(picture: Rgb) -> NDArray[np.uint8]:
    """(H, W) uint8: largest difference in any channel of (H, W, C) within the 3x3 px around each pixel."""
    widest = np.zeros(picture.shape[:2], np.uint8)
    for channel in range(picture.shape[2]):  # one at a time: a third of the memory
        plane = np.pad(picture[..., channel], 1, mode="edge")
        high = np.maximum(np.maximum(plane[:-2], plane[1:-1]), plane[2:])
        high = np.maximum(np.maximum(high[:, :-2], high[:, 1:-1]), high[:, 2:])
        low = np.minimum(np.minimum(plane[:-2], plane[1:-1]), plane[2:])
        low = np.minimum(np.minimum(low[:, :-2], low[:, 1:-1]), low[:, 2:])
        np.maximum(widest, high - low, out=widest)
    return widest


def alike(values: NDArray[np.generic]) -> Mask:
    """(H, W) True where all 3x3 px around a pixel are equal to it; beyond the border nothing differs."""
    down = np.ones((values.shape[0] + 1, values.shape[1]), bool)
    down[1:-1] = values[1:] == values[:-1]
    column = down[1:] & down[:-1]
    across = np.ones((values.shape[0], values.shape[1] + 1), bool)
    across[:, 1:-1] = (values[:, 1:] == values[:, :-1]) & column[:, 1:] & column[:, :-1]
    return across[:, 1:] & across[:, :-1] & column


def grow(mask: Mask, radius: int) -> Mask:
    """(H, W) True where any pixel of the mask lies within `radius` px across and down."""
    return _grow_rows(_grow_rows(mask, radius).T, radius).T


def thick(mask: Mask) -> Mask:
    """(H, W) the pixels of a mask that belong to some 2x2 block of it."""
    block = mask[1:, 1:] & mask[:-1, 1:] & mask[1:, :-1] & mask[:-1, :-1]
    out = np.zeros_like(mask)
    for y in (0, 1):
        for x in (0, 1):
            out[y : y + block.shape[0], x : x + block.shape[1]] |= block
    return out


def _grow_rows(mask: Mask, radius: int) -> Mask:
    out = mask.copy()
    done = 0
    while done < radius:  # what has grown by n grows by n more at once
        step = min(max(done, 1), radius - done)
        grown = out.copy()
        grown[step:] |= out[:-step]
        grown[:-step] |= out[step:]
        out = grown
        done += step
    return out
