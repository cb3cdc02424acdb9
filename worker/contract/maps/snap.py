"""Every pixel of a map to one of its labels: its own colour's, or on a soft edge that of a neighbour."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from worker.contract.maps.palette import Palette, between, pack
from worker.contract.maps.windows import Mask, Rgb, alike, grow, thick

Labels = NDArray[np.uint8]
Places = NDArray[np.intp]

NOBODY = 255
FIRST_REACH = 2  # px in which the labels of an edge's two sides are looked for at first
BITS = 6  # of each channel, while the nearest label of a colour is looked up
SURE = 30.0  # distance from its label within which a noisy pixel may be sure
CHROMA = 0.5  # weight of hue against brightness in a lossy file, which keeps it worse
STRIP = 1 << 20  # pixels worked on at once

YCC = np.array([[0.299, 0.587, 0.114], [-0.169, -0.331, 0.5], [0.5, -0.419, -0.081]], np.float32)


def snap(picture: Rgb, palette: Palette) -> Labels:
    """(H, W) uint8 index into the palette for each pixel of (H, W, 3) uint8."""
    if len(palette) == 1:
        return np.zeros(picture.shape[:2], np.uint8)
    known = _exact(picture, palette) if palette.noise == 0 else _sure(picture, palette)
    if (known == NOBODY).all():
        return nearest(picture.reshape(-1, 3), palette).reshape(known.shape)
    return _settle(known, picture, palette)


def nearest(pixels: Rgb, palette: Palette) -> Labels:
    """(N,) uint8 index of the nearest colour for each of (N, 3) uint8."""
    goal = _space(palette.colours, palette)
    out = np.empty(len(pixels), np.uint8)
    for start in range(0, len(pixels), STRIP):
        part = _space(pixels[start : start + STRIP], palette)
        out[start : start + STRIP] = _distances(part, goal).argmin(1)
    return out


def _exact(picture: Rgb, palette: Palette) -> Labels:
    """Labels of the pixels that have exactly a label's colour, unless they are a thin line on an edge's way."""
    codes = pack(picture)
    known = np.full(codes.shape, NOBODY, np.uint8)
    colours = palette.colours.astype(np.float32)
    for index, code in enumerate(pack(palette.colours[None])[0]):
        mine = codes == code
        if between(colours[index], np.delete(colours, index, 0)):
            mine = thick(mine)
        known[mine] = index
    return known


def _sure(picture: Rgb, palette: Palette) -> Labels:
    """Labels of the pixels that are near a label's colour, and so are all around them."""
    steps = (np.arange(1 << BITS) << (8 - BITS)) + (1 << (7 - BITS))
    cube = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3).astype(np.uint8)
    goal = _space(palette.colours, palette)
    away = _distances(_space(cube, palette), goal)
    table = away.argmin(1).astype(np.uint8)
    table_sure = table.copy()
    table_sure[away.min(1) > SURE**2] = NOBODY
    shift = np.uint8(8 - BITS)
    place = (picture[..., 0] >> shift).astype(np.int32)
    for channel in (1, 2):
        place <<= BITS
        place |= picture[..., channel] >> shift
    known: Labels = table_sure[place]
    known[~alike(table[place])] = NOBODY
    return known


def _settle(known: Labels, picture: Rgb, palette: Palette) -> Labels:
    """Give each pixel without a label the nearest in colour of the labels within a few px, at first 2, then more."""
    goal = _space(palette.colours, palette)
    reach = FIRST_REACH
    while (left := known == NOBODY).any():
        rows, columns = np.nonzero(left)
        best = np.full(len(rows), np.inf, np.float32)
        chosen = np.full(len(rows), NOBODY, np.uint8)
        pixels = _space(picture[rows, columns], palette)
        for index, beside in enumerate(_beside(known, rows, columns, reach, len(palette))):
            if not beside.any():
                continue
            away = ((pixels[beside] - goal[index]) ** 2).sum(1)
            better = away < best[beside]
            where = np.flatnonzero(beside)[better]
            best[where] = away[better]
            chosen[where] = index
        known[rows, columns] = chosen
        reach *= 2
    return known


def _beside(known: Labels, rows: Places, columns: Places, reach: int, count: int) -> Iterator[Mask]:
    """For each label (N,) True where it is met within `reach` px of the pixel at (rows, columns)."""
    window = (2 * reach + 1) ** 2
    if len(rows) * window > known.size:  # many pixels: each label's mask is grown as a whole
        yield from (grow(known == index, reach)[rows, columns] for index in range(count))
        return
    offset = np.arange(-reach, reach + 1)
    down = (rows[:, None] + offset).clip(0, known.shape[0] - 1)
    across = (columns[:, None] + offset).clip(0, known.shape[1] - 1)
    seen = known[down[:, :, None], across[:, None, :]].reshape(len(rows), window)
    yield from ((seen == index).any(1) for index in range(count))


def _space(pixels: Rgb, palette: Palette) -> NDArray[np.float32]:
    """(N, 3) float32 in which colours are compared: RGB, or brightness and hue where the file was lossy."""
    wide = pixels.astype(np.float32)
    if palette.noise == 0:
        return wide
    turned: NDArray[np.float32] = wide @ (YCC * np.array([[1.0], [CHROMA], [CHROMA]], np.float32) * 1.7).T
    return turned


def _distances(pixels: NDArray[np.float32], goal: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, L) squared distances."""
    away: NDArray[np.float32] = (pixels**2).sum(1)[:, None] - 2 * (pixels @ goal.T) + (goal**2).sum(1)[None]
    return away
