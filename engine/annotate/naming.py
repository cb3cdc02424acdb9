"""Colours that people tell apart, and words for where a region lies."""

from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

APART = 60.0  # RGB distance of any two colours of a palette
STEP = 17  # of the grid that a colour is chosen from


def pick_colours(wanted: Tensor) -> Tensor:
    """(K, 3) uint8, any two APART or more, each as near as can be to its (K, 3) `wanted`, 0..255; the first goes first.

    On the grid there is room for far more than the 32 labels that are ever asked for.
    """
    steps = np.arange(0, 256, STEP)
    grid = np.array(list(product(steps, repeat=3)), np.int64)
    chosen: list[NDArray[np.int64]] = []
    for colour in wanted.round().long().numpy():
        free = np.ones(len(grid), bool)
        for other in chosen:
            free &= ((grid - other) ** 2).sum(1) >= APART**2
        chosen.append(grid[free][((grid[free] - colour) ** 2).sum(1).argmin()])
    return torch.from_numpy(np.stack(chosen)).to(torch.uint8)


def word_of_place(mask: Tensor) -> str:
    """`upper`, `lower left`, ... of an (H, W) mask; nothing where it is all over or in the middle."""
    height, width = mask.shape
    y, x = torch.nonzero(mask).float().mean(0).tolist()
    down = "upper" if y < 0.38 * height else "lower" if y > 0.62 * height else ""
    across = "left" if x < 0.32 * width else "right" if x > 0.68 * width else ""
    return f"{down} {across}".strip()
