"""The streamed nearest neighbours against the same thing written out patch by patch, and with planted answers."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.paper import match as matching
from engine.paper.match import match, style_patches


def naive_scores(features: Tensor, style: Tensor, patch: int) -> Tensor:
    """Eq. 3 as printed: every patch against every patch, both norms divided out."""
    queries, patches = (functional.unfold(x, patch)[0].t() for x in (features, style))
    return functional.normalize(queries, dim=1) @ functional.normalize(patches, dim=1).t()


def noise(*shape: int, seed: int) -> Tensor:
    return torch.randn(1, *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("patch", [1, 3, 5])
@pytest.mark.parametrize("values", [1, 300, 1 << 18])
def test_indices_are_those_of_the_naive_search(patch: int, values: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BAND_VALUES", values)
    features, style = noise(6, 13, 17, seed=1), noise(6, 19, 11, seed=2)
    index = match(features, style_patches(style, patch))
    assert index.shape == (13 - patch + 1, 17 - patch + 1)
    assert torch.equal(index.flatten(), naive_scores(features, style, patch).argmax(1))


def test_fp32_finds_scores_as_good_as_the_naive_ones() -> None:
    features, style = noise(16, 20, 20, seed=3).relu(), noise(16, 20, 20, seed=4).relu()
    index = match(features.float(), style_patches(style.float(), 3)).flatten()
    scores = naive_scores(features, style, 3)
    found = scores[torch.arange(len(index)), index]
    torch.testing.assert_close(found, scores.amax(1), rtol=0, atol=1e-6)


@pytest.mark.parametrize("channels_last", [False, True])
def test_planted_patches_are_found(channels_last: bool) -> None:
    style = noise(8, 15, 14, seed=5)
    features = noise(8, 12, 16, seed=6)
    places = {(0, 0): (12, 11), (4, 7): (5, 2), (9, 13): (0, 0)}
    for (y, x), (v, u) in places.items():
        # NCC looks past contrast: a patch three times as strong is the same patch
        features[0, :, y : y + 3, x : x + 3] = 3 * style[0, :, v : v + 3, u : u + 3]
    if channels_last:
        features = features.contiguous(memory_format=torch.channels_last)
    index = match(features, style_patches(style, 3))
    for (y, x), (v, u) in places.items():
        assert index[y, x].item() == v * 12 + u


def test_it_is_the_largest_correlation_that_counts() -> None:
    style = torch.zeros(1, 1, 3, 6, dtype=torch.float64)
    style[..., :3], style[..., 3:] = -1, 1
    index = match(torch.ones(1, 1, 3, 3, dtype=torch.float64), style_patches(style, 3))
    assert index.item() == 3


def test_black_is_never_nan_and_never_preferred() -> None:
    style = noise(4, 8, 8, seed=7)
    style[..., :4] = 0
    features = noise(4, 8, 8, seed=8)
    features[..., 2:5, 2:5] = 0
    index = match(features, style_patches(style, 3))
    assert torch.equal(index.flatten(), naive_scores(features, style, 3).argmax(1))
    everything_black = match(features * 0, style_patches(style * 0, 3))
    assert everything_black.min() >= 0
    assert everything_black.max() < 36


def test_of_equal_patches_the_first_wins() -> None:
    style = noise(3, 4, 4, seed=9).repeat(1, 1, 3, 3)
    features = style[..., :4, :4].clone()
    assert match(features, style_patches(style, 3)).tolist() == [[0, 1], [10, 11]]
