"""Gatys' style error (2015), with one Gram matrix per label where maps are given."""

import torch
from torch import Tensor
from torch.nn import functional


class GramTerm:
    """The squared distance of Gram matrices, label by label, over those of the style; each label by its share."""

    def __init__(self, style: Tensor, style_masks: Tensor, target_masks: Tensor) -> None:
        """`style` (1, C, h, w) features; masks (1, L, H, W) in [0, 1], one per label, L >= 1.

        A label that the style lacks has no Gram matrix to come near to, and is left free.
        """
        masks = pool(style_masks, style)
        self._target_masks = target_masks
        self._grams = grams(style, masks)
        self._known = (masks.sum((0, 2, 3)) > 0).to(style.dtype)

    def refresh(self, picture: Tensor, features: Tensor) -> None:
        """Nothing to find anew."""

    def error(self, picture: Tensor, features: Tensor) -> Tensor:  # noqa: ARG002 - a StyleTerm's shape
        """The error of (1, C, h, w) features."""
        masks = pool(self._target_masks, features)
        share = masks.mean((0, 2, 3)) * self._known
        gap = (grams(features, masks) - self._grams).square().sum((1, 2))
        unit = self._grams.square().sum((1, 2)).clamp_min(1e-12)
        return (share * gap / unit).sum() / share.sum().clamp_min(1e-12)


def grams(features: Tensor, masks: Tensor) -> Tensor:
    """(L, C, C): mean outer product of the features of (1, C, h, w) under each of (1, L, h, w) masks."""
    flat = features[0].flatten(1)
    weights = masks[0].flatten(1)
    weights = weights / weights.sum(1, keepdim=True).clamp_min(1e-6)
    return torch.stack([(flat * weight) @ flat.t() for weight in weights])


def pool(masks: Tensor, features: Tensor) -> Tensor:
    """Masks averaged to the size of the features."""
    height, width = features.shape[-2:]
    return functional.adaptive_avg_pool2d(masks, (height, width))


def label_masks(style_map: Tensor, target_map: Tensor) -> tuple[Tensor, Tensor]:
    """One mask per label of two maps of (1, M, H, W): (1, L, H, W) each, 1 where a pixel has the label, else 0."""
    colours = main_colours(style_map)
    return masks_of(style_map, colours), masks_of(target_map, colours)


def masks_of(semantic_map: Tensor, colours: Tensor) -> Tensor:
    """Each pixel to the nearest of (L, M) colours."""
    distance = torch.stack([(semantic_map - colour[:, None, None]).square().sum(1) for colour in colours])
    label = distance.argmin(0)
    return functional.one_hot(label, len(colours)).permute(0, 3, 1, 2).to(semantic_map.dtype)


def main_colours(semantic_map: Tensor, least_share: float = 0.002, apart: float = 0.1) -> Tensor:
    """The (L, M) colours that cover `least_share` of a map at least, each `apart` (of the range) from any other."""
    pixels = semantic_map[0].flatten(1).t()
    low, high = pixels.amin(0), pixels.amax(0)
    span = (high - low).amax().clamp_min(1e-12)
    steps, counts = torch.unique(((pixels - low) / span * 31).round(), dim=0, return_counts=True)
    chosen: list[Tensor] = []
    for i in counts.argsort(descending=True, stable=True).tolist():
        if chosen and counts[i] < least_share * len(pixels):
            break
        if all((steps[i] - other).norm() > 31 * apart for other in chosen):
            chosen.append(steps[i])
    return torch.stack(chosen) / 31 * span + low
