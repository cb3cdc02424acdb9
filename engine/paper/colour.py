"""The mean colour of each cell as three more channels of its features."""

import torch
from torch import Tensor
from torch.nn import functional


class Colours:
    """Joins features with the colours they were made from, weighed once against one style and layer.

    A VGG is all but blind to the brightness and the saturation of large areas: by its features alone a painting
    comes out paler than its style. Unlike the map, these channels belong to the picture and have a gradient.
    """

    def __init__(self, style: Tensor, features: Tensor, weight: float) -> None:
        """At `weight` 1 the colours of the (1, 3, H, W) style vary as much as its (1, C, h, w) features are long."""
        self._mean = style.mean((2, 3), keepdim=True)
        spread = (cell_means(style, features) - self._mean).square().sum(1).mean().sqrt()
        length = features.square().sum(1).mean().sqrt()
        self._scale = weight * length / spread.clamp_min(1e-3)

    def join(self, picture: Tensor, features: Tensor) -> Tensor:
        """(1, C, h, w) features of `picture` to (1, C + 3, h, w)."""
        return torch.cat([features, self._scale * (cell_means(picture, features) - self._mean)], dim=1)


def cell_means(picture: Tensor, features: Tensor) -> Tensor:
    """(1, 3, H, W) averaged to the positions of the features."""
    height, width = features.shape[-2:]
    return functional.adaptive_avg_pool2d(picture, (height, width))
