"""What `engine.annotate` gives back."""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label image of the picture's size, a colour for each label and where it lies, the largest region first."""

    labels: Tensor = field(repr=False)  # (H, W) uint8, index into palette and places
    palette: Tensor = field(repr=False)  # (K, 3) uint8 sRGB, any two at least 60 apart
    places: tuple[str, ...]  # K: "upper", "lower left", ...; "" where it is all over or in the middle
    classes: tuple[str, ...]  # K, no two alike: what a segmenter takes the regions for; () for regions
    seconds: float  # from the checked picture to the labels; no import, no loading of weights
    segmenter: str  # "regions" or "torchvision"

    @property
    def count(self) -> int:
        """K, the number of labels."""
        return len(self.places)
