"""A hint of the style's texture where no content photo is given: pieces of each label's paint, laid side by side.

Each cell of a grid, and each label in it, takes a spot of the same label in the style, preferably from the same height
of the picture (skies pale towards the horizon); neighbouring cells fade into one another without losing contrast
(variance-preserving blending as in Heitz and Neyret, "High-performance by-example noise", 2018).
"""

import numpy as np
from numpy.typing import NDArray

from worker.contract.preview.labels import Labels
from worker.contract.preview.oklab import Field

CELLS = 9  # along the shorter side
TRIES = 24  # spots looked at for each cell and label
HEIGHT_WEIGHT = 1.5  # what one picture height of difference costs, beside a share of foreign pixels in [0, 1]
FAINT = 1e-3  # what a foreign pixel still counts, so that no weight is zero

Spots = NDArray[np.intp]


def texture_hint(style: Field, style_labels: Labels, doodle_labels: Labels, count: int, seed: int) -> Field:
    """(H, W, 3) colours for `doodle_labels` (H, W), made of `style` (Hs, Ws, 3) where it has the same label.

    A label that the style lacks gets the style's mean colour. Same seed, same bytes.
    """
    cell = max(8, min(doodle_labels.shape) // CELLS)
    inner = _inner(style_labels)
    spots = _spots(style_labels, doodle_labels.shape, count, cell, np.random.default_rng(seed))
    means = np.stack([_mean(style, style_labels == label) for label in range(count)])
    rows, columns = (np.arange(side) for side in doodle_labels.shape)
    total = np.zeros((*doodle_labels.shape, 3), np.float32)
    weights = np.zeros(doodle_labels.shape, np.float32)
    squares = np.zeros(doodle_labels.shape, np.float32)
    own = means.take(doodle_labels, axis=0)
    paint, flat_spots = style.reshape(-1, 3), spots.reshape(-1, 2)
    for down in (0, 1):
        for across in (0, 1):
            row, near_y = _share(rows, cell, down)
            column, near_x = _share(columns, cell, across)
            line = row[:, None] * spots.shape[1] + column[None, :]
            spot = flat_spots.take(line * count + doodle_labels, axis=0)
            y = _mirrored(spot[..., 0] + (rows - row * cell)[:, None], style.shape[0])
            x = _mirrored(spot[..., 1] + (columns - column * cell)[None, :], style.shape[1])
            place = y * style.shape[1] + x  # `take` by one number is much faster than indexing by two
            foreign = inner.ravel().take(place) != doodle_labels
            weight = near_y[:, None] * near_x[None, :]
            total += np.where(foreign, np.float32(0), weight)[..., None] * (paint.take(place, axis=0) - own)
            weight[foreign] *= np.float32(FAINT)
            weights += weight
            squares += weight**2
    # Far from any paint of its own label a pixel is plain: the root of the squares alone would blow it up.
    return np.asarray(own + total / np.maximum(np.sqrt(squares), 0.25 * weights.max())[..., None], np.float32)


def _inner(labels: Labels) -> Labels:
    """The labels, -1 beside a border: there a brush has mixed two of them."""
    border = np.zeros(labels.shape, bool)
    for axis in (0, 1):
        for step in (-1, 1):
            border |= np.roll(labels, step, axis) != labels
    return np.where(border, -1, labels)


def _share(at: NDArray[np.intp], cell: int, step: int) -> tuple[NDArray[np.intp], Field]:
    """For each row or column: the grid line before (`step` 0) or behind it (1), and how near it is, in [0, 1]."""
    line = at // cell
    along = ((at - line * cell) + 0.5) / cell
    near = along if step else 1 - along
    return line + step, (near * near * (3 - 2 * near)).astype(np.float32)


def _mirrored(at: NDArray[np.intp], side: int) -> NDArray[np.intp]:
    """Positions beyond the border turned back into the picture."""
    folded = at
    if at.min() < 0 or at.max() >= 2 * side:  # dear, and seldom needed
        folded = np.mod(at, 2 * side)
    return np.asarray(np.minimum(folded, 2 * side - 1 - folded), np.intp)


def _spots(style_labels: Labels, shape: tuple[int, int], count: int, cell: int, rng: np.random.Generator) -> Spots:
    """(rows, columns, count, 2) place in the style for each grid line crossing and label."""
    lines = tuple(side // cell + 2 for side in shape)
    spots = np.zeros((*lines, count, 2), np.intp)
    height = style_labels.shape[0]
    wanted = np.arange(lines[0]) * cell / shape[0]
    for label in range(count):
        own = style_labels == label
        places = np.flatnonzero(own)
        if not len(places):
            continue
        tries = places[rng.integers(0, len(places), (*lines, TRIES))]
        y, x = np.divmod(tries, own.shape[1])
        cost = 1 - _filled(own, cell)[y, x] + HEIGHT_WEIGHT * np.abs(y / height - wanted[:, None, None])
        best = cost.argmin(axis=2)[..., None]
        spots[..., label, 0] = np.take_along_axis(y, best, 2)[..., 0]
        spots[..., label, 1] = np.take_along_axis(x, best, 2)[..., 0]
    return spots


def _filled(mask: NDArray[np.bool_], reach: int) -> Field:
    """(H, W) share of the mask within `reach` px of each pixel, by a summed table."""
    padded = np.pad(mask.astype(np.float32), reach)
    table = np.pad(padded, ((1, 0), (1, 0))).cumsum(0, dtype=np.float64).cumsum(1)
    span = 2 * reach + 1
    total = table[span:, span:] - table[:-span, span:] - table[span:, :-span] + table[:-span, :-span]
    return np.asarray(total / span**2, np.float32)


def _mean(style: Field, mask: NDArray[np.bool_]) -> Field:
    chosen = style[mask] if mask.any() else style.reshape(-1, 3)
    return np.asarray(chosen.mean(axis=0, dtype=np.float64), np.float32)
