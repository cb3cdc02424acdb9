"""Small pictures of a painting in progress."""

import torch
from torch import Tensor
from torch.nn import functional

PREVIEW_SIDE = 256  # px, longest side
PREVIEW_EVERY = 0.4  # seconds between two; the promise is one a second


def make_preview(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """(3, h, w) uint8 on the CPU of a picture (1, 3, h', w') in [0, 1] of any octave.

    h and w are those of a painting of `size` (height, width), the longest side at most PREVIEW_SIDE: the same in all
    octaves.
    """
    shrink = min(1.0, PREVIEW_SIDE / max(size))
    height, width = max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink))
    mode = "area" if picture.shape[2] > height else "bilinear"
    picture = functional.interpolate(picture.detach(), size=(height, width), mode=mode)
    return (picture[0].clamp(0, 1) * 255).round().to(torch.uint8).cpu()
