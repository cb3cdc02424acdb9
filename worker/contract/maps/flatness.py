"""Whether a noisy picture is a map of flat colours at all, or a photo that only happens to have been cut into colours.

In a map, whatever its noise, most small blocks lie wholly in one label and have that label's colour on average. In a
photo or painting labels are torn, their blocks differ, or they are the steps of a gradient: each beside one close by.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.contract.maps.snap import Labels
from worker.contract.maps.windows import Rgb

BLOCK, SMALL_BLOCK = 8, 4  # px a side; the small ones in pictures of fewer than SMALL px
SMALL = 256
LEAST_WHOLE, SOME_WHOLE = 0.45, 0.58  # share of blocks in one label: below the first a photo, below the second doubtful
UNEVEN, DOUBTFUL, TORN = 14.0, 8.0, 9.0  # spread of block means in a label, 0 to 255: more is a photo
STEPS, MOSTLY_STEPS = 0.3, 0.8  # share of the borders between close colours: the same two thresholds
CLOSE = 36.0  # RGB distance of two labels that may be steps of a gradient
MOST_BORDERS = 1 << 20  # pixels whose borders are looked at


@dataclass(frozen=True, slots=True)
class Flatness:
    """Three measures of one picture cut into labels."""

    whole: float  # share of the blocks that lie in one label
    spread: float  # 80th percentile of how far these blocks' means are from their label's median block, 0 to 255
    steps: float  # share of the borders between labels that lie between close colours

    def is_map(self, labels: int, *, rough: bool) -> bool:
        """True for flat colours; `rough`: much of the picture is noisy, and far from every label."""
        if self.whole < LEAST_WHOLE or self.spread > UNEVEN or (rough and self.spread > TORN):
            return False
        if self.whole < SOME_WHOLE and (self.spread > DOUBTFUL or self.steps > STEPS):
            return False
        return self.steps <= MOSTLY_STEPS or labels <= 4  # a few close colours may be meant


def flatness(picture: Rgb, labels: Labels, colours: Rgb) -> Flatness:
    """How flat (H, W, 3) uint8 is within its (H, W) labels, an index into (L, 3) colours; sides of 32 px or more."""
    side = BLOCK if min(labels.shape) >= SMALL else SMALL_BLOCK
    height, width = (length // side * side for length in labels.shape)
    blocks = (height // side, side, width // side, side)
    part = labels[:height, :width].reshape(blocks)
    whole = part.max((1, 3)) == part.min((1, 3))
    means = np.stack(
        [picture[:height, :width, channel].reshape(blocks).mean((1, 3), dtype=np.float32) for channel in range(3)], -1
    )
    label, means = part[:, 0, :, 0][whole], means[whole]
    away = np.zeros(len(label), np.float32)
    for index in np.unique(label):
        mine = label == index
        away[mine] = np.abs(means[mine] - np.median(means[mine], axis=0)).max(1)
    spread = float(np.percentile(away, 80)) if len(away) else 255.0
    return Flatness(whole=float(whole.mean()), spread=spread, steps=_steps(labels, colours))


def _steps(labels: Labels, colours: Rgb) -> float:
    """The share of the borders between labels that lie between close colours."""
    wide = colours.astype(np.float32)
    close = ((wide[:, None] - wide[None]) ** 2).sum(2) < CLOSE**2
    rows = labels[:: max(1, labels.size // MOST_BORDERS)]
    apart = rows[:, 1:] != rows[:, :-1]
    pairs: NDArray[np.bool_] = close[rows[:, 1:][apart], rows[:, :-1][apart]]
    return float(pairs.mean()) if pairs.size else 0.0
