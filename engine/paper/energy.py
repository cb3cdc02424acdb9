"""E = alpha Ec + beta Es + smooth TV (Eq. 1) of one octave, and its gradient to the pixels."""

from collections.abc import Mapping

import torch
from torch import Tensor

from engine.network import Network
from engine.paper.terms import ContentTerm, StyleTerm, total_variation
from engine.settings import Settings


class OctaveEnergy:
    """The energy of a picture of one octave."""

    def __init__(
        self,
        network: Network,
        styles: Mapping[str, StyleTerm],
        contents: Mapping[str, ContentTerm],
        settings: Settings,
        nn_every: int,
    ) -> None:
        """`styles` and `contents` by layer; a weight of 0 leaves its terms and their layers out of the work."""
        self._nn_every = nn_every
        self._network, self._settings = network, settings
        self._styles = styles if settings.beta > 0 else {}
        self._contents = contents if settings.alpha > 0 else {}
        self._layers = tuple(dict.fromkeys((*self._styles, *self._contents)))
        self._evaluations = 0

    def __call__(self, picture: Tensor) -> tuple[float, Tensor]:
        """Energy and gradient at (1, 3, H, W); the matches are found anew at every `nn_every`-th call."""
        refresh = self._evaluations % self._nn_every == 0
        self._evaluations += 1
        with torch.enable_grad():
            pixels = picture.detach().requires_grad_()
            energy = self._settings.smooth * total_variation(pixels)
            features = self._network.features(pixels, self._layers) if self._layers else {}
            for layer, style in self._styles.items():
                weight = self._settings.beta / len(self._styles)
                energy = energy + weight * style.error(features[layer], refresh)
            for layer, content in self._contents.items():
                weight = self._settings.alpha / len(self._contents)
                energy = energy + weight * content.error(features[layer])
            (gradient,) = torch.autograd.grad(energy, pixels)
        return energy.item(), gradient
