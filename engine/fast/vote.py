"""A picture from a field: each pixel is the mean of what the 25 patches over it copy there."""

import math

import torch
from torch import Tensor

from engine.fast.pyramid import PATCH, Octave

FALLBACK = 1e-4  # weight of a pixel of another label: it counts only where there is no other


def vote(octave: Octave, field: Tensor, sigma: float | None = None) -> Tensor:
    """(1, 3, H, W) picture of a field (N,) of sources; with `sigma` (px) the middle of a patch counts more.

    A pixel takes part only if its label is the one that the painting asks for there, so borders stay where the
    doodle has them and nothing bleeds across.
    """
    (down, across), width = octave.target_grid, octave.style.shape[3]
    target_label = octave.target_label.float()
    planes = torch.cat([octave.style[0], octave.style_label[None].float()]).flatten(1)
    total = planes.new_zeros(4, *target_label.shape)  # three colours, and the weight in the label's place
    corner = field // octave.style_grid[1] * width + field % octave.style_grid[1]
    for row in range(PATCH):
        for column in range(PATCH):
            part = torch.index_select(planes, 1, corner + (row * width + column)).view(4, down, across)
            here = slice(row, row + down), slice(column, column + across)
            weight = torch.where(part[3] == target_label[here], 1.0, FALLBACK) * closeness(row, column, sigma)
            part[3] = 1
            total[:, *here].addcmul_(part, weight)
    return (total[:3] / total[3])[None]


def closeness(row: int, column: int, sigma: float | None) -> float:
    """Weight of a pixel of a patch by its distance from the middle."""
    if sigma is None:
        return 1.0
    middle = PATCH // 2
    return math.exp(-((row - middle) ** 2 + (column - middle) ** 2) / (2 * sigma**2))
