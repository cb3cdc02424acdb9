"""The fold target against Eq. 4 written out with every patch in the graph."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine.paper.fold import fold, fold_error
from engine.paper.match import as_rows, match, style_patches


def naive_error(features: Tensor, style: Tensor, index: Tensor, patch: int) -> Tensor:
    """Eq. 4: sum_i |Psi_i(x) - Psi_NN(i)|^2."""
    queries, patches = (functional.unfold(x, patch)[0].t() for x in (features, style))
    return (queries - patches[index.flatten()]).square().sum()


@pytest.mark.parametrize("patch", [1, 3, 5])
def test_value_and_gradient_are_those_of_eq_4(patch: int) -> None:
    generator = torch.Generator().manual_seed(patch)
    style = torch.randn(1, 5, 9, 12, generator=generator, dtype=torch.float64)
    features = torch.randn(1, 5, 10, 8, generator=generator, dtype=torch.float64, requires_grad=True)
    prepared = style_patches(style, patch)
    index = match(features.detach(), prepared)
    folded = fold_error(as_rows(features), fold(index, prepared))
    wanted = naive_error(features, style, index, patch)
    torch.testing.assert_close(folded, wanted)
    (gradient,) = torch.autograd.grad(folded, features)
    torch.testing.assert_close(gradient, torch.autograd.grad(wanted, features)[0])


def test_a_style_laid_on_itself_costs_nothing() -> None:
    style = torch.rand(1, 4, 8, 9, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    prepared = style_patches(style, 3)
    target = fold(match(style, prepared), prepared)
    torch.testing.assert_close(target.mean, as_rows(style))
    assert abs(fold_error(as_rows(style), target).item()) < 1e-10
    assert sorted(set(target.counts.flatten().tolist())) == [1, 2, 3, 4, 6, 9]
