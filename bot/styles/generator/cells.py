"""Broken planes, as rock splits: the plane split into the nearest-neighbour cells of scattered points."""

from dataclasses import dataclass

import numpy as np

from bot.styles.generator.frame import Field, Frame, Mask


@dataclass(frozen=True, slots=True)
class Cells:
    """For each pixel (H, W): the middle of its cell in units, and a chance value in [0, 1) of the cell's own."""

    x: Field
    y: Field
    chance: Field


def cells(frame: Frame, salt: int, across: float, down: float, lean: float = 0.3) -> Cells:
    """Cells about 1/across by 1/down units large, leaning by `lean`, their edges a little uneven."""
    wobble = np.float32(0.12)
    u = (frame.x + lean * frame.y) * across + frame.noise(salt, across * 2.5, down * 2.5) * wobble
    v = frame.y * down + frame.noise(salt + 1, across * 2.5, down * 2.5) * wobble
    rng = np.random.default_rng([frame.seed, salt, 5])
    row, column = np.floor(v).astype(np.intp) + 2, np.floor(u).astype(np.intp) + 2
    rows, columns = int(row.max()) + 3, int(column.max()) + 3
    at_u, at_v, chance = (rng.random((rows, columns), dtype=np.float32) for _ in range(3))
    best = np.full(frame.shape, np.inf, np.float32)
    where = np.zeros(frame.shape, np.intp)
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            cell = (row + i) * columns + column + j
            far = (row + i - 2 + at_v.ravel()[cell] - v) ** 2 + (column + j - 2 + at_u.ravel()[cell] - u) ** 2
            nearer = far < best
            best, where = np.where(nearer, far, best).astype(np.float32), np.where(nearer, cell, where)
    middle_v = where // columns - 2 + at_v.ravel()[where]
    middle_u = where % columns - 2 + at_u.ravel()[where]
    y = middle_v / down
    return Cells((middle_u / across - lean * y).astype(np.float32), y.astype(np.float32), chance.ravel()[where])


def picked(frame: Frame, split: Cells, mask: Mask | Field) -> Field:
    """(H, W) `mask` as it is at each cell's middle: the mask in whole cells."""
    rows = np.clip((split.y * frame.side).astype(np.intp), 0, frame.height - 1)
    columns = np.clip((split.x * frame.side).astype(np.intp), 0, frame.width - 1)
    return np.asarray(mask[rows, columns], dtype=np.float32)
