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
        self._now: tuple[int, int, int, float, Tensor] | None = None  # what was told last
        self._stop = False  # asked for, between two steps

    @property
    def _seconds(self) -> float:
        return perf_counter() - self._started

    @property
    def _due(self) -> bool:
        return self._seconds - self._previewed >= PREVIEW_EVERY

    def begin(self, octave: int, iterations: int, picture: Tensor) -> None:
        """Octave `octave`, 1-based, starts from `picture` (1, 3, H, W), which previews show until the first step."""
        self._now = octave, 1, iterations, 0.0, picture
        self._previewed = -PREVIEW_EVERY  # at once, for the style's features take a while
        self.tick()

    def tell(self, octave: int, iteration: int, iterations: int, loss: float, picture: Tensor) -> bool:
        """Report one step of 1-based `octave` and `iteration`; True where painting is to stop."""
        self._now = octave, iteration, iterations, loss, picture
        if self._on_step is None or self._stop:
            return self._stop
        return self._report(*self._now)

    def tick(self) -> None:
        """Work goes on within a step: shows the last picture again where a preview is due."""
        if self._on_step is not None and self._now is not None and not self._stop and self._due:
            self._stop = self._report(*self._now)

    def _report(self, octave: int, iteration: int, iterations: int, loss: float, picture: Tensor) -> bool:
        assert self._on_step is not None
        due, seconds = self._due, self._seconds
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
