"""Connected parts of a label image, and what becomes of the small ones: no speckle."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

SMALL = 0.0015  # share of the picture below which a part joins a neighbour


def join_small(label: Tensor, share: float = SMALL) -> Tensor:
    """(H, W) int64 in which no connected part has less than `share` of the pixels, while there are two labels.

    The smallest part goes first; each takes the label with which it has the longest border.
    """
    values = label.numpy()
    least = share * values.size
    for _ in range(4):  # parts that join may still be small together; the last round leaves hardly any
        part = parts_of(values)
        sizes = np.bincount(part.ravel())
        if (sizes >= least).all() or len(sizes) < 2:
            break
        values = _largest_neighbour(values, part, sizes, least)[part]
    return torch.from_numpy(np.ascontiguousarray(values))


def _largest_neighbour(
    values: NDArray[np.int64], part: NDArray[np.int64], sizes: NDArray[np.int64], least: float
) -> NDArray[np.int64]:
    """The label that each part gets."""
    first, second, length = touching(part)
    label = np.zeros(len(sizes), np.int64)
    label[part.ravel()] = values.ravel()
    around: dict[int, dict[int, int]] = {}
    for one, other, px in zip(first.tolist(), second.tolist(), length.tolist(), strict=True):
        around.setdefault(one, {})[other] = around.get(one, {}).get(other, 0) + px
        around.setdefault(other, {})[one] = around.get(other, {}).get(one, 0) + px
    for small in np.flatnonzero(sizes < least)[np.argsort(sizes[sizes < least], kind="stable")].tolist():
        votes: dict[int, int] = {}
        for other, px in around.get(small, {}).items():
            votes[int(label[other])] = votes.get(int(label[other]), 0) + px
        if votes:
            label[small] = max(sorted(votes), key=lambda k: votes[k])
    return label


def touching(part: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of parts that touch, each once, and the length of their border in px."""
    count = int(part.max()) + 1
    keys = []
    for one, other in ((part[:, 1:], part[:, :-1]), (part[1:], part[:-1])):
        apart = one != other
        low, high = np.minimum(one[apart], other[apart]), np.maximum(one[apart], other[apart])
        keys.append(low * count + high)
    found, length = np.unique(np.concatenate(keys), return_counts=True)
    return found // count, found % count, length


def parts_of(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """(H, W) int64 part 0, 1, ... of each pixel: connected pixels of one value, across and down."""
    starts = np.ones(values.shape, bool)
    starts[:, 1:] = values[:, 1:] != values[:, :-1]
    run = np.cumsum(starts.ravel()).reshape(values.shape) - 1
    same = values[1:] == values[:-1]
    above, below = run[:-1][same], run[1:][same]
    root = np.arange(int(run.max()) + 1)
    while True:  # each run takes the least number that it touches, and that one's own
        before = root.copy()
        least = np.minimum(root[above], root[below])
        np.minimum.at(root, before[above], least)
        np.minimum.at(root, before[below], least)
        root = root[root]
        if np.array_equal(root, before):
            found: NDArray[np.int64] = np.unique(root, return_inverse=True)[1].reshape(-1)[run]
            return found
