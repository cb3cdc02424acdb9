"""The sizes of a coarse-to-fine pass."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn import functional

SCALES = (0.25, 0.5, 1.0)
STRIDE = 8  # of conv4_1, the coarsest layer


@dataclass(frozen=True, slots=True)
class Octave:
    """One pass: the sizes, (height, width) in px, of style and painting."""

    style: tuple[int, int]
    target: tuple[int, int]

    @property
    def cost(self) -> float:
        """Work per evaluation, in the unit of one pixel of the painting through the network."""
        return float(self.target[0] * self.target[1])


def plan_octaves(style: tuple[int, int], target: tuple[int, int], patch: int) -> list[Octave]:
    """Coarsest first. A scale at which conv4_1 has fewer than two patches a side is left out; the last never is."""
    octaves = [Octave(scaled(style, scale), scaled(target, scale)) for scale in SCALES]
    least = STRIDE * (patch + 1)
    return [octave for octave in octaves[:-1] if min(octave.style + octave.target) >= least] + octaves[-1:]


def scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """A size at a scale, in whole px."""
    return round(size[0] * scale), round(size[1] * scale)


def shrink(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """(1, C, H, W) down to `size` with antialiasing; the very same where it has that size."""
    if picture.shape[-2:] == size:
        return picture
    return functional.interpolate(picture, size=size, mode="bilinear", antialias=True).clamp(0, 1)


def grow(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """(1, 3, H, W) up to `size`, smoothly, kept within [0, 1]."""
    if picture.shape[-2:] == size:
        return picture
    return functional.interpolate(picture, size=size, mode="bicubic", align_corners=False).clamp(0, 1)
