"""A scene: what is where, in which light, and in what manner it is painted."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.styles.generator.brush import Brush
from bot.styles.generator.canvas import Finish
from bot.styles.generator.colour import Colours
from bot.styles.generator.frame import Field, Frame

Labels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Pass:
    """One going-over of a region with one brush; sizes in units of 1/768 of the shorter side."""

    brush: Brush
    width: float
    length: float
    coverage: float = 1.3  # summed stroke area over the region's area
    turn: float = 0.15  # deviation of the stroke's direction from the flow, radians
    tone: float = 0.06  # deviation of lightness between strokes
    hue: float = 0.02  # deviation of colour between strokes
    accent: float = 0.0  # share of strokes that take an accent colour
    dark: float = 1.0  # paint only where the subject is darker than this (0 to 1), as hatching does
    edge: bool = False  # only along the region's border, as a contour
    ink: str = ""  # one colour for every stroke of the pass instead of the subject's


@dataclass(frozen=True, slots=True)
class Region:
    """One label: its name, its colour in the map, and how it is painted, coarse to fine."""

    name: str
    colour: str
    passes: tuple[Pass, ...]
    accents: tuple[str, ...] = ()
    mingle: float = 0.5  # how far an accent stroke leaves the region's own colour
    hug: float = 1.0  # how strongly strokes near the border follow it


@dataclass(frozen=True, slots=True)
class Composition:
    """A scene laid out on a frame: the subject the painter looks at."""

    labels: Labels  # (H, W) index into the scene's regions
    colour: Colours  # (H, W, 3) in [0, 1]
    angle: Field  # (H, W) direction of the strokes, radians
    scale: Field  # (H, W) factor on the stroke sizes: smaller far away


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything needed to paint one house style."""

    slug: str
    name: str
    description: str
    seed: int
    size: tuple[int, int]  # px, width x height
    doodle_size: tuple[int, int]
    ground: str  # colour of the primed canvas
    regions: tuple[Region, ...]
    compose: Callable[[Frame], Composition]
    doodle: Callable[[Frame], Labels]
    finish: Finish = field(default_factory=Finish)


def stacked(frame: Frame, layers: list[NDArray[np.bool_]]) -> Labels:
    """(H, W) labels: layer i of bool masks (H, W) lies over those before it; what none covers is label 0."""
    labels = np.zeros(frame.shape, np.uint8)
    for index, layer in enumerate(layers):
        labels[layer] = index
    return labels
