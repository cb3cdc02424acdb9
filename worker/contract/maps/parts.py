"""The connected parts of a region, without scipy: runs of each row, joined where they touch."""

import numpy as np
from numpy.typing import NDArray


def parts_of(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(H, W) int64: 0 outside the mask, 1, 2, ... for each of its parts; pixels touch across and down.

    Parts are numbered in the order of their first pixel, row by row.
    """
    return flat_parts(mask.astype(np.int64)) * mask if mask.any() else np.zeros(mask.shape, np.int64)


def flat_parts(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """(H, W) int64: 1, 2, ... for each connected part of equal values other than 0; 0 stays 0."""
    starts = np.ones(labels.shape, bool)
    starts[:, 1:] = labels[:, 1:] != labels[:, :-1]
    run = np.cumsum(starts.ravel()).reshape(labels.shape) - 1
    same = (labels[1:] == labels[:-1]) & (labels[1:] != 0)
    above, below = run[:-1][same], run[1:][same]
    root = np.arange(int(run.max()) + 1)
    while True:  # each run takes the least number that it touches, and that one's own
        least = np.minimum(root[above], root[below])
        before = root.copy()
        np.minimum.at(root, root[above], least)
        np.minimum.at(root, root[below], least)
        root = root[root]
        if np.array_equal(root, before):
            break
    outside = labels[starts] == 0
    named = np.zeros(len(root), np.int64)
    kept = np.unique(root[~outside])
    named[kept] = np.arange(1, len(kept) + 1)
    found: NDArray[np.int64] = np.where(outside, 0, named[root])[run]
    return found
