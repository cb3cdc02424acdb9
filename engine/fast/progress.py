"""Tells the caller how far a painting is, and passes on the wish to stop."""

from contextlib import suppress
from time import perf_counter

from torch import Tensor

from engine.fast.effort import Effort
from engine.fast.pyramid import Octave
from engine.preview import PREVIEW_EVERY, make_preview
from engine.step import OnStep, Step


class StopAsked(Exception):  # noqa: N818 - a wish, not an error
    """on_step returned True."""


class Progress:
    """Counts searched patches over all octaves: they are what a painting's time goes to."""

    def __init__(self, on_step: OnStep | None, octaves: list[Octave], effort: Effort) -> None:
        """Count from now; `on_step` may be None."""
        self.on_step = on_step
        self.votes = [effort.coarse_votes] * (len(octaves) - 1) + [effort.fine_votes]
        self.patches = [octave.target_grid[0] * octave.target_grid[1] for octave in octaves]
        self.whole = sum(patches * votes for patches, votes in zip(self.patches, self.votes, strict=True))
        height, width = octaves[-1].target_label.shape
        self.size = height, width
        self.started = perf_counter()
        self.shown = -PREVIEW_EVERY
        self.now = (0, 0, 0.0)  # octave, turn, loss
        self.before = 0  # patches of finished turns
        self.within = 0  # patches searched in this turn; a turn may search twice
        self.picture: Tensor | None = None

    def show(self, octave: int, turn: int, picture: Tensor) -> None:
        """A search begins; `picture` (1, 3, H, W) is for the previews until the next."""
        self.now = (octave, turn, self.now[2])
        self.picture = picture

    def step(self, octave: int, turn: int, loss: float, picture: Tensor) -> None:
        """A search and a vote are done. Raises StopAsked."""
        self.picture = picture
        self.now = (octave, turn, loss)
        self.before += self.patches[octave]
        self.within = 0
        self.tell()

    def tick(self, patches: int) -> None:
        """Some patches were searched; told only when a preview is due. Raises StopAsked."""
        self.within += patches
        if self.seconds - self.shown >= PREVIEW_EVERY:
            self.tell()

    def finish(self) -> None:
        """The last of the work goes on: a preview where one is due, and too late for the wish to stop."""
        with suppress(StopAsked):
            self.tick(0)

    @property
    def seconds(self) -> float:
        """Since the painting began."""
        return perf_counter() - self.started

    @property
    def done(self) -> float:
        """Share of the whole work."""
        octave = self.now[0]
        return min(1.0, (self.before + min(self.within, self.patches[octave])) / self.whole)

    def tell(self) -> None:
        """Call on_step, with a preview where one is due. Raises StopAsked."""
        if self.on_step is None:
            return
        octave, turn, loss = self.now
        due = self.seconds - self.shown >= PREVIEW_EVERY or self.done >= 1
        if due:
            self.shown = self.seconds
        step = Step(
            octave=octave + 1,
            octaves=len(self.votes),
            iteration=turn + 1,
            iterations=self.votes[octave],
            loss=loss,
            seconds=self.seconds,
            done=self.done,
            preview=make_preview(self.picture, self.size) if due and self.picture is not None else None,
        )
        if self.on_step(step):
            raise StopAsked
