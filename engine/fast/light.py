"""What a content picture asks for: its light and dark, told in the style's own tones.

A photo may be paler or darker than the painting all through. Only the order of its tones is kept, label by label: the
lightest sky of the photo asks for the lightest sky of the painting.
"""

import torch
from torch import Tensor

from engine.maps import Labels

LUMA = (0.2126, 0.7152, 0.0722)  # Rec. 709


def luminance(picture: Tensor) -> Tensor:
    """(1, 1, H, W) of a picture (1, 3, H, W), sRGB in [0, 1], not linearised: steps as the eye sees them."""
    return (picture * picture.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)


def match_light(content: Tensor, style: Tensor, labels: Labels) -> Tensor:
    """(1, 1, H, W) luminance of `content` (1, 3, H, W), each label's tones spread as the style's in that label.

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
        rank = mine[inside].argsort(stable=True).argsort(stable=True)
        matched[inside] = tones[rank * len(tones) // len(rank)]
    return matched[None, None]
