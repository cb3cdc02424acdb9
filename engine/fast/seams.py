"""Hides the joins between copies: fine detail stays as copied, the tones run into each other over a wider strip.

Two bands as in Burt and Adelson (1983). The low band of the picture becomes a vote of the same field with patches two
and four times as wide, seen blurred. Within a copy all votes agree and nothing changes.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.compiled import is_compiled, share_out
from engine.fast.gather import gather_wide
from engine.fast.pyramid import PATCH, Octave, greatest, halve
from engine.fast.vote import FALLBACK, closeness
from engine.windows import window_sum

PURE = 0.99  # share of a label above which a blurred pixel speaks for it; one of two labels speaks for neither
SIGMA = 0.8  # blurred pixels: how far from its middle a patch has a say
FIRM = 0.25  # share of pure pixels around, below which a change of tones fades out


def blend_tones(
    picture: Tensor, field: Tensor, octaves: list[Octave], bands: int, tick: Callable[[], None] = lambda: None
) -> Tensor:
    """The picture (1, 3, H, W) of `field` in the last of `octaves`, with tones blended in `bands` lower bands.

    `tick` is called now and then: of a large painting a band takes a second.
    """
    for band in range(1, min(bands, len(octaves) - 1) + 1):
        smooth = vote_tones(field, octaves[-1], octaves[-1 - band], 2**band)
        tick()
        low = picture
        for _ in range(band):
            low = halve(low)
        picture = picture + spread(smooth - low, octaves[-1], octaves[-1 - band], 2**band)
        tick()
    return picture


def vote_tones(field: Tensor, fine: Octave, coarse: Octave, factor: int) -> Tensor:
    """(1, 3, h, w) vote of `field` in pixels `factor` wide: of patches of 5x5 such pixels, one to each such pixel."""
    (down, across), width = coarse.target_grid, fine.style_grid[1]
    tones = window_sum(fine.style, factor)[0] / factor**2
    share, label = greatest(window_sum(fine.style_share, factor)[0] / factor**2)
    planes = torch.cat([tones, torch.where(share > PURE, label, -1).float()[None]])
    most, wanted = greatest(coarse.target_share[0])
    wanted = torch.where(most > PURE, wanted, -2).float()
    # of the fine patches the one in the middle of the coarse patch speaks for it
    shift = (factor - 1) * PATCH // 2
    row = (torch.arange(down, device=field.device) * factor + shift).clamp(max=fine.target_grid[0] - 1)
    column = (torch.arange(across, device=field.device) * factor + shift).clamp(max=fine.target_grid[1] - 1)
    source = field.view(fine.target_grid)[row][:, column]
    corner = torch.stack([source // width - shift, source % width - shift])
    gather_now = gather_compiled if is_compiled(field.device) else gather_in_torch
    return gather_now(corner, planes, wanted, factor)


def gather_compiled(corner: Tensor, planes: Tensor, wanted: Tensor, factor: int) -> Tensor:
    """(1, 3, h, w) mean of what patches copy to each pixel.

    corner (2, down, across) int64 row and column, which may lie outside, of the pixel of `planes` (4, H, W), three
    colours and a label, that each patch copies to its upper left corner; its other pixels come from `factor` px apart.
    wanted (h, w) label asked for, where one of another label has next to no say.
    """
    result = np.empty((3, *wanted.shape), np.float32)
    weight = np.array([[closeness(y, x, SIGMA) for x in range(PATCH)] for y in range(PATCH)], np.float32)
    given = corner.numpy(), planes.permute(1, 2, 0).contiguous().numpy(), wanted.numpy()
    share_out(lambda first, last: gather_wide(first, last, *given, factor, weight, FALLBACK, result), len(wanted), 32)
    return torch.from_numpy(result)[None]


def gather_in_torch(corner: Tensor, planes: Tensor, wanted: Tensor, factor: int) -> Tensor:
    """The same on any device."""
    (down, across), (height, width) = corner.shape[1:], planes.shape[1:]
    total = planes.new_zeros(4, *wanted.shape)
    for y in range(PATCH):
        line = (corner[0] + y * factor).clamp(0, height - 1) * width
        for x in range(PATCH):
            place = line + (corner[1] + x * factor).clamp(0, width - 1)
            part = torch.index_select(planes.flatten(1), 1, place.flatten()).view(4, down, across)
            here = slice(y, y + down), slice(x, x + across)
            weight = torch.where(part[3] == wanted[here], 1.0, FALLBACK) * closeness(y, x, SIGMA)
            part[3] = 1
            total[:, *here].addcmul_(part, weight)
    return (total[:3] / total[3])[None]


def spread(change: Tensor, fine: Octave, coarse: Octave, factor: int) -> Tensor:
    """(1, 3, H, W): a change (1, 3, h, w) of tones in pixels `factor` wide, carried to the painting's own pixels.

    A pixel takes part in the changes around it only as far as its own label lies there, so no border gets a halo.
    """
    height, width = fine.target_share.shape[2:]
    size = change.shape[2] * factor, change.shape[3] * factor
    result = change.new_zeros(1, 3, height, width)
    for label in range(fine.target_share.shape[1]):
        share = (coarse.target_share[:, label : label + 1] > PURE).float()
        wide = functional.interpolate(torch.cat([change * share, share], 1), size=size, mode="bilinear")
        wide = wide[:, :, :height, :width] * fine.target_share[:, label : label + 1]
        result += wide[:, :3] / wide[:, 3:].clamp_min(FIRM)
    return result
