"""CIE Lab, in which equal distances look about equally large."""

import torch
from torch import Tensor

# sRGB primaries with D65 white, IEC 61966-2-1; rows give X, Y, Z, each divided by the white's own.
TO_XYZ = (
    (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
)


def to_lab(picture: Tensor) -> Tensor:
    """(1, 3, H, W) sRGB in [0, 1] to (3, H, W): L in 0..100, a and b about -100..100."""
    linear = torch.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    xyz = torch.einsum("ij,jhw->ihw", picture.new_tensor(TO_XYZ), linear[0])
    root = torch.where(xyz > 0.008856, xyz.clamp_min(1e-9) ** (1 / 3), 7.787 * xyz + 16 / 116)
    return torch.stack([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])
