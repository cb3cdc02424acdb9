"""The matched patches folded into one target per position: Eq. 4 without a single patch in the gradient."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from engine.paper.match import StylePatches


@dataclass(frozen=True, slots=True)
class FoldTarget:
    """sum_i |Psi_i(x) - Psi_NN(i)|^2 = sum_p counts_p |x_p - mean_p|^2 + constant, for every x."""

    mean: Tensor = field(repr=False)  # (h * w, C), over the matched patches that cover a position
    counts: Tensor = field(repr=False)  # (h * w, 1), how many those are
    constant: float | Tensor = field(repr=False)  # their spread about the mean, summed


def fold(index: Tensor, style: StylePatches) -> FoldTarget:
    """Fold the matches (h - k + 1, w - k + 1) of `engine.paper.match.match` on the style's own rows."""
    cells, covered = covering_cells(index, style)
    counts = covered.sum(1, keepdim=True)
    weights = covered / counts
    mean = functional.embedding_bag(cells, style.rows, mode="sum", per_sample_weights=weights)
    squares = style.rows.square().sum(1)
    spread = (squares[cells] * weights).sum(1) - mean.square().sum(1)
    return FoldTarget(mean, counts, (counts[:, 0] * spread).double().sum())


def covering_cells(index: Tensor, style: StylePatches) -> tuple[Tensor, Tensor]:
    """For each position the style positions that the covering patches lay there.

    Returns (h * w, k * k) flat indices into the style's rows, and (h * w, k * k) 1 where there is such a patch,
    0 where the offset falls outside; sums over it need no scatter and so come out the same each time.
    """
    k = style.patch
    across = style.width - k + 1
    corner = index // across * style.width + index % across
    cells, covered = [], []
    for dy in range(k):
        for dx in range(k):
            pad = (dx, k - 1 - dx, dy, k - 1 - dy)
            cells.append(functional.pad(corner + dy * style.width + dx, pad))
            covered.append(functional.pad(torch.ones_like(index), pad))
    stacked = torch.stack(cells, dim=-1).flatten(0, 1)
    return stacked, torch.stack(covered, dim=-1).flatten(0, 1).to(style.rows.dtype)


def fold_error(rows: Tensor, target: FoldTarget) -> Tensor:
    """Eq. 4 for (h * w, C) features: the sum over the patches of the squared distance to their matches."""
    return (target.counts * (rows - target.mean).square()).sum() + target.constant
