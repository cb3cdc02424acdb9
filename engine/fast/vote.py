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
    colours = octave.style[0].flatten(1).t()
    pixels = torch.cat([colours, torch.ones_like(colours[:, :1])], 1)
    style_label = octave.style_share[0].argmax(0).flatten()
    target_label = octave.target_share[0].argmax(0)
    total = pixels.new_zeros(*target_label.shape, 4)
    corner = field // octave.style_grid[1] * width + field % octave.style_grid[1]
    for row in range(PATCH):
        for column in range(PATCH):
            source = corner + (row * width + column)
            here = slice(row, row + down), slice(column, column + across)
            agrees = style_label[source].view(down, across) == target_label[here]
            weight = torch.where(agrees, 1.0, FALLBACK) * closeness(row, column, sigma)
            total[here] += pixels[source].view(down, across, 4) * weight[..., None]
    return (total[..., :3] / total[..., 3:]).permute(2, 0, 1)[None]


def closeness(row: int, column: int, sigma: float | None) -> float:
    """Weight of a pixel of a patch by its distance from the middle."""
    if sigma is None:
        return 1.0
    middle = PATCH // 2
    return math.exp(-((row - middle) ** 2 + (column - middle) ** 2) / (2 * sigma**2))
