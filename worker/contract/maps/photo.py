"""Whether a doodle has to do with the photo that is to keep its structure; where anything speaks for it, it has."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from worker.contract.maps.snap import Labels
from worker.contract.pictures import Rgb

SIDE = 192  # px of the longest side that is looked at
NEAR = 2  # px in which an edge counts as a border's
FEWEST = 3  # labels; fewer say too little
SHARP = 1.10  # times the photo's mean edge below which the borders lie on no edges
OUT = 1.0  # deviations above the same labels elsewhere below which they explain nothing of the photo's colours
ELSEWHERE = ((1 / 7, 1 / 5), (-1 / 6, 1 / 3), (1 / 4, -1 / 4), (-1 / 3, -1 / 6), (1 / 2, 1 / 2), (1 / 9, -1 / 8))
NO_LESS = 0.02  # of a deviation, so that labels which explain nothing anywhere are not far from it


def unrelated(labels: Labels, photo: Rgb) -> bool:
    """True where (H, W) labels and (H, W, 3) photo have nothing to do with each other; in doubt False.

    The borders lie on no edges of the photo, and the labels explain no more of its colours than they would shifted or
    mirrored.
    """
    height, width = labels.shape
    scale = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(Image.fromarray(labels).resize(size, Image.Resampling.NEAREST))
    colours = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BOX)).astype(float)
    if min(size) < 2 or len(np.unique(small)) < FEWEST:  # a line has no borders to look at
        return False
    explained = _explained(small, colours)
    shifted = [np.roll(small, (round(y * size[1]), round(x * size[0])), (0, 1)) for y, x in ELSEWHERE]
    others = [_explained(other, colours) for other in (*shifted, small[:, ::-1], small[::-1])]
    above = (explained - np.mean(others)) / (np.std(others) + NO_LESS)
    return bool(above < OUT and _sharpness(small, colours) < SHARP)


def _explained(labels: Labels, colours: NDArray[np.float64]) -> float:
    """Share of the colours' variance that lies between the labels."""
    place = np.unique(labels, return_inverse=True)[1].ravel()
    rows = colours.reshape(-1, 3)
    rows = rows - rows.mean(0)
    counts = np.bincount(place)
    between = sum(float((np.bincount(place, rows[:, channel]) ** 2 / counts).sum()) for channel in range(3))
    return between / max(float((rows**2).sum()), 1e-9)


def _sharpness(labels: Labels, colours: NDArray[np.float64]) -> float:
    """The photo's strongest edge near each border pixel on the mean, over that near any pixel."""
    edge = np.abs(np.diff(colours, axis=0))[:, :-1].sum(2) + np.abs(np.diff(colours, axis=1))[:-1].sum(2)
    border = (labels[1:] != labels[:-1])[:, :-1] | (labels[:, 1:] != labels[:, :-1])[:-1]
    padded = np.pad(edge, NEAR, mode="edge")
    around = [
        padded[y : y + edge.shape[0], x : x + edge.shape[1]] for y in range(2 * NEAR + 1) for x in range(2 * NEAR + 1)
    ]
    strongest = np.max(around, 0)
    return float(strongest[border].mean() / max(strongest.mean(), 1e-9)) if border.any() else 1.0
