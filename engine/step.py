"""What the engine tells while it paints."""

from collections.abc import Callable
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Step:
    """One look at a painting in progress."""

    octave: int  # 1 = coarsest
    octaves: int
    iteration: int  # 1-based, within this octave
    iterations: int  # planned for this octave
    loss: float  # the energy last known, in the octave's own unit; 0 before the first
    seconds: float  # since the painting began
    done: float  # share of the whole work, [0, 1], by estimated cost; never falls
    preview: Tensor | None = field(default=None, repr=False, compare=False)
    """(3, h, w) uint8 on the CPU, longest side <= 256 px; at least one a second, None between."""


OnStep = Callable[[Step], bool | None]
"""Called after each step; returning True asks the engine to stop and yield the best picture so far."""
