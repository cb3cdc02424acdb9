"""A rocky coast at dusk, in broken impressionist dabs."""

import numpy as np

from bot.styles.generator.brush import DAB, SWIRL
from bot.styles.generator.cells import Cells, cells, picked
from bot.styles.generator.colour import Colours, blend, ramp, smooth
from bot.styles.generator.flow import curl, turned
from bot.styles.generator.frame import Field, Frame, Mask, as_field, moved, softened
from bot.styles.generator.scene import Composition, Labels, Pass, Region, Scene, stacked
from bot.styles.generator.shapes import Points, bump, polygon, sharp, wobbled

HORIZON = 0.47
SUN = (0.93, 0.425)

CLIFF: Points = [
    (-0.1, 0.17), (0.06, 0.14), (0.15, 0.165), (0.24, 0.15), (0.33, 0.175), (0.37, 0.2), (0.38, 0.3), (0.43, 0.34),
    (0.44, 0.43), (0.5, 0.5), (0.51, 0.57), (0.58, 0.61), (0.53, 0.65), (0.38, 0.68), (0.24, 0.77), (0.1, 0.77),
    (-0.1, 0.83),
]  # fmt: skip
MASSES = [(-0.2, 0.56), (0.63, 0.87), (0.96, 1.4)]  # left and right end of each rock
STACK: Points = [
    (0.655, 0.62), (0.665, 0.52), (0.655, 0.45), (0.685, 0.37), (0.7, 0.28), (0.74, 0.25), (0.775, 0.29),
    (0.785, 0.38), (0.82, 0.44), (0.825, 0.53), (0.87, 0.61), (0.76, 0.645),
]  # fmt: skip
REEF: Points = [
    (0.98, 0.66), (1.02, 0.59), (1.1, 0.57), (1.16, 0.53), (1.24, 0.55), (1.29, 0.62), (1.36, 0.63), (1.36, 0.69),
    (1.15, 0.71),
]  # fmt: skip
BEACH: Points = [
    (0.1, 1.1), (0.3, 0.93), (0.62, 0.85), (0.85, 0.86), (1.05, 0.8), (1.4, 0.77), (1.4, 1.1),
]  # fmt: skip


def clouds(frame: Frame) -> Mask:
    """Long banks, thicker to the upper right."""
    bank = frame.fbm(11, 2.2, 6.5) + 0.35 * frame.fbm(12, 7, 14)
    where = bump(frame, 0.95, 0.17, 0.42, 0.07) + 0.9 * bump(frame, 0.62, 0.3, 0.22, 0.025)
    where += 0.8 * bump(frame, 1.2, 0.33, 0.2, 0.025) + 0.6 * bump(frame, 0.5, 0.06, 0.2, 0.04)
    return np.asarray((bank * 0.75 + where * 1.5 > 0.72) & (frame.y < HORIZON - 0.03))


def sunlit(frame: Frame, planes: Cells) -> Mask:
    """Which planes of the rock face the sun on the right: the right side of each mass and of each buttress."""
    buttress = frame.noise(36, 8, 1.2) + 0.6 * frame.noise(37, 15, 4)
    slope = np.gradient(softened(buttress, frame.side / 150), axis=1)
    side = np.full(frame.shape, -1, np.float32)
    for left, right in MASSES:
        within = (frame.x > left) & (frame.x < right)
        side = np.where(within, (2 * frame.x - left - right) / (right - left), side)
    facing = 0.8 * side - 0.45 * np.clip(slope / slope.std(), -1.5, 1.5)
    score = picked(frame, planes, facing.astype(np.float32)) + (planes.chance - 0.5) * 0.5
    return wobbled(frame, score > 0.12, 36, 0.002)


def compose(frame: Frame) -> Composition:
    """Cliff to the left, a stack before the sun, a reef and a beach in front."""
    cloud = clouds(frame)
    small = cells(frame, 20, 44, 50)
    land = sharp(frame, CLIFF) | sharp(frame, STACK) | sharp(frame, REEF)
    land = wobbled(frame, picked(frame, small, land) > 0.5, 24, 0.002)
    planes = cells(frame, 26, 17, 8)
    light = sunlit(frame, planes)
    sea = np.asarray(frame.y > HORIZON)
    beach = polygon(frame, BEACH, 40, 0.006, 6)
    turf = land & (frame.y < 0.225 + 0.06 * frame.fbm(42, 9, 3) + 0.03 * frame.noise(43, 26, 8)) & (frame.x < 0.6)
    labels = stacked(frame, [np.ones(frame.shape, bool), cloud, sea, beach, land, land & light, turf])
    pictures = [
        sky(frame),
        cloud_light(frame, cloud),
        water(frame, land),
        sand(frame),
        shade(frame, planes),
        glow(frame, planes),
        grass(frame),
    ]
    colour = np.choose(labels[..., None], pictures).astype(np.float32)
    flat = frame.noise(50, 3, 8) * 0.18
    rock = curl(frame, 51, 5, 3) * 0.15 + np.float32(0.5) + planes.chance * np.float32(1.9)
    angle = turned(
        flat, turned(curl(frame, 52, 2.0, 4.0), flat, np.full(frame.shape, 0.45, np.float32)), (labels == 1) * 1.0
    )
    angle = np.where(labels >= 4, rock, angle).astype(np.float32)
    angle = np.where(labels == 3, -0.12 + frame.noise(53, 3) * 0.3, angle).astype(np.float32)
    far = np.where(labels == 2, 0.45 + 0.85 * smooth(HORIZON, 0.9, frame.y), 1.0)
    return Composition(labels, colour, angle, far.astype(np.float32))


def sky(frame: Frame) -> Colours:
    """Blue violet above, green and lemon lower, orange at the horizon, brightest round the sun."""
    tone = frame.y / HORIZON + frame.fbm(60, 2, 5) * 0.09
    colour = ramp(
        tone,
        [(0, "#33508f"), (0.25, "#4a76ae"), (0.5, "#86aebc"), (0.68, "#c3cfae"), (0.82, "#f0cf8c"), (1, "#f0a062")],
    )
    near = bump(frame, *SUN, 0.3, 0.17)
    colour = blend(colour, "#ffdf8e", near * 0.85)
    return blend(colour, "#fff6cf", bump(frame, *SUN, 0.045, 0.045) * 1.6)


def cloud_light(frame: Frame, cloud: Mask) -> Colours:
    """Violet backs, rose bellies, gold where the sun is near."""
    above = np.roll(cloud, round(-0.028 * frame.side), axis=0) == 0
    tone = 0.45 + frame.fbm(62, 5, 12) * 0.35 + 0.35 * above
    colour = ramp(tone, [(0.0, "#54558c"), (0.3, "#8a74a0"), (0.55, "#cf8f96"), (0.8, "#f4b183"), (1.1, "#ffe0a6")])
    return blend(colour, "#ffcf7a", bump(frame, *SUN, 0.25, 0.2) * 0.7)


def water(frame: Frame, land: Mask) -> Colours:
    """Slate and teal swell, the rocks' dark foot in it, and the sun's broken path."""
    depth = (frame.y - HORIZON) / (1 - HORIZON)
    swell = frame.fbm(64, 5, 26) + 0.5 * frame.noise(65, 14, 60)
    colour = ramp(
        0.45 + swell * 0.4 - depth * 0.15,
        [(0, "#16325c"), (0.3, "#25608a"), (0.55, "#4d93a3"), (0.8, "#93b7b4"), (1, "#d9d3b4")],
    )
    colour = blend(colour, "#8f7fa8", smooth(0.25, 0.0, depth) * 0.5)
    aside, above = as_field(swell * 0.03), as_field(swell * 0.02 - 0.05)
    foot = moved(softened(as_field(land), frame.side / 90), aside, above, frame.side)
    colour = blend(colour, "#1c2148", foot * 0.75)
    path = np.exp(-0.5 * ((frame.x - SUN[0] - 0.02 * np.sin(depth * 9)) / (0.035 + 0.13 * depth)) ** 2)
    return blend(
        colour, ramp(depth, [(0, "#ffdc8a"), (0.5, "#ffb868"), (1, "#f08f5e")]), path * smooth(-0.35, 0.5, swell) * 1.1
    )


def sand(frame: Frame) -> Colours:
    """Wet violet near the water, dry ochre and rose below."""
    tone = 0.5 + frame.fbm(66, 4, 14) * 0.4 + 0.25 * frame.noise(67, 25, 50)
    dry = ramp(tone, [(0, "#6f4a44"), (0.3, "#a06f50"), (0.55, "#cf9a64"), (0.8, "#ecc68a"), (1, "#fbe5b8")])
    return blend(dry, "#7c7396", smooth(0.9, 0.78, frame.y + frame.noise(68, 4) * 0.02) * 0.65)


def grass(frame: Frame) -> Colours:
    """Turf on the cliff, gold where it catches the sun."""
    tone = 0.5 + frame.fbm(69, 12, 8) * 0.45
    return ramp(tone, [(0, "#1c3a30"), (0.3, "#3f6a38"), (0.55, "#8a9a3e"), (0.8, "#d6c25a"), (1, "#fbe69a")])


def strata(frame: Frame, planes: Cells) -> Field:
    """Planes, beds and clefts of the rock in about [0, 1]."""
    facets = cells(frame, 75, 24, 15, 0.5).chance * 0.26 + planes.chance * 0.3 - 0.28
    beds = frame.ridges(70, 6, 13)
    clefts = frame.ridges(71, 12, 4)
    tone = 0.46 + facets + 0.4 * (beds - 0.35) - 0.7 * np.clip(clefts - 0.45, 0, 1) + 0.26 * frame.fbm(72, 8)
    return np.asarray(tone, dtype=np.float32)


def shade(frame: Frame, planes: Cells) -> Colours:
    """Rock away from the sun: deep violet and blue, some green, warm light thrown up from below."""
    tone = strata(frame, planes)
    colour = ramp(tone, [(0, "#15122b"), (0.3, "#2f2a55"), (0.5, "#4b4675"), (0.7, "#5f6f8e"), (0.95, "#9a93b0")])
    colour = blend(colour, "#4d5c3c", smooth(0.2, 0.7, frame.fbm(73, 6)) * 0.6)
    return blend(colour, "#8d5466", smooth(0.3, 0.9, frame.fbm(74, 5)) * 0.6)


def glow(frame: Frame, planes: Cells) -> Colours:
    """Rock in the last sun: orange, ochre and rose with plum clefts."""
    tone = strata(frame, planes) + 0.06
    return ramp(
        tone, [(0, "#5a2747"), (0.22, "#98433f"), (0.42, "#d06b3c"), (0.6, "#ee9c4e"), (0.8, "#fdcc79"), (1, "#fff0c0")]
    )


def doodle(frame: Frame) -> Labels:
    """An island with an arch on the left half of a wide sea, a spit of sand before it."""
    sky_ = np.ones(frame.shape, bool)
    cloud = polygon(frame, [(0.1, 0.12), (0.3, 0.06), (0.55, 0.1), (0.6, 0.16), (0.4, 0.2), (0.15, 0.19)], 1, 0.008)
    cloud |= polygon(frame, [(0.85, 0.2), (1.0, 0.13), (1.25, 0.17), (1.36, 0.25), (1.1, 0.29), (0.9, 0.27)], 3, 0.008)
    sea = np.asarray(frame.y > 0.52 + frame.noise(5, 3) * 0.006)
    beach = polygon(frame, [(-0.1, 0.84), (0.25, 0.8), (0.6, 0.88), (0.8, 1.1), (-0.1, 1.1)], 6, 0.006)
    arch = polygon(frame, [(0.3, 0.66), (0.34, 0.4), (0.42, 0.29), (0.6, 0.25), (0.76, 0.31), (0.82, 0.42),
    (0.9, 0.68), (0.72, 0.7),
                           (0.69, 0.54), (0.62, 0.46), (0.55, 0.5), (0.52, 0.67)], 8, 0.008)  # fmt: skip
    rock = arch | polygon(frame, [(1.08, 0.62), (1.14, 0.42), (1.2, 0.4), (1.27, 0.63), (1.18, 0.66)], 10, 0.008)
    light = polygon(frame, [(0.6, 0.2), (0.9, 0.3), (1.0, 0.72), (0.78, 0.72), (0.76, 0.5), (0.66, 0.38)], 12, 0.008)
    light |= polygon(frame, [(1.17, 0.36), (1.3, 0.4), (1.32, 0.68), (1.2, 0.67)], 14, 0.008)
    light |= polygon(
        frame, [(0.45, 0.25), (0.53, 0.24), (0.5, 0.45), (0.42, 0.62), (0.38, 0.6), (0.43, 0.42)], 16, 0.008
    )
    turf = polygon(
        frame,
        [(0.38, 0.36), (0.44, 0.24), (0.6, 0.2), (0.78, 0.28), (0.8, 0.35), (0.62, 0.29), (0.47, 0.33)],
        18,
        0.008,
    )
    return stacked(frame, [sky_, cloud, sea, beach, rock, rock & light, turf & rock])


SKY = (
    Pass(DAB, 30, 70, 1.6, turn=0.2, tone=0.05, hue=0.025, accent=0.15),
    Pass(DAB, 15, 38, 1.5, turn=0.3, tone=0.05, hue=0.03, accent=0.25),
    Pass(DAB, 8, 22, 0.7, turn=0.35, tone=0.07, hue=0.03, accent=0.35),
)
CLOUD = (
    Pass(DAB, 24, 50, 1.6, turn=0.3, tone=0.05, hue=0.025, accent=0.15),
    Pass(DAB, 13, 30, 1.6, turn=0.4, tone=0.06, hue=0.03, accent=0.25),
    Pass(DAB, 7, 18, 0.9, turn=0.45, tone=0.08, hue=0.03, accent=0.3),
)
SEA = (
    Pass(DAB, 22, 70, 1.6, turn=0.08, tone=0.08, hue=0.02, accent=0.1),
    Pass(DAB, 11, 42, 1.6, turn=0.1, tone=0.1, hue=0.03, accent=0.2),
    Pass(DAB, 6, 24, 1.0, turn=0.12, tone=0.12, hue=0.03, accent=0.25),
)
ROCK = (
    Pass(DAB, 26, 52, 1.6, turn=0.3, tone=0.1, hue=0.02, accent=0.1),
    Pass(DAB, 13, 28, 1.7, turn=0.5, tone=0.1, hue=0.03, accent=0.2),
    Pass(DAB, 7, 17, 1.3, turn=0.6, tone=0.12, hue=0.03, accent=0.3),
    Pass(SWIRL, 4, 12, 0.5, turn=0.6, tone=0.15, hue=0.03, accent=0.3),
)

SCENE = Scene(
    slug="coast-dusk",
    name="Rocky coast at dusk",
    description="Broken dabs of warm and cold: cliffs in the last sun, violet shade, a lit sea and wet sand.",
    seed=1,
    size=(1024, 768),
    doodle_size=(512, 384),
    ground="#a5693f",
    regions=(
        Region("sky", "#5a8fd6", SKY, ("#e8b7a0", "#7fb7c9", "#5d63a8", "#f3e2b0"), 0.4),
        Region("cloud", "#f2e4e9", CLOUD, ("#ffd9a0", "#7a6fb0", "#e58f8f", "#9fc0cf"), 0.45),
        Region("sea", "#1f4fa0", SEA, ("#f0b070", "#2a3f7a", "#5fb0a8", "#b58fb0"), 0.45),
        Region("sand", "#e6c067", SEA, ("#b07f90", "#f7e0b0", "#7f8f6a", "#8f6f5a"), 0.4),
        Region("shadow rock", "#43305e", ROCK, ("#2f6f86", "#8f4a5f", "#7d8a4f", "#b08fc0"), 0.45),
        Region("sunlit rock", "#d9722e", ROCK, ("#ffe49a", "#b03f4f", "#8fae7a", "#7f5f9f"), 0.45),
        Region("turf", "#5f8f3a", ROCK, ("#f4dc80", "#2f5a5a", "#b07040", "#8fb060"), 0.45),
    ),
    compose=compose,
    doodle=doodle,
)
