"""L-BFGS within the box [0, 1], as matrix products (Nocedal 1980; the compact form of Byrd, Nocedal, Schnabel 1994).

torch's own L-BFGS reads a scalar per pair and step back from the device, has no bounds, and its line search spends
several evaluations a step. Here one evaluation a step is the rule: the first trial is taken unless the energy rose.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.errors import NumericalError

PAIRS = 10  # of steps and gradient changes remembered
FIRST_MOVE = 0.02  # mean change of a pixel value in the first step, when no curvature is known
LARGEST_MOVE = 0.2  # mean change above which a step is shortened: features are far from quadratic there
SUFFICIENT = 1e-4  # Armijo: share of the promised decrease that a step must bring
HALVINGS = 6  # before a direction is given up

Energy = Callable[[Tensor, float], tuple[float, Tensor | None]]
"""energy(picture, limit): the energy at a picture and its gradient, of the picture's shape.

Above `limit` the picture is of no use: the energy alone is returned. At or below it the energy may change its shape
(find new neighbours) before it returns value and gradient, so that no comparison ever spans two shapes.
"""

Observe = Callable[[int, float, Tensor], bool]
"""Told after each evaluation its 1-based number, the best energy and its picture; True stops."""


@dataclass(slots=True)
class History:
    """The last PAIRS steps s and gradient changes y, flattened, oldest first."""

    steps: list[Tensor] = field(default_factory=list)
    changes: list[Tensor] = field(default_factory=list)

    def add(self, step: Tensor, change: Tensor) -> None:
        """Remember a pair, unless its curvature is not clearly positive: H must stay positive definite."""
        if torch.dot(step, change).item() > 1e-8 * (step.norm() * change.norm()).item():
            self.steps.append(step)
            self.changes.append(change)
            del self.steps[:-PAIRS], self.changes[:-PAIRS]

    def clear(self) -> None:
        """Forget all: the energy has changed its shape."""
        self.steps.clear()
        self.changes.clear()

    def times(self, gradient: Tensor) -> Tensor:
        """H g, the inverse Hessian's estimate times a flat gradient."""
        s, y = torch.stack(self.steps), torch.stack(self.changes)
        sy, yy = (s @ y.t()).double(), (y @ y.t()).double()
        p, q = (s @ gradient).double()[:, None], (y @ gradient).double()[:, None]
        upper, diagonal = sy.triu(), sy.diagonal()[:, None]
        scale = sy[-1, -1] / yy[-1, -1]
        w = torch.linalg.solve_triangular(upper, p, upper=True)
        u = torch.linalg.solve_triangular(upper.t(), diagonal * w + scale * (yy @ w - q), upper=False)
        # cat, not two products: one pass over the history
        weights = torch.cat([u, -scale * w])[:, 0].to(gradient.dtype)
        return scale.to(gradient.dtype) * gradient + weights @ torch.cat([s, y])


@dataclass(frozen=True, slots=True)
class Minimum:
    """The best picture that was found, and whether the observer asked to stop."""

    picture: Tensor = field(repr=False)
    energy: float
    stopped: bool


def minimise(energy: Energy, start: Tensor, evaluations: int, observe: Observe) -> Minimum:
    """Lower `energy` from `start`, any shape in [0, 1], by at most `evaluations` calls of it.

    Ends sooner where even the steepest descent brings nothing. Raises NumericalError for NaN or Inf.
    """
    history = History()
    best, rate = start.clone(), 1.0
    value, first = evaluate(energy, best, float("inf"), 1)
    gradient = torch.zeros_like(best) if first is None else first
    lowest = value
    if observe(1, value, best):
        return Minimum(best, value, stopped=True)
    direction = descend(best, gradient, history)
    for number in range(2, evaluations + 1):
        if rate < 0.5**HALVINGS or not direction.any().item():
            if not history.steps:
                break
            history.clear()
            direction, rate = descend(best, gradient, history), 1.0
        trial = (best + rate * direction).clamp(0, 1)
        move = (trial - best).flatten()
        limit = value + SUFFICIENT * torch.dot(move, gradient.flatten()).item()
        trial_value, trial_gradient = evaluate(energy, trial, limit, number)
        if trial_gradient is None:
            rate /= 2
        else:
            history.add(move, (trial_gradient - gradient).flatten())
            best, value, gradient = trial, trial_value, trial_gradient
            direction, rate = descend(best, gradient, history), 1.0
        lowest = min(lowest, value)
        if observe(number, lowest, best):
            return Minimum(best, value, stopped=True)
    return Minimum(best, value, stopped=False)


def descend(picture: Tensor, gradient: Tensor, history: History) -> Tensor:
    """The step to try: -H g, no value pushed through a bound it lies on, never a wild one."""
    held = ((picture <= 0) & (gradient > 0)) | ((picture >= 1) & (gradient < 0))
    free = torch.where(held, 0, gradient)
    step = -history.times(free.flatten()).view_as(free) if history.steps else -free
    step = torch.where(held, 0, step)
    mean = step.abs().mean().item()
    if history.steps and torch.dot(step.flatten(), free.flatten()).item() < 0:
        return step * min(1.0, LARGEST_MOVE / max(mean, 1e-30))
    history.clear()
    return -free * (FIRST_MOVE / max(free.abs().mean().item(), 1e-30))


def evaluate(energy: Energy, picture: Tensor, limit: float, number: int) -> tuple[float, Tensor | None]:
    """The energy and its gradient, or NumericalError where either is NaN or Inf."""
    value, gradient = energy(picture, limit)
    if not math.isfinite(value) or (gradient is not None and not torch.isfinite(gradient).all().item()):
        raise NumericalError(
            f"the energy is {value} or its gradient not finite at evaluation {number}: "
            "lower alpha, beta or gamma, or try another seed"
        )
    return value, gradient
