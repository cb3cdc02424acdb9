"""Evening the borders of a map, on request."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from worker.contract.maps.semantic_map import Values
from worker.contract.maps.snap import Labels

TILE = 512  # px a side, worked on at once: few labels meet in one


def smooth_labels(labels: Labels, count: int, radius: float) -> Labels:
    """(H, W) uint8: to each pixel the label that weighs most around it; `radius` in px is a Gaussian's sigma.

    A label too small to win anywhere keeps its pixels.
    """
    chosen = labels.copy()
    margin = 3 * int(np.ceil(radius)) + 3
    for top in range(0, labels.shape[0], TILE):
        for left in range(0, labels.shape[1], TILE):
            rows = slice(max(0, top - margin), top + TILE + margin)
            columns = slice(max(0, left - margin), left + TILE + margin)
            part = _strongest(labels[rows, columns], radius)
            part = part[top - rows.start :, left - columns.start :][:TILE, :TILE]
            chosen[top : top + TILE, left : left + TILE] = part
    for label in range(count):
        if not (chosen == label).any():
            chosen[labels == label] = label
    return chosen


def _strongest(labels: Labels, radius: float) -> Labels:
    """The label that weighs most around each pixel; only those that are met are looked at."""
    best = np.zeros(labels.shape, np.uint8)
    chosen = labels.copy()
    met = np.flatnonzero(np.bincount(labels.ravel()))
    if len(met) == 1:
        return chosen
    for label in met:
        mask = Image.fromarray(np.where(labels == label, np.uint8(255), np.uint8(0)))
        weight = np.asarray(mask.filter(ImageFilter.GaussianBlur(radius)))
        better = weight > best
        best[better] = weight[better]
        chosen[better] = label
    return chosen


def smooth_values(values: Values, radius: float) -> Values:
    """(H, W, M) with each channel blurred: three running means come close to a Gaussian of sigma `radius`."""
    reach = max(1, round(radius))
    out = np.empty_like(values)
    for channel in range(values.shape[2]):
        if values.dtype == np.uint8:
            image = Image.fromarray(np.ascontiguousarray(values[..., channel]))
            out[..., channel] = np.asarray(image.filter(ImageFilter.GaussianBlur(radius)))
            continue
        plane = values[..., channel].astype(np.float32)
        for _ in range(3):
            plane = _mean(_mean(plane, reach).T, reach).T
        out[..., channel] = plane
    return out


def _mean(plane: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Mean of 2 * reach + 1 values down each column; the border counts on."""
    padded = np.pad(plane, ((reach + 1, reach), (0, 0)), mode="edge")
    total = padded.cumsum(0, dtype=np.float64)
    mean: NDArray[np.float32] = ((total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)).astype(
        np.float32
    )
    return mean
