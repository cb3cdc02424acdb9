"""The semantic maps as extra channels of the features (Eq. 2)."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

EQUAL_GAMMA = 50.0  # the weight that balances the two (paper, "Experiments")
BALANCE = 2.0  # lengths of the map to one of the features there; at 1 the coarse octaves lost small regions


@dataclass(frozen=True, slots=True)
class SemanticPair:
    """Style map and target map, lifted: (1, M + 1, H, W) each, every pixel a vector of length 1 in both."""

    style: Tensor
    target: Tensor


def lift_maps(style_map: Tensor, target_map: Tensor) -> SemanticPair | None:
    """Both maps, (1, M, H, W) of any range, laid on one sphere; None where the maps tell nothing apart.

    Normalised cross-correlation sees directions alone: black has none, and grey points where white does. One more
    channel, sqrt(1 - |m|^2) after centring and scaling to |m| <= 1, makes every vector equally long, so that of two
    inner products the larger is that of the nearer pair of colours. Any range of the maps gives the same result.
    """
    low = torch.minimum(style_map.amin((2, 3), keepdim=True), target_map.amin((2, 3), keepdim=True))
    high = torch.maximum(style_map.amax((2, 3), keepdim=True), target_map.amax((2, 3), keepdim=True))
    span = (high - low).amax()
    if span.item() == 0:
        return None
    # scaled before anything is squared: the square of 1e20, or of 1e-30, is none that float32 has
    style, target = ((plane - (low + high) / 2) / span for plane in (style_map, target_map))
    radius = torch.maximum(*(plane.square().sum(1).amax() for plane in (style, target))).sqrt()
    return SemanticPair(lift(style / radius), lift(target / radius))


def lift(semantic_map: Tensor) -> Tensor:
    """(1, M, H, W) with |m| <= 1 to (1, M + 1, H, W) with |m| = 1."""
    rest = (1 - semantic_map.square().sum(1, keepdim=True)).clamp_min(0).sqrt()
    return torch.cat([semantic_map, rest], dim=1)


def join(features: Tensor, semantic_map: Tensor | None, gamma: float) -> Tensor:
    """Eq. 2: (1, C, h, w) features with the map average-pooled to h x w and weighted, (1, C + M + 1, h, w)."""
    if semantic_map is None:
        return features
    return torch.cat([features, weigh(features, semantic_map, gamma)], dim=1)


def weigh(features: Tensor, semantic_map: Tensor, gamma: float) -> Tensor:
    """The (1, M + 1, h, w) channels that join (1, C, h, w) features: at gamma = 50 BALANCE times their length.

    One constant per layer would balance the ranges once and no more: dull features, as a picture in progress has,
    would be outweighed by the map and matched by their lengths rather than their directions, so that dull patches
    attract dull patches; those of noise would outweigh the map. In proportion to the features at each position, the
    joined vector keeps NCC's indifference to contrast.
    """
    height, width = features.shape[-2:]
    pooled = functional.adaptive_avg_pool2d(semantic_map, (height, width))
    length = features.square().sum(1, keepdim=True).sqrt()
    return BALANCE * gamma / EQUAL_GAMMA * length * pooled
