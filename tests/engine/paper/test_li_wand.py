"""gamma 0 against Li & Wand (2016), written out patch by patch: their equations 2 to 4, and nothing of the engine's.

Ours divides their style energy by the number of patches and by the mean square of a style patch (docs/method.md,
Eq. 4); the reference does that at the end. In double precision, so that sums in another order agree to 10 digits.
"""

import math
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine import Settings
from engine.network import Network
from engine.paper.energy import OctaveEnergy
from engine.paper.match import match, style_patches
from engine.paper.semantic import lift_maps
from engine.paper.terms import PatchTerm

SIDE = 3
LAYERS = {"conv3_1": 1, "conv4_1": 2}  # pooled so many times
SETTINGS = Settings(method="paper", gamma=0, colour=0, smooth=3.0, beta=40.0)


class TinyNetwork(Network):
    """Two layers of fixed random filters in double precision."""

    def __init__(self) -> None:
        random = torch.Generator().manual_seed(1)
        self._filters = torch.randn(5, 3, 3, 3, generator=random, dtype=torch.float64)

    def features(
        self, picture: Tensor, layers: Sequence[str] = tuple(LAYERS), tick: Callable[[], None] = lambda: None
    ) -> dict[str, Tensor]:
        tick()
        found = functional.relu(functional.conv2d(picture, self._filters, padding=1))
        return {layer: functional.avg_pool2d(found, 2 ** LAYERS[layer]) for layer in layers}


NETWORK = TinyNetwork()


def some_picture(height: int, width: int, seed: int) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def patches_of(features: Tensor) -> list[list[Tensor]]:
    """Psi_i: for each place the SIDE x SIDE vectors there, one by one."""
    _, _, height, width = features.shape
    return [
        [features[0, :, row + y, column + x] for y in range(SIDE) for x in range(SIDE)]
        for row in range(height - SIDE + 1)
        for column in range(width - SIDE + 1)
    ]


def inner(one: list[Tensor], other: list[Tensor]) -> float:
    return sum(float((a * b).sum()) for a, b in zip(one, other, strict=True))


def nearest(patches: list[list[Tensor]], style: list[list[Tensor]]) -> list[int]:
    """Their equation 3: NN(i) of the largest normalised cross-correlation."""
    found = []
    for patch in patches:
        scores = [inner(patch, other) / math.sqrt(inner(patch, patch) * inner(other, other)) for other in style]
        found.append(scores.index(max(scores)))
    return found


def style_energy(features: Tensor, style: Tensor, field: list[int]) -> Tensor:
    """Their equation 2: the sum over i of |Psi_i - Psi_NN(i)|^2, over their number and the style's mean square."""
    patches, theirs = patches_of(features), patches_of(style)
    total = features.new_zeros(())
    for patch, match_ in zip(patches, field, strict=True):
        for mine, other in zip(patch, theirs[match_], strict=True):
            total = total + (mine - other).square().sum()
    squares = [float(style[0, :, y, x].square().sum()) for y in range(style.shape[2]) for x in range(style.shape[3])]
    return total / (len(patches) * SIDE**2 * sum(squares) / len(squares))


def regulariser(picture: Tensor) -> Tensor:
    """Their equation 4, as a mean over the differences."""
    down = [(picture[..., y + 1, :] - picture[..., y, :]).square().mean() for y in range(picture.shape[2] - 1)]
    across = [(picture[..., x + 1] - picture[..., x]).square().mean() for x in range(picture.shape[3] - 1)]
    return torch.stack(down).mean() + torch.stack(across).mean()


@pytest.fixture(name="scene", scope="module")
def fixture_scene() -> tuple[Tensor, Tensor]:
    """A picture in progress and a style, of other sizes."""
    return some_picture(18, 22, seed=2), some_picture(20, 16, seed=3)


@pytest.mark.parametrize("layer", LAYERS)
def test_the_field_is_theirs(scene: tuple[Tensor, Tensor], layer: str) -> None:
    picture, style = (NETWORK.features(side)[layer] for side in scene)
    field = match(picture, style_patches(style, SIDE)).flatten().tolist()
    assert field == nearest(patches_of(picture), patches_of(style))
    assert len(set(field)) >= 3


@pytest.mark.parametrize("maps", [None, "black"])
def test_energy_and_gradient_are_theirs(scene: tuple[Tensor, Tensor], maps: str | None) -> None:
    picture, style = scene
    black = None if maps is None else lift_maps(torch.zeros(1, 3, 20, 16), torch.zeros(1, 3, 18, 22))
    features = NETWORK.features(style)
    terms = {layer: PatchTerm(style, features[layer], black, SETTINGS) for layer in LAYERS}
    energy, gradient = OctaveEnergy(NETWORK, terms, {}, SETTINGS, nn_every=1)(picture, float("inf"))

    pixels = picture.clone().requires_grad_()
    made = NETWORK.features(pixels)
    theirs = SETTINGS.smooth * regulariser(pixels)
    for layer in LAYERS:
        field = nearest(patches_of(made[layer].detach()), patches_of(features[layer]))
        theirs = theirs + SETTINGS.beta / len(LAYERS) * style_energy(made[layer], features[layer], field)
    (wanted,) = torch.autograd.grad(theirs, pixels)

    assert energy == pytest.approx(theirs.item(), rel=1e-10)
    assert gradient is not None
    torch.testing.assert_close(gradient, wanted, rtol=1e-9, atol=1e-12)
