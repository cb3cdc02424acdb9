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
LEAST_WHOLE = 0.45  # share of the blocks that lie in one label
UNEVEN = 0.09  # spread of block means in a label, as a part of the step at a border
STEPS, TORN, MOSTLY_STEPS = 0.3, 0.55, 0.8  # share of borders between close colours: doubtful below TORN whole blocks
MANY, FLATTER = 24, 0.05  # of more labels than this, as a photo out of focus has, less unevenness is borne
FEW = 4  # labels whose colours may all be close because they are meant to be
CLOSE = 36.0  # RGB distance of two labels that may be steps of a gradient
SPREAD = 80  # percentile
PLAIN_STEP = 100.0  # RGB distance, in place of a step where there is one label only
MOST_BORDERS = 1 << 20  # pixels whose borders are looked at


@dataclass(frozen=True, slots=True)
class Flatness:
    """Three measures of one picture cut into labels."""

    whole: float  # share of the blocks that lie in one label
    uneven: float  # how far such a block's mean is from its label's median block, as a part of the step at a border
    steps: float  # share of the borders between labels that lie between close colours

    def is_map(self, labels: int) -> bool:
        """True for flat colours, of which there are `labels`."""
        uneven = UNEVEN if labels <= MANY else FLATTER
        if self.whole < LEAST_WHOLE or self.uneven > uneven or (self.whole < TORN and self.steps > STEPS):
            return False
        return self.steps <= MOSTLY_STEPS or labels <= FEW


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
    spread = float(np.percentile(away, SPREAD)) if len(away) else 255.0
    step, steps = _borders(labels, colours)
    return Flatness(whole=float(whole.mean()), uneven=spread / step, steps=steps)


def _borders(labels: Labels, colours: Rgb) -> tuple[float, float]:
    """The mean RGB distance across the borders between labels, and the share of them between close colours."""
    wide = colours.astype(np.float32)
    apart = np.sqrt(((wide[:, None] - wide[None]) ** 2).sum(2))
    rows = labels[:: max(1, labels.size // MOST_BORDERS)]
    border = rows[:, 1:] != rows[:, :-1]
    steps: NDArray[np.float32] = apart[rows[:, 1:][border], rows[:, :-1][border]]
    return (float(steps.mean()), float((steps < CLOSE).mean())) if steps.size else (PLAIN_STEP, 0.0)
