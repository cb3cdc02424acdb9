"""What a request says about how to paint."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.web.errors import bad
from worker.contract import PaintOptions
from worker.contract.options import MapOptions

MAX_SIDE = 2048  # px of a painting asked for by web
MAX_PIXELS = 2048 * 1536
OF_MAPS = {"map_mode": "mode", "map_smooth": "smooth", "fit": "fit"}  # and what MapOptions calls them


class Choices(BaseModel):
    """As PaintOptions, but the size may be the longest side alone, and the maps' own stand beside the others.

    All have the engine's defaults.
    """

    model_config = ConfigDict(extra="forbid")

    preset: str | None = Field(None, description="draft, fast or best")
    method: str | None = Field(None, description="fast, paper, gram or mrf")
    size: int | None = Field(None, ge=32, le=MAX_SIDE, description="longest side of the painting, px")
    width: int | None = Field(None, ge=32, le=MAX_SIDE, description="of the painting, px; with height")
    height: int | None = Field(None, ge=32, le=MAX_SIDE, description="with width, instead of size")
    network: str | None = Field(None, description="embedded or vgg19")
    map_mode: str | None = Field(None, description="labels, colours or embedding")
    map_smooth: float | None = Field(None, description="even the maps' borders within so many px")
    fit: str | None = Field(None, description="pictures of another shape: refuse, crop or pad")
    seed: int | None = Field(None, description="same inputs, choices and seed: same picture")
    alpha: float | None = Field(None, description="content weight")
    beta: float | None = Field(None, description="style weight")
    gamma: float | None = Field(None, description="semantic weight")

    def options(self, doodle: tuple[int, int]) -> PaintOptions:
        """For a doodle of this (width, height). Raises HttpError."""
        width, height = self._sides(*doodle)
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise bad(f"A painting of {width}x{height} px is more than the page takes: ask for {MAX_SIDE} px or less.")
        said: dict[str, Any] = self.model_dump(exclude_none=True, exclude={"size", "width", "height"})
        maps = {name: said.pop(choice) for choice, name in OF_MAPS.items() if choice in said}
        try:
            sides: dict[str, Any] = {} if self._silent() else {"width": width, "height": height}
            return PaintOptions(**sides, maps=MapOptions(**maps), **said)
        except ValidationError as error:
            raise refused(error) from error

    def _silent(self) -> bool:
        """True where nothing is said of the size: it is the doodle's, and the recipe says nothing either."""
        return self.size is None and self.width is None and self.height is None

    def _sides(self, width: int, height: int) -> tuple[int, int]:
        if self.width is not None and self.height is not None:
            return self.width, self.height
        if self.width is not None or self.height is not None:
            raise bad("Give both width and height, or the longest side as size.")
        if self.size is None:
            return width, height
        scale = self.size / max(width, height)
        return max(32, round(width * scale)), max(32, round(height * scale))


def choices_of(said: dict[str, Any]) -> Choices:
    """The choices among form fields or JSON. Raises HttpError naming the field."""
    known = {name: value for name, value in said.items() if name in Choices.model_fields and value not in (None, "")}
    try:
        return Choices.model_validate(known)
    except ValidationError as error:
        raise refused(error) from error


def refused(error: ValidationError) -> Exception:
    """400 with the field and what it may be."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or "choices"
    return bad(f"{field} is {str(first['input'])[:40]!r}: {first['msg'].lower()}.")
