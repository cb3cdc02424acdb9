"""Maps as channels (Eq. 2): any range, black included, and heavy enough to be heeded."""

import pytest
import torch
from torch import Tensor

from engine.paper.match import match, style_patches
from engine.paper.semantic import BALANCE, join, lift_maps, weigh


def noise(*shape: int, seed: int) -> Tensor:
    return torch.rand(1, *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def halves(height: int, width: int, left: float, right: float) -> Tensor:
    made = torch.full((1, 1, height, width), left, dtype=torch.float64)
    made[..., width // 2 :] = right
    return made


def test_lifted_maps_are_of_length_one_and_rank_by_distance() -> None:
    style_map, target_map = noise(3, 12, 10, seed=1), noise(3, 9, 14, seed=2)
    pair = lift_maps(style_map, target_map)
    assert pair is not None
    for lifted in (pair.style, pair.target):
        torch.testing.assert_close(lifted.square().sum(1), torch.ones_like(lifted[:, 0]))
    products = pair.target[0].flatten(1).t() @ pair.style[0].flatten(1)
    assert products.max() <= 1 + 1e-12


@pytest.mark.parametrize(("scale", "shift"), [(255.0, 0.0), (1e-3, 7.0), (-2.0, 0.5)])
def test_the_range_of_the_maps_changes_nothing(scale: float, shift: float) -> None:
    style_map, target_map = noise(2, 8, 8, seed=3), noise(2, 8, 8, seed=4)
    features, style = noise(6, 8, 8, seed=5), noise(6, 8, 8, seed=6)
    found = []
    for a, b in ((style_map, target_map), (style_map * scale + shift, target_map * scale + shift)):
        pair = lift_maps(a, b)
        assert pair is not None
        found.append(match(join(features, pair.target, 50), style_patches(join(style, pair.style, 50), 3)))
    assert torch.equal(*found)


def test_at_gamma_50_the_map_is_in_proportion_to_the_features_everywhere() -> None:
    pair = lift_maps(noise(3, 16, 16, seed=7).round(), noise(3, 16, 16, seed=8).round())
    assert pair is not None
    features = noise(5, 16, 16, seed=9)
    map_length = weigh(features, pair.style, 50).square().sum(1).sqrt()
    torch.testing.assert_close(map_length, BALANCE * features.square().sum(1).sqrt())
    torch.testing.assert_close(weigh(features, pair.style, 100), 2 * weigh(features, pair.style, 50))
    assert join(features, pair.style, 50).shape == (1, 5 + 4, 16, 16)


def test_maps_are_average_pooled() -> None:
    pair = lift_maps(halves(8, 8, 0, 1), halves(8, 8, 0, 1))
    assert pair is not None
    channels = weigh(torch.ones(1, 1, 1, 1, dtype=torch.float64), pair.style, 50)
    torch.testing.assert_close(channels, BALANCE * pair.style.mean((2, 3), keepdim=True))


@pytest.mark.parametrize(("left", "right"), [(0.0, 1.0), (0.5, 1.0), (0.0, 0.5)])
def test_black_grey_and_white_are_three_labels(left: float, right: float) -> None:
    """Grey and white point the same way, and black nowhere: plain NCC could not tell them apart."""
    style_map = torch.cat([halves(12, 8, left, right), halves(12, 4, 1 - left, 1 - left)], dim=3)
    target_map = halves(12, 12, right, left)
    style = noise(6, 12, 12, seed=10)
    features = noise(6, 12, 12, seed=11)
    pair = lift_maps(style_map, target_map)
    assert pair is not None
    index = match(join(features, pair.target, 1000), style_patches(join(style, pair.style, 1000), 3))
    column = index % 10
    values = style_map[0, 0, 0]
    for x, wanted in ((0, right), (9, left)):
        got = values[column[:, x]], values[column[:, x] + 2]
        assert torch.all(got[0] == wanted)
        assert torch.all(got[1] == wanted)


def test_maps_of_one_colour_tell_nothing() -> None:
    assert lift_maps(torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 8)) is None
    assert lift_maps(torch.full((1, 2, 8, 8), 0.3), torch.full((1, 2, 9, 9), 0.3)) is None


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_maps_whose_squares_float32_has_not_are_lifted_all_the_same(scale: float) -> None:
    style_map, target_map = noise(2, 8, 8, seed=12).float(), noise(2, 8, 8, seed=13).float()
    plain, scaled = lift_maps(style_map, target_map), lift_maps(style_map * scale, target_map * scale)
    assert plain is not None
    assert scaled is not None
    torch.testing.assert_close(scaled.target, plain.target, rtol=0, atol=1e-3)
