"""The terms of the energy (Eq. 1), each a function of a picture's features or pixels, each without a unit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from torch import Tensor

from engine.paper.colour import Colours
from engine.paper.fold import FoldTarget, fold, fold_error
from engine.paper.match import as_rows, match, style_patches
from engine.paper.pca import project, projection
from engine.paper.semantic import SemanticPair, join, weigh
from engine.settings import Settings

CONTENT_GAIN = 1.5  # so that at alpha 10 beta 10 nearly is the photo, 50 keeps its edges, 250 is nearly the style


class StyleTerm(Protocol):
    """The style error of one layer."""

    def error(self, picture: Tensor, features: Tensor) -> Tensor:
        """The error of `picture` and its (1, C, h, w) features."""

    def refresh(self, picture: Tensor, features: Tensor) -> None:
        """Find the nearest neighbours anew, where there are such."""


class PatchTerm:
    """Eq. 4 at one layer: the squared distance of every patch to its nearest style patch.

    Divided by the number of patches and by the mean square of a style patch's features, so that layers, sizes and
    networks compare: 0 is a perfect match, 1 is as far away as a black patch.
    """

    def __init__(
        self,
        picture: Tensor,
        features: Tensor,
        maps: SemanticPair | None,
        settings: Settings,
        thrift: int = 1,
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        """The style's `picture` and its (1, C, h, w) features; None as `maps` matches by the features alone.

        `tick` is called again and again in a search.
        """
        self._thrift, self._tick = thrift, tick
        self._colours = Colours(picture, features, settings.colour) if settings.colour > 0 else None
        style = self._coloured(picture, features)
        self._maps, self._gamma, patch = maps, settings.gamma, settings.patch
        self._projection = projection(style, settings.channels) if settings.channels else None
        style_map = maps.style if maps else None
        self._joined = style_patches(self._join(style, style_map), patch)
        # folded are the features in full: they are the first columns of what is matched, unless that is reduced
        self._folded = self._joined
        if self._projection is not None:
            self._folded = style_patches(join(style, style_map, self._gamma), patch)
        self._unit = patch**2 * style.square().sum(1).mean().clamp_min(1e-12)
        self._target: FoldTarget | None = None

    def error(self, picture: Tensor, features: Tensor) -> Tensor:
        """The error of `picture` and its features, float64. The map's share is in its value, and has no gradient.

        At a large gamma that share dwarfs the features': in float32 no step would be seen to lower the sum.
        """
        if self._target is None:
            self.refresh(picture.detach(), features.detach())
            return self.error(picture, features)
        features = self._coloured(picture, features)
        height, width = features.shape[-2:]
        k = self._joined.patch
        patches = (height - k + 1) * (width - k + 1)
        return fold_error(as_rows(features), self._target) / (patches * self._unit)

    def refresh(self, picture: Tensor, features: Tensor) -> None:
        """Find the nearest style patch of every patch anew."""
        self._target = self._match(self._coloured(picture, features))

    def _coloured(self, picture: Tensor, features: Tensor) -> Tensor:
        return self._colours.join(picture, features) if self._colours else features

    def _match(self, features: Tensor) -> FoldTarget:
        """The fold target of the nearest neighbours, the map's own distance added to its constant."""
        joined = self._join(features, self._maps.target if self._maps else None)
        index = match(joined, self._joined, self._thrift, self._tick)
        target = fold(index, self._folded)
        if self._maps is None:
            return target
        count = features.shape[1]
        own = as_rows(weigh(features, self._maps.target, self._gamma))
        apart = fold_error(own, replace(target, mean=target.mean[:, count:]))
        return replace(target, mean=target.mean[:, :count].contiguous(), constant=apart)

    def _join(self, features: Tensor, semantic_map: Tensor | None) -> Tensor:
        """Features, reduced where asked for, joined with the map."""
        reduced = features if self._projection is None else project(features, self._projection)
        return join(reduced, semantic_map, self._gamma)


class ContentTerm:
    """The squared distance to the content's features, over their own mean square, CONTENT_GAIN times."""

    def __init__(self, content: Tensor) -> None:
        """`content` (1, C, h, w) features of the content picture."""
        self._content = content
        self._unit = content.square().mean().clamp_min(1e-12)

    def error(self, features: Tensor) -> Tensor:
        """The error of (1, C, h, w) features."""
        return CONTENT_GAIN * (features - self._content).square().mean() / self._unit


def total_variation(picture: Tensor) -> Tensor:
    """Mean squared difference of neighbouring pixels of (1, 3, H, W), both ways."""
    across = (picture[..., 1:] - picture[..., :-1]).square().mean()
    down = (picture[..., 1:, :] - picture[..., :-1, :]).square().mean()
    return across + down
