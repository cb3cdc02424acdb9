"""What a content picture asks for: its light and dark, told in the style's own tones.

A photo may be paler or darker than the painting all through. Only the order of its tones is kept, label by label: the
lightest sky of the photo asks for the lightest sky of the painting. Of its fine structure a good part stays as it is:
foliage of all tones, painted as a cliff of few, would lose every branch.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from engine.maps import Labels

FINE = 6.0  # px (sigma), below which structure is fine
KEPT = 0.7  # of the fine structure is the content's own, the rest as the style's tones have it

LUMA = (0.2126, 0.7152, 0.0722)  # Rec. 709


def luminance(picture: Tensor) -> Tensor:
    """(1, 1, H, W) of a picture (1, 3, H, W), sRGB in [0, 1], not linearised: steps as the eye sees them."""
    return (picture * picture.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)


def match_light(content: Tensor, style: Tensor, labels: Labels) -> Tensor:
    """(1, 1, H, W) luminance of `content` (1, 3, H, W), each label's tones spread as the style's in that label.

    KEPT of what is finer than FINE is the content's own.
    style  (1, 3, Hs, Ws); a label that the style lacks takes the tones of the whole style.
    """
    mine, theirs = luminance(content)[0, 0], luminance(style)[0, 0]
    matched = torch.empty_like(mine)
    for label in range(labels.count):
        inside = labels.target == label
        if not bool(inside.any()):
            continue
        tones = theirs[labels.style == label]
        tones = (tones if len(tones) else theirs.flatten()).sort()[0]
        rank = ranks(mine[inside])
        matched[inside] = tones[rank * len(tones) // len(rank)]
    light, own = matched[None, None], mine[None, None]
    return light + KEPT * ((own - blur(own, FINE)) - (light - blur(light, FINE)))


def ranks(values: Tensor) -> Tensor:
    """(N,) int64 place of each of `values` (N,) in their order; equal ones share the middle of their places.

    A white wall has one tone; with a place for each of its pixels it would run from dark at its top to light below.
    """
    order = values.sort()[0]
    return (torch.searchsorted(order, values) + torch.searchsorted(order, values, right=True) - 1) // 2


def blur(plane: Tensor, sigma: float) -> Tensor:
    """(1, 1, H, W) under a Gaussian of `sigma` px, the edges continued."""
    reach = math.ceil(3 * sigma)
    weight = torch.exp(-(torch.arange(-reach, reach + 1, device=plane.device).float() ** 2) / (2 * sigma**2))
    weight = weight / weight.sum()
    padded = functional.pad(plane, (reach,) * 4, mode="replicate")
    return functional.conv2d(functional.conv2d(padded, weight.view(1, 1, -1, 1)), weight.view(1, 1, 1, -1))
