"""What the engine gives back."""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Painting:
    """A finished picture and how it came about."""

    picture: Tensor = field(repr=False)  # (1, 3, H, W) float32 in [0, 1], on the CPU
    seconds: float  # from the checked inputs to the picture; no import, no loading of weights
    device: str  # "cpu" or "cuda"
    network: str  # name of the network at hand; method fast looks at no features
    stopped: bool  # True when on_step asked to stop early
    notes: tuple[str, ...] = ()  # what a person should know: that memory ran short
