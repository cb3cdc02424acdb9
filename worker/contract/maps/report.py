"""What a person is told about their maps before any painting: the same at every front."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from worker.contract.options import MapMode

Role = Literal["style", "style_map", "doodle", "content"]
Code = Literal[
    "unreadable",  # problems
    "shape",
    "painted",
    "crowded",
    "kinds",
    "channels",
    "no counterpart",
    "mode",
    "resized",  # warnings
    "same",
    "joined",
    "blank",
    "unused",
    "scarce",
    "one label",
    "overlap",
    "far",
    "unlike photo",
]


class Frozen(BaseModel):
    """Data that does not change and knows its own JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(Frozen):
    """One thing that is wrong or doubtful, as one sentence with the numbers and the way out."""

    code: Code
    text: str
    role: Role | None = None  # which picture it is about
    colour: str | None = None  # `#rrggbb` of the label it is about


class LegendEntry(Frozen):
    """One label of the two maps."""

    name: str
    colour: str  # `#rrggbb`; of masks one made up to show them in
    style: float  # share of the style map's pixels, 0 to 1
    doodle: float
    problem: bool = False


class Size(Frozen):
    """Of a picture, in px."""

    width: int
    height: int


class MapReport(Frozen):
    """What was understood of a style map and a doodle. With problems nothing is painted; warnings are only doubts."""

    mode: MapMode
    channels: int  # M of the maps as the engine gets them; 0 where they could not be read
    sizes: dict[Role, Size]
    legend: tuple[LegendEntry, ...] = ()  # empty for embeddings
    problems: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """True where nothing keeps it from being painted."""
        return not self.problems
