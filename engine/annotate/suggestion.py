"""What `engine.annotate` gives back."""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label image of the picture's size, and a colour and a name for each label, the largest region first."""

    labels: Tensor = field(repr=False)  # (H, W) uint8, index into palette and names
    palette: Tensor = field(repr=False)  # (K, 3) uint8 sRGB, any two at least 60 apart
    names: tuple[str, ...]  # K, no two alike: "upper light blue", or the class that a segmenter found
    seconds: float  # from the checked picture to the labels; no import, no loading of weights
    segmenter: str  # "regions" or "torchvision"

    @property
    def count(self) -> int:
        """K, the number of labels."""
        return len(self.names)
