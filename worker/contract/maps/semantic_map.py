"""A semantic map as a file holds it: a picture, a stack of masks, or a vector for each pixel."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["picture", "masks", "vectors"]
Values = NDArray[np.uint8] | NDArray[np.float32]

MOST_MASKS = 64
MOST_VALUES = 48 * 2**20  # of all channels together


@dataclass(frozen=True, slots=True)
class SemanticMap:
    """One map, read; nothing is interpreted yet."""

    values: Values = field(repr=False)  # (H, W, M): uint8, or finite float32 of any range
    kind: Kind
    lossy: bool = False  # of a format that keeps colours only about
    names: tuple[str, ...] = ()  # of masks, where the file has them
    clear: bool = False  # True for a picture with transparent parts, laid over white

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in px."""
        return self.values.shape[1], self.values.shape[0]

    @property
    def channels(self) -> int:
        """M."""
        return int(self.values.shape[2])
