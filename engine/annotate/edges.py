"""Labels of a small picture onto the full one, their borders on its edges (guided filter: He and others 2010, 2015)."""

import torch
from torch import Tensor
from torch.nn import functional

RADIUS = 6  # px of the small picture over which a label follows the colours
FLAT = 2e-4  # variance of a colour in [0, 1] below which nothing is an edge


def to_edges(label: Tensor, count: int, small: Tensor, picture: Tensor) -> Tensor:
    """(H, W) int64 labels for (1, 3, H, W) from (h, w) labels of its reduced copy (1, 3, h, w).

    In each window a label's mask is a plane over the colours; the planes, averaged, are read off at full size.
    """
    height, width = picture.shape[-2:]
    best = picture.new_full((height, width), -torch.inf)
    found = torch.zeros(height, width, dtype=torch.int64)
    inverse, mean = window_colours(small)
    for k in range(count):
        plane = fit((label == k).float()[None, None], small, mean, inverse)
        plane = functional.interpolate(plane, size=(height, width), mode="bilinear")[0]
        belief = (plane[:3] * picture[0]).sum(0) + plane[3]
        better = belief > best
        best = torch.where(better, belief, best)
        found[better] = k
    return found


def window_colours(small: Tensor) -> tuple[Tensor, Tensor]:
    """Inverse covariance (h, w, 3, 3) and mean (3, h, w) of the colours in the window around each pixel."""
    mean = box(small)[0]
    products = box((small[0][:, None] * small[0][None]).flatten(0, 1)[None])[0].view(3, 3, *mean.shape[1:])
    covariance = (products - mean[:, None] * mean[None]).permute(2, 3, 0, 1)
    return torch.linalg.inv(covariance + FLAT * torch.eye(3)), mean


def fit(mask: Tensor, small: Tensor, mean: Tensor, inverse: Tensor) -> Tensor:
    """(1, 4, h, w): slope by colour and offset of a mask (1, 1, h, w), averaged over the windows at each pixel."""
    share = box(mask)[0]
    together = (box(mask * small)[0] - share * mean).permute(1, 2, 0)
    slope = (inverse @ together[..., None])[..., 0].permute(2, 0, 1)
    offset = share - (slope * mean).sum(0, keepdim=True)
    return box(torch.cat([slope, offset])[None])


def box(planes: Tensor) -> Tensor:
    """Mean of (1, C, h, w) over the window around each pixel, as far as there is picture."""
    side = 2 * RADIUS + 1
    tall = functional.avg_pool2d(planes, (side, 1), 1, (RADIUS, 0), count_include_pad=False)
    return functional.avg_pool2d(tall, (1, side), 1, (0, RADIUS), count_include_pad=False)
