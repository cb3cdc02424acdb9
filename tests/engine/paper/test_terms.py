"""The energy's terms: what has a gradient, what has not, and what 0 and 1 mean."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine import Settings
from engine.paper.gram import GramTerm, label_masks, main_colours
from engine.paper.semantic import SemanticPair, join, lift_maps
from engine.paper.terms import CONTENT_GAIN, ContentTerm, PatchTerm, total_variation

SETTINGS = Settings(method="paper", colour=0)
PICTURE = torch.zeros(1, 3, 8, 8)  # counts with colour > 0 alone


def noise(*shape: int, seed: int) -> Tensor:
    return torch.rand(1, *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def fresh(term: PatchTerm, picture: Tensor, features: Tensor) -> Tensor:
    """The error with the nearest neighbours of these very features."""
    term.refresh(picture.detach(), features.detach())
    return term.error(picture, features)


def some_maps() -> SemanticPair:
    pair = lift_maps(noise(3, 16, 18, seed=1).round(), noise(3, 14, 20, seed=2).round())
    assert pair is not None
    return pair


def naive_joined_error(features: Tensor, style: Tensor, pair: SemanticPair) -> Tensor:
    """Eq. 4 on the joined vectors, written out."""
    queries = functional.unfold(join(features, pair.target, SETTINGS.gamma), 3)[0].t()
    patches = functional.unfold(join(style, pair.style, SETTINGS.gamma), 3)[0].t()
    index = (queries @ functional.normalize(patches, dim=1).t()).argmax(1)
    unit = 9 * style.square().sum(1).mean()
    return (queries - patches[index]).square().sum() / (len(queries) * unit)


def test_the_map_counts_in_the_match_and_in_the_value() -> None:
    style, features, pair = noise(5, 8, 9, seed=3), noise(5, 7, 10, seed=4), some_maps()
    found = fresh(PatchTerm(PICTURE, style, pair, SETTINGS), PICTURE, features)
    torch.testing.assert_close(found, naive_joined_error(features, style, pair))
    without = fresh(PatchTerm(PICTURE, style, None, SETTINGS), PICTURE, features)
    assert found > without


def test_the_map_has_no_part_in_the_gradient() -> None:
    """The gradient is that of the features' own distance, written out, by finite differences, the matches held."""
    style, pair = noise(4, 8, 9, seed=5), some_maps()
    features = noise(4, 7, 10, seed=6).requires_grad_()
    term = PatchTerm(PICTURE, style, pair, SETTINGS)
    (gradient,) = torch.autograd.grad(fresh(term, PICTURE, features), features)
    queries = functional.unfold(join(features.detach(), pair.target, SETTINGS.gamma), 3)[0].t()
    joined = functional.unfold(join(style, pair.style, SETTINGS.gamma), 3)[0].t()
    plain = functional.unfold(style, 3)[0].t()[(queries @ functional.normalize(joined, dim=1).t()).argmax(1)]
    unit = 9 * style.square().sum(1).mean()
    step = 1e-5
    for place in [(0, 0, 0, 0), (0, 3, 6, 9), (0, 1, 3, 4), (0, 2, 2, 7)]:
        ends = []
        for sign in (1, -1):
            moved = features.detach().clone()
            moved[place] += sign * step
            apart = functional.unfold(moved, 3)[0].t() - plain
            ends.append((apart.square().sum() / (len(plain) * unit)).item())
        assert gradient[place].item() == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)


def test_a_refresh_finds_new_neighbours() -> None:
    style = noise(4, 8, 9, seed=7)
    term = PatchTerm(PICTURE, style, None, SETTINGS)
    first = term.error(PICTURE, noise(4, 8, 9, seed=8))
    held = term.error(PICTURE, style)
    assert held > 0.01
    assert fresh(term, PICTURE, style).item() == pytest.approx(0, abs=1e-12)
    assert first > 0


def test_black_is_one_away_from_a_uniform_style() -> None:
    style = torch.ones(1, 4, 8, 8, dtype=torch.float64)
    assert fresh(PatchTerm(PICTURE, style, None, SETTINGS), PICTURE, style * 0).item() == pytest.approx(1)
    assert ContentTerm(style).error(style * 0).item() == pytest.approx(CONTENT_GAIN)
    assert ContentTerm(style).error(style).item() == 0


def test_all_principal_components_match_like_the_features_themselves() -> None:
    style, features, pair = noise(12, 9, 9, seed=9), noise(12, 9, 9, seed=10), some_maps()
    exact = fresh(PatchTerm(PICTURE, style, pair, SETTINGS), PICTURE, features)
    reduced = [
        PatchTerm(PICTURE, style, pair, Settings(method="paper", colour=0, channels=channels)) for channels in (12, 8)
    ]
    rotated, fewer = (fresh(term, PICTURE, features) for term in reduced)
    torch.testing.assert_close(rotated, exact)
    assert fewer.item() == pytest.approx(exact.item(), rel=0.3)
    assert fewer != exact


def test_colours_count_in_match_value_and_gradient() -> None:
    features = torch.ones(1, 4, 8, 8, dtype=torch.float64)  # blind: the same everywhere
    style = noise(3, 16, 16, seed=13)
    term = PatchTerm(style, features, None, Settings(method="paper", colour=1))
    assert fresh(term, style, features).item() == pytest.approx(0, abs=1e-12)
    paler = (0.5 + 0.3 * (style - 0.5)).requires_grad_()
    error = fresh(term, paler, features)
    assert error > 1e-3
    (gradient,) = torch.autograd.grad(error, paler)
    torch.testing.assert_close(gradient[..., 2, 3], gradient[..., 3, 2])  # one cell, one mean
    with torch.no_grad():
        assert term.error(paler - gradient, features) < error


def test_gram_compares_label_by_label() -> None:
    style = noise(6, 8, 8, seed=11)
    style[..., 4:] *= 3
    mirrored = style.flip(3)
    labels = torch.zeros(1, 1, 8, 8, dtype=torch.float64)
    labels[..., 4:] = 1
    right = GramTerm(style, *label_masks(labels, labels.flip(3))).error(PICTURE, mirrored)
    wrong = GramTerm(style, *label_masks(labels, labels)).error(PICTURE, mirrored)
    assert right.item() == pytest.approx(0, abs=1e-12)
    assert wrong > 0.5
    everything = torch.ones(1, 1, 8, 8, dtype=torch.float64)
    assert GramTerm(style, everything, everything).error(PICTURE, mirrored).item() == pytest.approx(0, abs=1e-12)


def test_a_label_the_style_lacks_is_left_free() -> None:
    style = noise(3, 8, 8, seed=12)
    masks = torch.ones(1, 2, 8, 8, dtype=torch.float64)
    masks[:, 1] = 0
    target = 1 - masks
    assert GramTerm(style, masks, target).error(PICTURE, style).item() == 0


def test_main_colours_fold_soft_edges_into_their_labels() -> None:
    drawn = torch.zeros(1, 3, 32, 32)
    drawn[:, 0, :, 16:] = 1
    drawn[:, 0, :, 15] = 0.04
    drawn[:, :, 0, 0] = 0.5
    assert sorted(main_colours(drawn).round(decimals=3).tolist()) == [[0, 0, 0], [1, 0, 0]]


def test_total_variation_is_the_mean_square_of_differences() -> None:
    stripes = torch.zeros(1, 3, 4, 6)
    stripes[..., ::2] = 0.5
    assert total_variation(stripes).item() == pytest.approx(0.25)
    assert total_variation(torch.ones(1, 3, 4, 6)).item() == 0
