"""Hides the joins between copies: fine detail stays as copied, the tones run into each other over a wider strip.

Two bands as in Burt and Adelson (1983). The low band of the picture becomes a vote of the same field with patches two
and four times as wide, seen blurred. Within a copy all votes agree and nothing changes.
"""

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.pyramid import PATCH, Octave, halve
from engine.fast.space import Space
from engine.fast.vote import FALLBACK, closeness
from engine.windows import window_sum

PURE = 0.99  # share of a label above which a blurred pixel speaks for it; one of two labels speaks for neither
SIGMA = 0.8  # blurred pixels: how far from its middle a patch has a say
FIRM = 0.25  # share of pure pixels around, below which a change of tones fades out


def blend_tones(picture: Tensor, field: Tensor, space: Space, octaves: list[Octave], bands: int) -> Tensor:
    """The picture (1, 3, H, W) of `field` in the last of `octaves`, with tones blended in `bands` lower bands."""
    for band in range(1, min(bands, len(octaves) - 1) + 1):
        smooth = vote_tones(field, space, octaves[-1], octaves[-1 - band], 2**band)
        low = picture
        for _ in range(band):
            low = halve(low)
        picture = picture + spread(smooth - low, octaves[-1], octaves[-1 - band], 2**band)
    return picture


def vote_tones(field: Tensor, space: Space, fine: Octave, coarse: Octave, factor: int) -> Tensor:
    """(1, 3, h, w) vote of `field` in pixels `factor` wide: of patches of 5x5 such pixels, one to each such pixel."""
    (down, across), (height, width) = coarse.target_grid, fine.style.shape[2:]
    tones = window_sum(fine.style, factor)[0] / factor**2
    share, label = (window_sum(fine.style_share, factor)[0] / factor**2).max(0)
    planes = torch.cat([tones, torch.where(share > PURE, label, -1).float()[None]]).flatten(1)
    most, wanted = coarse.target_share[0].max(0)
    wanted = torch.where(most > PURE, wanted, -2).float()
    total = planes.new_zeros(4, *wanted.shape)
    # of the fine patches the one in the middle of the coarse patch speaks for it
    shift = (factor - 1) * PATCH // 2
    row = (torch.arange(down, device=field.device) * factor + shift).clamp(max=space.target_grid[0] - 1)
    column = (torch.arange(across, device=field.device) * factor + shift).clamp(max=space.target_grid[1] - 1)
    source = field.view(space.target_grid)[row][:, column].flatten()
    source_row, source_column = source // space.style_grid[1] - shift, source % space.style_grid[1] - shift
    for y in range(PATCH):
        line = (source_row + y * factor).clamp(0, height - factor) * (width - factor + 1)
        for x in range(PATCH):
            place = line + (source_column + x * factor).clamp(0, width - factor)
            part = torch.index_select(planes, 1, place).view(4, down, across)
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
