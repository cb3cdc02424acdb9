"""The minimiser on energies with known minima."""

import pytest
import torch
from torch import Tensor

from engine import NumericalError
from engine.paper.lbfgs import Energy, History, minimise


def quadratic(target: Tensor, curvature: Tensor) -> Energy:
    def energy(picture: Tensor, limit: float) -> tuple[float, Tensor | None]:
        gap = picture - target
        value = float((curvature * gap.square()).sum().item())
        return value, 2 * curvature * gap if value <= limit else None

    return energy


def on_to_the_end(_number: int, _value: float, _picture: Tensor) -> bool:
    return False


def test_an_ill_conditioned_bowl_is_solved() -> None:
    target = torch.linspace(0.2, 0.8, 40, dtype=torch.float64)
    curvature = torch.logspace(0, 2, 40, dtype=torch.float64)
    found = minimise(quadratic(target, curvature), torch.full_like(target, 0.5), 200, on_to_the_end)
    torch.testing.assert_close(found.picture, target, rtol=0, atol=1e-4)


def test_the_box_holds_and_its_corner_is_found() -> None:
    target = torch.tensor([-3.0, 0.4, 5.0], dtype=torch.float64)
    curvature = torch.tensor([1.0, 2.0, 0.5], dtype=torch.float64)
    found = minimise(quadratic(target, curvature), torch.full_like(target, 0.5), 60, on_to_the_end)
    torch.testing.assert_close(found.picture, torch.tensor([0, 0.4, 1], dtype=torch.float64), rtol=0, atol=1e-6)


def test_matrix_products_equal_the_two_loop_recursion() -> None:
    generator = torch.Generator().manual_seed(0)
    history = History()
    root = torch.randn(30, 30, generator=generator, dtype=torch.float64)
    for _ in range(14):
        step = torch.randn(30, generator=generator, dtype=torch.float64)
        history.add(step, root @ (root.t() @ step) + step)
    assert len(history.steps) == 10
    gradient = torch.randn(30, generator=generator, dtype=torch.float64)
    q, shares = gradient.clone(), []
    for s, y in zip(reversed(history.steps), reversed(history.changes), strict=True):
        shares.append(s.dot(q) / s.dot(y))
        q = q - shares[-1] * y
    q = q * history.steps[-1].dot(history.changes[-1]) / history.changes[-1].square().sum()
    for s, y, share in zip(history.steps, history.changes, reversed(shares), strict=True):
        q = q + s * (share - y.dot(q) / s.dot(y))
    torch.testing.assert_close(history.times(gradient), q)


def test_an_energy_that_changes_its_shape_is_lowered_on() -> None:
    """As when new neighbours are found: the value of the old shape must not be what the new one is measured by."""
    target = torch.linspace(0.2, 0.8, 20, dtype=torch.float64)
    curvature = torch.logspace(0, 2, 20, dtype=torch.float64)
    raised, accepted = 0.0, 0

    def rising(picture: Tensor, limit: float) -> tuple[float, Tensor | None]:
        nonlocal raised, accepted
        gap = picture - target
        value = raised + (curvature * gap.square()).sum().item()
        if value > limit:
            return value, None
        accepted += 1
        if accepted % 5 == 0:
            raised += 50
        return raised + (curvature * gap.square()).sum().item(), 2 * curvature * gap

    found = minimise(rising, torch.full_like(target, 0.5), 80, on_to_the_end)
    torch.testing.assert_close(found.picture, target, rtol=0, atol=1e-3)
    assert accepted > 5


def test_at_the_minimum_the_search_ends() -> None:
    told: list[int] = []
    target = torch.full((4,), 0.5)

    def observe(number: int, _value: float, _picture: Tensor) -> bool:
        told.append(number)
        return False

    minimise(quadratic(target, torch.ones(4)), target, 500, observe)
    assert len(told) < 30


def test_negative_curvature_is_not_remembered() -> None:
    history = History()
    history.add(torch.ones(3), -torch.ones(3))
    assert history.steps == []


def test_evaluations_are_counted_and_the_energy_never_rises() -> None:
    told: list[tuple[int, float]] = []

    def wavy(picture: Tensor, limit: float) -> tuple[float, Tensor | None]:
        with torch.enable_grad():
            pixels = picture.detach().requires_grad_()
            energy = ((pixels - 0.3).square() + 0.02 * (40 * pixels).sin()).sum()
            (gradient,) = torch.autograd.grad(energy, pixels)
        return energy.item(), gradient if energy.item() <= limit else None

    def observe(number: int, value: float, _picture: Tensor) -> bool:
        told.append((number, value))
        return False

    minimise(wavy, torch.rand(50, generator=torch.Generator().manual_seed(1)), 25, observe)
    assert [number for number, _ in told] == list(range(1, len(told) + 1))
    assert len(told) <= 25
    values = [value for _, value in told]
    assert values == sorted(values, reverse=True)
    assert values[-1] < values[0]


@pytest.mark.parametrize("at", [1, 4])
def test_a_stop_ends_at_once_with_the_best_so_far(at: int) -> None:
    target = torch.full((5,), 0.7)
    seen: list[Tensor] = []

    def observe(number: int, _value: float, picture: Tensor) -> bool:
        seen.append(picture)
        return number == at

    found = minimise(quadratic(target, torch.linspace(1, 9, 5)), torch.full((5,), 0.1), 50, observe)
    assert found.stopped
    assert len(seen) == at
    assert torch.equal(found.picture, seen[-1])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_nan_and_inf_are_errors(bad: float) -> None:
    def in_the_gradient(picture: Tensor, limit: float) -> tuple[float, Tensor]:
        return 1.0, torch.full_like(picture, bad)

    def in_the_value(picture: Tensor, limit: float) -> tuple[float, Tensor]:
        return bad, torch.zeros_like(picture)

    for energy in (in_the_gradient, in_the_value):
        with pytest.raises(NumericalError, match="evaluation 1"):
            minimise(energy, torch.zeros(3), 5, on_to_the_end)
