"""Superpixels: small pieces of one colour whose borders lie on the picture's edges (SLIC, Achanta et al. 2012)."""

import torch
from torch import Tensor
from torch.nn import functional

ROUNDS = 8  # of assignment and new centres; more moves hardly a pixel
COMPACT = 10.0  # Lab units that one superpixel's width is worth


def superpixels(lab: Tensor, count: int) -> Tensor:
    """(H, W) int64 label 0..N-1 for (3, H, W) Lab; N is about `count`, each label has a pixel."""
    height, width = lab.shape[1:]
    side = (height * width / count) ** 0.5
    rows, columns = max(1, round(height / side)), max(1, round(width / side))
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    smooth = functional.avg_pool2d(functional.pad(lab[None], (2, 2, 2, 2), mode="reflect"), 5, 1)[0]
    points = torch.cat([smooth, torch.stack([y, x]) * (COMPACT / side)]).flatten(1)
    row = (y * rows // height).clamp_max(rows - 1)
    column = (x * columns // width).clamp_max(columns - 1)
    near = [
        ((row + down).clamp(0, rows - 1) * columns + (column + right).clamp(0, columns - 1)).flatten()
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]
    label = (row * columns + column).flatten()
    for _ in range(ROUNDS):
        centres = means(points, label, rows * columns)
        best = torch.full_like(points[0], torch.inf)
        for candidate in near:
            away = (points - centres[:, candidate]).square_().sum(0)
            closer = away < best
            best = torch.where(closer, away, best)
            label = torch.where(closer, candidate, label)
    numbered: Tensor = torch.unique(label, return_inverse=True)[1]
    return numbered.view(height, width)


def means(values: Tensor, label: Tensor, count: int) -> Tensor:
    """(C, count) mean of (C, N) values over each label of (N,); 0 where a label has none."""
    total = values.new_zeros(count, len(values)).index_add_(0, label, values.t())
    return (total / torch.bincount(label, minlength=count).clamp_min(1)[:, None]).t()
