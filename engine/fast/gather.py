"""The mean of what overlapping copies bring to each pixel: the compiled twins of the sums in vote.py and seams.py."""

import numpy as np
from numpy.typing import NDArray

from engine.fast.compiled import compiled

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


@compiled
def gather(
    first: int,
    last: int,
    corner: Indices,
    planes: Floats,
    width: int,
    wanted: Floats,
    weight: Floats,
    fallback: float,
    result: Floats,
) -> None:
    """Write rows first..last of `result` (3, H, W): the weighted mean of the pixels that the patches over each bring.

    corner (down, across) index of the pixel of `planes` at each patch's upper left corner; planes (Hs * Ws, 4): three
    colours and a label, in lines of `width`; wanted (H, W) label asked for; weight (k, k) of a patch's pixels;
    fallback: factor of a pixel of another label.
    """
    down, across = corner.shape
    side = weight.shape[0]
    for row in range(first, last):
        for column in range(result.shape[2]):
            red = green = blue = total = np.float32(0)
            for y in range(max(0, row - down + 1), min(side, row + 1)):
                for x in range(max(0, column - across + 1), min(side, column + 1)):
                    at = corner[row - y, column - x] + y * width + x
                    share = weight[y, x]
                    if planes[at, 3] != wanted[row, column]:
                        share *= np.float32(fallback)
                    red += share * planes[at, 0]
                    green += share * planes[at, 1]
                    blue += share * planes[at, 2]
                    total += share
            result[0, row, column] = red / total
            result[1, row, column] = green / total
            result[2, row, column] = blue / total


@compiled
def gather_wide(
    first: int,
    last: int,
    corner: Indices,
    planes: Floats,
    wanted: Floats,
    factor: int,
    weight: Floats,
    fallback: float,
    result: Floats,
) -> None:
    """The same of patches whose pixels lie `factor` px apart in `planes` (Hs, Ws, 4), and may lie beyond its edges.

    corner (2, down, across) row and column of each patch's upper left pixel; beyond an edge the edge's own counts.
    """
    down, across = corner.shape[1:]
    side = weight.shape[0]
    bottom, right = planes.shape[0] - 1, planes.shape[1] - 1
    for row in range(first, last):
        for column in range(result.shape[2]):
            red = green = blue = total = np.float32(0)
            for y in range(max(0, row - down + 1), min(side, row + 1)):
                for x in range(max(0, column - across + 1), min(side, column + 1)):
                    line = min(max(corner[0, row - y, column - x] + y * factor, 0), bottom)
                    place = min(max(corner[1, row - y, column - x] + x * factor, 0), right)
                    share = weight[y, x]
                    if planes[line, place, 3] != wanted[row, column]:
                        share *= np.float32(fallback)
                    red += share * planes[line, place, 0]
                    green += share * planes[line, place, 1]
                    blue += share * planes[line, place, 2]
                    total += share
            result[0, row, column] = red / total
            result[1, row, column] = green / total
            result[2, row, column] = blue / total
