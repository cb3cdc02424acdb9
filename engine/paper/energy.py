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
        self._since_match = -1  # evaluations; the first finds its neighbours by itself

    def __call__(self, picture: Tensor, limit: float) -> tuple[float, Tensor | None]:
        """Energy and gradient at (1, 3, H, W); the energy alone where it is above `limit`.

        At or below it, and when `nn_every` evaluations have passed, the neighbours are found anew first.
        """
        self._since_match += 1
        with torch.enable_grad():
            pixels = picture.detach().requires_grad_()
            features = self._network.features(pixels, self._layers) if self._layers else {}
            energy = self._sum(pixels, features)
            if not energy.item() <= limit:
                return energy.item(), None
            if self._styles and self._since_match >= self._nn_every:
                for layer, style in self._styles.items():
                    style.refresh(picture, features[layer].detach())
                self._since_match = 0
                energy = self._sum(pixels, features)
            (gradient,) = torch.autograd.grad(energy, pixels)
        return energy.item(), gradient

    def _sum(self, pixels: Tensor, features: Mapping[str, Tensor]) -> Tensor:
        """Eq. 1 with the present neighbours."""
        energy = self._settings.smooth * total_variation(pixels)
        for layer, style in self._styles.items():
            energy = energy + self._settings.beta / len(self._styles) * style.error(pixels, features[layer])
        for layer, content in self._contents.items():
            energy = energy + self._settings.alpha / len(self._contents) * content.error(features[layer])
        return energy
