"""The choices that travel with a job.

The engine's Settings is the one place of defaults and ranges; a front may not import it, so these fields mirror
the ones people may choose, and a test holds the two against each other, field by field. One method is not the
engine's: `colour`, the preview in worker.contract.preview.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Side = Annotated[int, Field(ge=32, le=8192)]
MapMode = Literal["labels", "colours", "embedding"]
Fit = Literal["refuse", "crop", "pad"]
Weight = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]


class MapOptions(BaseModel):
    """How the maps are read, before the engine sees them. Raises pydantic.ValidationError for a value out of range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: MapMode = "labels"  # labels: every pixel one label; colours, embedding: kept as they are
    smooth: float = Field(default=0.0, ge=0, le=64, allow_inf_nan=False)  # px, radius within which borders are evened
    fit: Fit = "refuse"  # what becomes of a picture whose shape doesn't fit


class PaintOptions(BaseModel):
    """What a person may choose for one painting. Raises pydantic.ValidationError for a value out of range."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["fast", "paper", "gram", "mrf", "colour"] = "fast"
    preset: Literal["draft", "fast", "best"] = "fast"
    width: Side | None = None  # px; None: as the doodle
    height: Side | None = None
    seed: int = Field(default=0, ge=0, le=2**32 - 1)
    alpha: Weight = 10.0
    beta: Weight = 50.0
    gamma: Weight = 50.0
    network: Literal["embedded", "vgg19"] = "embedded"
    maps: MapOptions = MapOptions()

    def for_engine(self) -> dict[str, Any]:
        """The fields that engine.Settings knows, for it to take."""
        return self.model_dump(exclude={"maps"})

    @model_validator(mode="after")
    def _both_sides_or_neither(self) -> "PaintOptions":
        if (self.width is None) != (self.height is None):
            raise ValueError("give both width and height, or neither")
        return self
