"""What the door hands to a method, and what the method hands back."""

from dataclasses import dataclass, field

from torch import Tensor

from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Request:
    """Checked pictures, float32, contiguous, all on the device that paints; the style keeps its own size."""

    style: Tensor = field(repr=False)  # (1, 3, Hs, Ws) in [0, 1]
    style_map: Tensor = field(repr=False)  # (1, M, Hs, Ws), the style's size
    target_map: Tensor = field(repr=False)  # (1, M, H, W), the painting's size
    content: Tensor | None = field(repr=False)  # (1, 3, H, W) in [0, 1], the painting's size
    settings: Settings
    thrift: int = 1  # how many times smaller than usual the pieces are that are worked on at once

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the painting in px."""
        return self.target_map.shape[-2], self.target_map.shape[-1]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method made of a Request: the door turns it into a Painting."""

    picture: Tensor = field(repr=False)  # (1, 3, H, W) float32 in [0, 1], on the Request's device
    stopped: bool  # True when on_step asked to stop
    notes: tuple[str, ...] = ()  # one sentence each, for the person
