"""Every knob of a painting, with its unit, range and reason, in one frozen class.

The command line, the fronts and the documents read defaults and ranges from here.
"""

# ruff: noqa: RUF009 - `knob` is dataclasses.field with the reason and the range in its metadata
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from engine.errors import InputError

Method = Literal["fast", "paper", "gram", "mrf"]
Preset = Literal["draft", "fast", "best"]
Device = Literal["auto", "cpu", "cuda"]
NetworkName = Literal["embedded", "vgg19"]
Finest = Literal["both", "conv3_1"]

MIN_SIDE = 32  # px; below this the coarsest octave has no 3x3 patch left
MAX_PIXELS = 4096 * 4096  # of any one picture


def knob(default: Any, why: str, low: float | None = None, high: float | None = None) -> Any:
    """A field that carries its reason and its inclusive range."""
    return field(default=default, metadata={"why": why, "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to paint; everything but the pictures. Raises InputError for a value outside its range."""

    method: Method = knob(
        "fast",
        "fast: copies of the style's patches, voted; paper: the paper's own algorithm; gram, mrf: what it grew from",
    )
    preset: Preset = knob("fast", "how much work: draft, fast or best")
    width: int | None = knob(None, "px of the painting; None: as the doodle", MIN_SIDE, 8192)
    height: int | None = knob(None, "px of the painting; None: as the doodle", MIN_SIDE, 8192)
    seed: int = knob(0, "same inputs, settings, seed and device give the same bytes", 0, 2**32 - 1)
    alpha: float = knob(10.0, "content weight (Eq. 1); counts only with a content picture", 0, 1e6)
    beta: float = knob(50.0, "style weight (Eq. 1); the paper uses 25 to 250", 0, 1e6)
    gamma: float = knob(50.0, "semantic weight (Eq. 2); 50 equalises the ranges, 0 ignores the maps", 0, 1e6)
    patch: int = knob(3, "paper, mrf: side of the square patches, in features (Eq. 3); odd", 1, 7)
    evaluations: int | None = knob(None, "paper: of the energy, per octave; None: as the preset says", 1, 10000)
    nn_every: int | None = knob(
        None, "paper: evaluations per nearest-neighbour search; None: draft 10, fast 5, best 1", 1, 1000
    )
    channels: int | None = knob(None, "paper: PCA channels to match by; None: all, exactly", 8, 512)
    finest: Finest = knob("both", "paper: layers of the finest octave; conv3_1 alone costs half")
    colour: float = knob(1.0, "paper: weight of the cells' mean colours among the features; 0: none", 0, 100)
    smooth: float = knob(10.0, "paper: weight of the total variation; more takes out more grain", 0, 1e6)
    device: Device = knob("auto", "auto: CUDA where there is a usable one, else the CPU")
    network: NetworkName = knob(
        "embedded", "paper, gram, mrf: whose features: VGG-16 as shipped, or torchvision's VGG-19"
    )

    def __post_init__(self) -> None:
        """Refuse a value outside its range before any work."""
        for knob_ in fields(self):
            check_knob(knob_.name, getattr(self, knob_.name), knob_.metadata)
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise InputError(f"{name} is {getattr(self, name)!r}: choose one of {', '.join(choices)}")
        if self.patch % 2 == 0:
            raise InputError(f"patch is {self.patch}: choose an odd number")
        if (self.width is None) != (self.height is None):
            raise InputError(f"width is {self.width} and height {self.height}: give both or neither")

    @property
    def features(self) -> NetworkName:
        """The network to load; method fast looks at no features, so it is the one at hand, and none is fetched."""
        return "embedded" if self.method == "fast" else self.network


WHOLE = ("width", "height", "seed", "patch", "evaluations", "nn_every", "channels")
CHOICES: dict[str, tuple[str, ...]] = {
    "method": get_args(Method),
    "preset": get_args(Preset),
    "finest": get_args(Finest),
    "device": get_args(Device),
    "network": get_args(NetworkName),
}


def check_knob(name: str, value: Any, metadata: Any) -> None:
    """Raise InputError where a number lies outside [low, high]; NaN lies outside every range."""
    low, high = metadata.get("low"), metadata.get("high")
    if value is None or low is None or high is None:
        return
    if name in WHOLE and type(value) is not int:
        raise InputError(f"{name} is {value!r}: choose a whole number from {low:.0f} to {high:.0f}")
    if not isinstance(value, int | float) or not low <= value <= high:
        raise InputError(f"{name} is {value}: choose a value from {low:.0f} to {high:.0f}")
