"""The painter: goes over each region of a composition, coarse brush to fine."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.styles.generator.canvas import Canvas, Stroke
from bot.styles.generator.colour import Colours, blend, mixed, rgb
from bot.styles.generator.flow import bend, hugging
from bot.styles.generator.frame import Field, Frame, as_field, softened
from bot.styles.generator.scene import Composition, Pass, Region, Scene

Places = tuple[NDArray[np.intp], NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Plot:
    """What the painter needs to know of one region, all (H, W)."""

    inside: Field  # 1 in the region, 0 outside
    mask: Field  # where its paint may stay: a px over the border here and there, in [0, 1]
    border: Field  # 1 along the border, 0 away from it
    angle: Field
    tangent: Field  # the border's own direction near it
    curvature: Field


def painted(scene: Scene, composition: Composition, frame: Frame) -> Colours:
    """(H, W, 3) in [0, 1]: the composition painted in the scene's manner; repeatable for one frame."""
    unit = frame.side / 768
    toned = blend(composition.colour, scene.ground, np.full(frame.shape, 0.35, np.float32))
    canvas = Canvas(toned)
    plots = [plotted(composition, frame, index, region) for index, region in enumerate(scene.regions)]
    for turn in range(max(len(region.passes) for region in scene.regions)):
        for index, region in enumerate(scene.regions):
            if turn < len(region.passes):
                rng = np.random.default_rng([scene.seed, turn, index])
                go_over(canvas, region, region.passes[turn], plots[index], composition, unit, rng)
    return canvas.finished(scene.finish, unit)


def plotted(composition: Composition, frame: Frame, index: int, region: Region) -> Plot:
    """The Plot of region `index`: its paint crosses the border by a px or so where the noise is high."""
    unit = frame.side / 768
    inside = (composition.labels == index).astype(np.float32)
    soft = softened(inside, 1.3 * unit)
    limit = 0.42 + 0.14 * frame.noise(900 + index, 60)
    mask = as_field(np.clip((soft - limit) * 3.0 * unit + 0.5, 0, 1))
    border = ((soft > 0.25) & (soft < 0.75)).astype(np.float32)
    angle = hugging(composition.angle, inside, 7 * unit, region.hug)
    tangent = hugging(composition.angle, inside, 4 * unit, 1.0)
    return Plot(inside, mask, border, angle, tangent, bend(softened_angle(angle, 3 * unit)))


def softened_angle(angle: Field, radius: float) -> Field:
    """Angles modulo pi blurred by `radius` px."""
    sin, cos = softened(as_field(np.sin(2 * angle)), radius), softened(as_field(np.cos(2 * angle)), radius)
    return as_field(np.arctan2(sin, cos) / 2)


def go_over(
    canvas: Canvas,
    region: Region,
    going: Pass,
    plot: Plot,
    composition: Composition,
    unit: float,
    rng: np.random.Generator,
) -> None:
    """Lay one pass of strokes over one region, in random order."""
    rows, columns = places(going, plot, composition.scale, unit, rng)
    if going.dark < 1:
        dark = composition.colour[rows, columns].mean(axis=1) < going.dark
        rows, columns = rows[dark], columns[dark]
    count = len(rows)
    scale = composition.scale[rows, columns] * unit * rng.uniform(0.7, 1.3, count)
    length = going.length * scale * rng.uniform(0.75, 1.25, count)
    width = going.width * scale
    flow = plot.tangent if going.edge else plot.angle
    angle = flow[rows, columns] + rng.normal(0, going.turn, count)
    limit = 1.3 / length
    curvature = np.clip(plot.curvature[rows, columns], -limit, limit)
    flip = rng.random(count) < 0.5
    angle, curvature = np.where(flip, angle + np.pi, angle), np.where(flip, -curvature, curvature)
    first, second = loads(region, going, composition.colour[rows, columns], rng)
    offset = rng.integers(0, 1 << 30, count)
    for i in range(count):
        stroke = Stroke(
            float(columns[i]), float(rows[i]), float(angle[i]), float(curvature[i]), float(length[i]),
            float(width[i]), first[i], second[i], int(offset[i]),
        )  # fmt: skip
        canvas.lay(stroke, going.brush, plot.mask)


def places(going: Pass, plot: Plot, scale: Field, unit: float, rng: np.random.Generator) -> Places:
    """Rows and columns of the strokes' middles: chance, as dense as the coverage asks for."""
    area = going.width * going.length * unit * unit
    chance = (plot.border if going.edge else plot.inside) * np.float32(going.coverage / area) / (scale * scale)
    rows, columns = np.nonzero(rng.random(chance.shape, dtype=np.float32) < chance)
    order = rng.permutation(len(rows))
    return rows[order], columns[order]


def loads(region: Region, going: Pass, seen: Colours, rng: np.random.Generator) -> tuple[Colours, Colours]:
    """Two colours (N, 3) for each brush load: the one seen there, at times bent to an accent, and a neighbour of it."""
    if going.ink:
        seen = np.broadcast_to(rgb(going.ink), seen.shape)
    first = mixed(seen, rng, going.tone, going.hue)
    if region.accents and going.accent > 0:
        accents = np.stack([rgb(code) for code in region.accents])
        chosen = accents[rng.integers(0, len(accents), len(seen))]
        share = np.where(rng.random(len(seen)) < going.accent, region.mingle * rng.uniform(0.5, 1.2, len(seen)), 0)
        first = (first + (chosen - first) * np.clip(share, 0, 1)[:, None]).astype(np.float32)
    second = mixed(first, rng, going.tone * 1.5, going.hue * 1.5)
    return first, second
