"""The sheet a scene is laid out on: coordinates and noise that mean the same at every size."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Frame:
    """A sheet of `width` x `height` px; one unit is the shorter side, y down, the origin at the top left."""

    width: int
    height: int
    seed: int

    @property
    def side(self) -> int:
        """The shorter side in px: the length of one unit."""
        return min(self.width, self.height)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width) in px."""
        return self.height, self.width

    @cached_property
    def x(self) -> Field:
        """(H, W) horizontal position of each pixel's centre in units."""
        row = (np.arange(self.width, dtype=np.float32) + 0.5) / self.side
        return np.broadcast_to(row, self.shape)

    @cached_property
    def y(self) -> Field:
        """(H, W) vertical position of each pixel's centre in units."""
        column = (np.arange(self.height, dtype=np.float32) + 0.5) / self.side
        return np.broadcast_to(column[:, None], self.shape)

    def noise(self, salt: int, across: float, down: float | None = None) -> Field:
        """(H, W) smooth noise of mean 0 and deviation about 0.5; `across` and `down` count its cells per unit."""
        down = across if down is None else down
        wide, high = across * self.width / self.side, down * self.height / self.side
        rng = np.random.default_rng([self.seed, salt])
        cells = rng.normal(0.0, 0.75, (int(high) + 6, int(wide) + 6)).astype(np.float32)
        box = (2.0, 2.0, 2.0 + wide, 2.0 + high)
        picture = Image.fromarray(cells).resize((self.width, self.height), Image.Resampling.BICUBIC, box)
        return np.asarray(picture, dtype=np.float32)

    def fbm(self, salt: int, across: float, down: float | None = None, octaves: int = 5) -> Field:
        """(H, W) noise summed over octaves, each twice as fine and half as strong; deviation about 0.5."""
        down = across if down is None else down
        total = np.zeros(self.shape, np.float32)
        for octave in range(octaves):
            step = 2.0**octave
            total += self.noise(salt * 31 + octave, across * step, down * step) / np.float32(step)
        return total * np.float32(0.87)

    def ridges(self, salt: int, across: float, down: float | None = None, octaves: int = 4) -> Field:
        """(H, W) in about [0, 1]: sharp crests (1) between rounded hollows, as in rock and ice."""
        total = np.zeros(self.shape, np.float32)
        down = across if down is None else down
        for octave in range(octaves):
            step = 1.9**octave
            crest = 1.0 - np.abs(self.noise(salt * 37 + octave, across * step, down * step)) * 1.4
            total += np.clip(crest, 0.0, 1.0) ** 2 * np.float32(0.55**octave)
        return np.asarray(total / total.max(), dtype=np.float32)

    def profile(self, points: list[tuple[float, float]], salt: int, rough: float, across: float = 6.0) -> Field:
        """(H, W) height in units of a wobbling line through `points` (x, y), the same down each column."""
        xs, ys = zip(*points, strict=True)
        line = np.interp(self.x[0], xs, ys).astype(np.float32)
        line += self.fbm(salt, across, 0.5)[0] * np.float32(rough)
        return np.broadcast_to(line, self.shape)


def as_field(values: ArrayLike) -> Field:
    """`values` as float32."""
    return np.asarray(values, dtype=np.float32)


def moved(field: Field, dx: Field, dy: Field, side: int) -> Field:
    """`field` read at each pixel's place shifted by (dx, dy) units, mirrored at the edges."""
    high, wide = field.shape[:2]
    rows = np.arange(high)[:, None] + np.rint(dy * side).astype(np.intp)
    columns = np.arange(wide)[None, :] + np.rint(dx * side).astype(np.intp)
    return field[mirrored(rows, high), mirrored(columns, wide)]


def mirrored(index: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """`index` folded back into 0 .. count - 1 at both ends."""
    folded = np.abs(index) % (2 * count)
    return np.asarray(np.minimum(folded, 2 * count - 1 - folded), dtype=np.intp)


def softened(field: Field, radius: float) -> Field:
    """`field` (H, W) blurred by a Gaussian of `radius` px deviation; the edges repeat."""
    reach = max(1, int(np.ceil(radius * 2.5)))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(radius, 1e-3)) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (0, 1):
        pad = [(reach, reach) if axis == side else (0, 0) for side in (0, 1)]
        padded = np.pad(field, pad, mode="edge")
        length = field.shape[axis]
        total = np.zeros_like(field)
        for offset, weight in enumerate(kernel):
            part = padded[offset : offset + length] if axis == 0 else padded[:, offset : offset + length]
            total += weight * part
        field = total
    return field
