"""A frozen VGG up to conv4_1: a picture in, the features of two layers out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

LAYERS = ("conv3_1", "conv4_1")
STRIDES: dict[str, int] = {"conv3_1": 4, "conv4_1": 8}
CHANNELS: dict[str, int] = {"conv3_1": 256, "conv4_1": 512}


@dataclass(frozen=True, slots=True)
class Architecture:
    """How many convolutions each block of a VGG has, as far as is needed, and how it wants its pixels.

    `mean` and `scale` are in RGB order, for pixels in [0, 1]: the first convolution sees (x - mean) * scale.
    """

    blocks: tuple[int, ...]  # a max pooling between any two
    mean: tuple[float, float, float]
    scale: tuple[float, float, float]
    bgr: bool  # True where the first convolution's weights expect blue first

    @property
    def convolutions(self) -> tuple[str, ...]:
        """conv1_1, conv1_2, conv2_1, ... in order."""
        return tuple(f"conv{block}_{i + 1}" for block, n in enumerate(self.blocks, 1) for i in range(n))


class Network:
    """Features of a frozen VGG; differentiable with respect to the picture, never to the weights."""

    def __init__(self, name: str, sha256: str, architecture: Architecture, weights: Mapping[str, Tensor]) -> None:
        """Take `weights`: `<convolution>.weight` (out, in, 3, 3), `<convolution>.bias` (out,), any float type.

        They are kept as fp32 on the device they lie on. `sha256` is that of the file they came from.
        """
        self.name = name
        self.sha256 = sha256
        self._order = architecture.convolutions
        first = weights["conv1_1.weight"].float()
        if architecture.bgr:
            first = first.flip(1)
        # Order and scale are folded into the first convolution. The mean is not: zero padding comes after it.
        first = first * first.new_tensor(architecture.scale).view(1, 3, 1, 1)
        self._mean = first.new_tensor(architecture.mean).view(1, 3, 1, 1)
        kernels = {layer: weights[f"{layer}.weight"].float() for layer in self._order} | {"conv1_1": first}
        self._kernels = {
            layer: kernel.detach().contiguous(memory_format=torch.channels_last) for layer, kernel in kernels.items()
        }
        self._biases = {layer: weights[f"{layer}.bias"].detach().float() for layer in self._order}

    @property
    def device(self) -> torch.device:
        """Where the weights lie; pictures must lie there too."""
        return self._mean.device

    def features(
        self, picture: Tensor, layers: Sequence[str] = LAYERS, tick: Callable[[], None] = lambda: None
    ) -> dict[str, Tensor]:
        """Features after the ReLU of each of `layers`; work stops at the deepest. Raises KeyError.

        picture  (1, 3, H, W) float32, sRGB in [0, 1]; H and W of 8 px at least
        tick     called after each layer: a large picture takes seconds
        returns  conv3_1 (1, 256, H // 4, W // 4), conv4_1 (1, 512, H // 8, W // 8), the shallower ones
                 likewise; float32, none negative, channels_last
        """
        if missing := set(layers) - set(self._order):
            raise KeyError(f"{self.name} has no {', '.join(sorted(missing))}")
        found: dict[str, Tensor] = {}
        x = (picture - self._mean).contiguous(memory_format=torch.channels_last)
        block = "1"
        for layer in self._order:
            if layer[4] != block:
                block = layer[4]
                x = functional.max_pool2d(x, 2)
            x = functional.relu_(functional.conv2d(x, self._kernels[layer], self._biases[layer], padding=1))
            tick()
            if layer in layers:
                found[layer] = x
                if len(found) == len(layers):
                    break
        return found
