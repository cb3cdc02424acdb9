"""Fewer channels for the match alone: the style's principal components."""

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Projection:
    """An orthonormal basis of the style's features, uncentred: NCC compares directions from zero."""

    basis: Tensor = field(repr=False)  # (channels, C)


def projection(style: Tensor, channels: int) -> Projection:
    """The `channels` strongest directions of (1, C, h, w) features, or all C of them if fewer."""
    rows = style[0].flatten(1)
    _, vectors = torch.linalg.eigh((rows @ rows.t()).double())
    return Projection(vectors[:, -min(channels, len(rows)) :].t().to(style.dtype))


def project(features: Tensor, onto: Projection) -> Tensor:
    """(1, C, h, w) to (1, channels, h, w), channels_last."""
    rows = features[0].permute(1, 2, 0) @ onto.basis.t()
    return rows.permute(2, 0, 1)[None]
