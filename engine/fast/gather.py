"""The mean of what overlapping copies bring to each pixel: the compiled twin of the sums in vote.py."""

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
    wanted: Floats,
    weight: Floats,
    fallback: float,
    result: Floats,
) -> None:
    """Write rows first..last of `result` (3, H, W): the weighted mean of the pixels that the patches over each bring.

    corner (down, across) index of the pixel of `planes` (Hs, Ws, 4) that lies at each patch's upper left corner;
    planes: three colours and a label; wanted (H, W) label asked for; weight (k, k) of a patch's pixels;
    fallback: factor of a pixel of another label.
    """
    down, across = corner.shape
    width = planes.shape[1]
    side = weight.shape[0]
    for row in range(first, last):
        for column in range(result.shape[2]):
            red = green = blue = total = np.float32(0)
            for y in range(max(0, row - down + 1), min(side, row + 1)):
                for x in range(max(0, column - across + 1), min(side, column + 1)):
                    at = corner[row - y, column - x]
                    there_row, there_column = at // width + y, at % width + x
                    share = weight[y, x]
                    if planes[there_row, there_column, 3] != wanted[row, column]:
                        share *= np.float32(fallback)
                    red += share * planes[there_row, there_column, 0]
                    green += share * planes[there_row, there_column, 1]
                    blue += share * planes[there_row, there_column, 2]
                    total += share
            result[0, row, column] = red / total
            result[1, row, column] = green / total
            result[2, row, column] = blue / total
