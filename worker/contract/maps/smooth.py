"""Evening the borders of a map, on request."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from worker.contract.maps.semantic_map import Values
from worker.contract.maps.snap import Labels


def smooth_labels(labels: Labels, count: int, radius: float) -> Labels:
    """(H, W) uint8: to each pixel the label that weighs most around it; `radius` in px is a Gaussian's sigma.

    A label too small to win anywhere keeps its pixels.
    """
    best = np.zeros(labels.shape, np.uint8)
    chosen = labels.copy()
    blur = ImageFilter.GaussianBlur(radius)
    for label in range(count):
        mask = Image.fromarray(np.where(labels == label, np.uint8(255), np.uint8(0)))
        weight = np.asarray(mask.filter(blur))
        better = weight > best
        best[better] = weight[better]
        chosen[better] = label
    for label in range(count):
        if not (chosen == label).any():
            chosen[labels == label] = label
    return chosen


def smooth_values(values: Values, radius: float) -> Values:
    """(H, W, M) with each channel blurred: three running means come close to a Gaussian of sigma `radius`."""
    reach = max(1, round(radius))
    out = np.empty_like(values)
    for channel in range(values.shape[2]):
        plane = values[..., channel].astype(np.float32)
        for _ in range(3):
            plane = _mean(_mean(plane, reach).T, reach).T
        out[..., channel] = np.rint(plane) if values.dtype == np.uint8 else plane
    return out


def _mean(plane: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Mean of 2 * reach + 1 values down each column; the border counts on."""
    padded = np.pad(plane, ((reach + 1, reach), (0, 0)), mode="edge")
    total = padded.cumsum(0, dtype=np.float64)
    mean: NDArray[np.float32] = ((total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)).astype(
        np.float32
    )
    return mean
