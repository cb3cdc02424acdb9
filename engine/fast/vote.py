"""A picture from a field: each pixel is the mean of what the 25 patches over it copy there."""

import math

import numpy as np
import torch
from torch import Tensor

from engine.fast.compiled import is_compiled, share_out
from engine.fast.gather import gather
from engine.fast.pyramid import PATCH, Octave

FALLBACK = 1e-4  # weight of a pixel of another label: it counts only where there is no other


def vote(octave: Octave, field: Tensor, sigma: float | None = None) -> Tensor:
    """(1, 3, H, W) picture of a field (N,) of sources; with `sigma` (px) the middle of a patch counts more.

    A pixel takes part only if its label is the one that the painting asks for there, so borders stay where the
    doodle has them and nothing bleeds across.
    """
    width = octave.style.shape[3]
    corner = field // octave.style_grid[1] * width + field % octave.style_grid[1]
    vote_now = vote_compiled if is_compiled(field.device) else vote_in_torch
    return vote_now(octave, corner, sigma)


def vote_compiled(octave: Octave, corner: Tensor, sigma: float | None) -> Tensor:
    """See vote; `corner` (N,) index of the style's pixel at the upper left corner of each patch's source."""
    height, width = octave.target_label.shape
    across = octave.style.shape[3]
    planes = torch.cat([octave.style[0], octave.style_label[None].float()]).flatten(1).t().contiguous().numpy()
    corners = corner.view(octave.target_grid).numpy()
    wanted = octave.target_label.float().numpy()
    weight = np.array([[closeness(row, column, sigma) for column in range(PATCH)] for row in range(PATCH)], np.float32)
    result = np.empty((3, height, width), np.float32)
    share_out(
        lambda first, last: gather(first, last, corners, planes, across, wanted, weight, FALLBACK, result), height, 32
    )
    return torch.from_numpy(result)[None]


def vote_in_torch(octave: Octave, corner: Tensor, sigma: float | None) -> Tensor:
    """The same on any device."""
    (down, across), width = octave.target_grid, octave.style.shape[3]
    target_label = octave.target_label.float()
    planes = torch.cat([octave.style[0], octave.style_label[None].float()]).flatten(1)
    total = planes.new_zeros(4, *target_label.shape)  # three colours, and the weight in the label's place
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
