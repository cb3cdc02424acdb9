"""Telling of each step, and hearing whether to stop."""

from collections.abc import Sequence
from time import perf_counter

import torch
from torch import Tensor
from torch.nn import functional

from engine.step import OnStep, Step

PREVIEW_SIDE = 256  # px, the longest
PREVIEW_SECONDS = 0.5  # between two; the promise is one a second


class Watch:
    """Turns evaluations into Steps for one painting."""

    def __init__(self, on_step: OnStep | None, costs: Sequence[float]) -> None:
        """`costs` of each octave, in any unit: their shares make `Step.done`."""
        self._on_step = on_step
        self._costs = costs
        self._started = perf_counter()
        self._previewed = -PREVIEW_SECONDS

    def tell(self, octave: int, iteration: int, iterations: int, loss: float, picture: Tensor) -> bool:
        """Report one step of 1-based `octave` and `iteration`; True where painting is to stop."""
        if self._on_step is None:
            return False
        seconds = perf_counter() - self._started
        due = seconds - self._previewed >= PREVIEW_SECONDS
        if due:
            self._previewed = seconds
        before = sum(self._costs[: octave - 1]) + self._costs[octave - 1] * iteration / iterations
        step = Step(
            octave=octave,
            octaves=len(self._costs),
            iteration=iteration,
            iterations=iterations,
            loss=loss,
            seconds=seconds,
            done=min(1.0, before / sum(self._costs)),
            preview=make_preview(picture) if due else None,
        )
        return bool(self._on_step(step))


def make_preview(picture: Tensor) -> Tensor:
    """(1, 3, H, W) in [0, 1] as (3, h, w) uint8 on the CPU, the longest side at most PREVIEW_SIDE."""
    height, width = picture.shape[-2:]
    ratio = min(1.0, PREVIEW_SIDE / max(height, width))
    size = (max(1, round(height * ratio)), max(1, round(width * ratio)))
    small = functional.interpolate(picture.detach(), size=size, mode="bilinear", antialias=True)
    return small[0].clamp(0, 1).mul(255).round().to(torch.uint8).cpu()
