"""The small copy of a picture in which regions are looked for."""

from torch import Tensor

from engine.checks import resize_picture

SIDE = 512  # px of the longer side: the network sees things at that size
LEAST_SIDE = 32  # px of the shorter one, which the network needs
SUPERPIXELS = 700
LEAST_PIXELS = 36  # of one superpixel on average, so that a small picture has fewer


def reduced(picture: Tensor) -> Tensor:
    """(1, 3, h, w) of (1, 3, H, W), its longer side at most SIDE."""
    height, width = picture.shape[-2:]
    scale = min(1.0, SIDE / max(height, width))
    return resize_picture(picture, (max(LEAST_SIDE, round(height * scale)), max(LEAST_SIDE, round(width * scale))))


def piece_count(small: Tensor) -> int:
    """How many superpixels a reduced picture (1, 3, h, w) is cut into."""
    return min(SUPERPIXELS, small.shape[-2] * small.shape[-1] // LEAST_PIXELS)
