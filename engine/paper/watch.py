"""Telling of each step, and hearing whether to stop."""

from collections.abc import Sequence
from time import perf_counter

from torch import Tensor

from engine.preview import PREVIEW_EVERY, make_preview
from engine.step import OnStep, Step


class Watch:
    """Turns evaluations into Steps for one painting."""

    def __init__(self, on_step: OnStep | None, size: tuple[int, int], costs: Sequence[float]) -> None:
        """`size` (height, width) of the painting; `costs` of the octaves, whose shares make `Step.done`."""
        self._on_step = on_step
        self._size = size
        self._costs = costs
        self._started = perf_counter()
        self._previewed = -PREVIEW_EVERY

    def tell(self, octave: int, iteration: int, iterations: int, loss: float, picture: Tensor) -> bool:
        """Report one step of 1-based `octave` and `iteration`; True where painting is to stop."""
        if self._on_step is None:
            return False
        seconds = perf_counter() - self._started
        due = seconds - self._previewed >= PREVIEW_EVERY
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
            preview=make_preview(picture, self._size) if due else None,
        )
        return bool(self._on_step(step))
