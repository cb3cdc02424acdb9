"""A river meadow in summer, in points of pure colour."""

import numpy as np

from bot.styles.generator.brush import DAB, DOT
from bot.styles.generator.canvas import Finish
from bot.styles.generator.colour import Colours, blend, ramp, smooth
from bot.styles.generator.flow import curl, turned
from bot.styles.generator.frame import Field, Frame, Mask
from bot.styles.generator.scene import Composition, Labels, Pass, Region, Scene, stacked
from bot.styles.generator.shapes import Points, bump, disc, polygon

HORIZON = 0.43

RIVER: Points = [
    (0.72, 0.445), (0.63, 0.465), (0.55, 0.49), (0.53, 0.52), (0.6, 0.555), (0.76, 0.59), (0.88, 0.64), (0.86, 0.71),
    (0.74, 0.8), (0.68, 0.9), (0.74, 1.1), (1.45, 1.1), (1.3, 0.94), (1.2, 0.83), (1.22, 0.72), (1.16, 0.63),
    (1.0, 0.575), (0.82, 0.54), (0.72, 0.51), (0.74, 0.48), (0.82, 0.445),
]  # fmt: skip
PATH: Points = [
    (-0.1, 0.92), (0.12, 0.76), (0.25, 0.66), (0.3, 0.58), (0.27, 0.52), (0.31, 0.48), (0.34, 0.48), (0.33, 0.52),
    (0.4, 0.59), (0.39, 0.68), (0.28, 0.82), (0.12, 1.1), (-0.1, 1.1),
]  # fmt: skip
FLOWERS_NEAR: Points = [(0.16, 1.1), (0.26, 0.9), (0.36, 0.78), (0.52, 0.7), (0.68, 0.68), (0.74, 0.73),
    (0.64, 0.82), (0.6, 0.92), (0.62, 1.1)]  # fmt: skip
FLOWERS_FAR: Points = [(0.9, 0.56), (1.06, 0.53), (1.36, 0.55), (1.36, 0.74), (1.26, 0.72), (1.1, 0.62)]
FLOWERS_LEFT: Points = [(-0.1, 0.6), (0.08, 0.565), (0.2, 0.58), (0.19, 0.64), (0.05, 0.72), (-0.1, 0.76)]

CROWNS = [  # x, y, half width, half height: back to front
    (0.5, 0.405, 0.07, 0.035), (0.6, 0.4, 0.08, 0.045), (0.72, 0.41, 0.07, 0.035), (0.42, 0.39, 0.06, 0.06),
    (0.9, 0.4, 0.09, 0.06),
    (0.345, 0.33, 0.03, 0.13), (0.4, 0.36, 0.024, 0.1), (0.295, 0.37, 0.026, 0.085),
    (-0.02, 0.36, 0.13, 0.13), (0.1, 0.4, 0.1, 0.09), (0.2, 0.42, 0.07, 0.055), (0.02, 0.45, 0.1, 0.07),
    (1.0, 0.41, 0.1, 0.09), (1.31, 0.2, 0.16, 0.15), (1.14, 0.22, 0.12, 0.11), (1.24, 0.11, 0.13, 0.1),
    (1.08, 0.32, 0.11, 0.09),
    (1.2, 0.34, 0.12, 0.11), (1.33, 0.38, 0.12, 0.12), (1.12, 0.43, 0.12, 0.06), (1.27, 0.47, 0.13, 0.06),
]  # fmt: skip


PUFFS = [
    (0.3, 0.24, 0.16, 0.025), (0.14, 0.2, 0.1, 0.05), (0.26, 0.16, 0.1, 0.075), (0.38, 0.2, 0.09, 0.055),
    (0.22, 0.225, 0.14, 0.035), (0.44, 0.235, 0.08, 0.025), (0.72, 0.12, 0.1, 0.06), (0.82, 0.075, 0.1, 0.065),
    (0.62, 0.155, 0.1, 0.035), (0.93, 0.13, 0.09, 0.045), (0.78, 0.165, 0.15, 0.03), (0.75, 0.3, 0.12, 0.018),
    (0.66, 0.29, 0.06, 0.022), (0.53, 0.03, 0.09, 0.022), (0.01, 0.06, 0.1, 0.028),
]  # fmt: skip


def balls(frame: Frame, places: list[tuple[float, float, float, float]], salt: int, rough: float) -> tuple[Mask, Field]:
    """The mask of heaped crowns or puffs and their light in about [0, 1]: each a ball lit from the upper left."""
    light = np.zeros(frame.shape, np.float32)
    covered = np.zeros(frame.shape, bool)
    leaves = frame.fbm(salt, 16)
    for index, (x, y, rx, ry) in enumerate(places):
        ball = disc(frame, x, y, rx, ry, salt + 10 + 2 * index, rough, 26)
        dx, dy = (frame.x - x) / rx, (frame.y - y) / ry
        shine = 0.42 - 0.3 * dx - 0.42 * dy + 0.32 * leaves + 0.2 * frame.fbm(salt + 60 + index, 9, octaves=2)
        light = np.where(ball, shine, light)
        covered |= ball
    return covered, light.astype(np.float32)


def compose(frame: Frame) -> Composition:
    """A river and a path that wind to a line of trees under summer clouds."""
    covered, light = balls(frame, CROWNS, 30, 0.011)
    cloud, shine = balls(frame, PUFFS, 200, 0.009)
    land = np.asarray(frame.y > HORIZON + frame.noise(12, 5) * 0.004)
    flowers = (
        polygon(frame, FLOWERS_NEAR, 14, 0.016, 20)
        | polygon(frame, FLOWERS_FAR, 16, 0.012, 22)
        | polygon(frame, FLOWERS_LEFT, 18, 0.012, 22)
    )
    river, path = polygon(frame, RIVER, 20, 0.004, 8), polygon(frame, PATH, 22, 0.005, 9)
    labels = stacked(frame, [np.ones(frame.shape, bool), cloud, land, river, path, flowers, covered])
    pictures = [
        sky(frame),
        clouds(shine),
        meadow(frame),
        water(frame),
        track(frame),
        blossom(frame),
        leaves(light),
    ]
    colour = np.choose(labels[..., None], pictures).astype(np.float32)
    flat = (frame.noise(24, 3) * 0.2).astype(np.float32)
    angle = turned(flat, curl(frame, 25, 4), np.isin(labels, (1, 6)) * np.float32(0.8))
    grass = (np.pi / 2 + frame.noise(26, 4) * 0.5).astype(np.float32)
    angle = turned(angle, grass, np.isin(labels, (2, 5)) * np.float32(0.75))
    near = 0.62 + 0.6 * smooth(HORIZON, 1.0, frame.y) + 0.25 * (frame.y < HORIZON)
    return Composition(labels, colour, angle, near.astype(np.float32))


def sky(frame: Frame) -> Colours:
    """Cobalt to pale turquoise and a breath of rose low down."""
    tone = frame.y / HORIZON + frame.fbm(50, 3) * 0.1
    return ramp(tone, [(0, "#2f74c8"), (0.35, "#5b9fdc"), (0.65, "#93c8de"), (0.9, "#cfe3d3"), (1.05, "#f4dfc4")])


def clouds(light: Field) -> Colours:
    """White to cream above, lilac and blue below."""
    return ramp(
        light + 0.15, [(0.1, "#8f9cc8"), (0.4, "#b9bcdc"), (0.65, "#efe2d8"), (0.85, "#fff6e0"), (1, "#ffffff")]
    )


def meadow(frame: Frame) -> Colours:
    """Sunlit grass in waves, cool shadow under the trees to the right."""
    tone = 0.55 + frame.fbm(54, 3, 12) * 0.32 + frame.noise(55, 30, 20) * 0.12
    tone -= 0.5 * bump(frame, 1.2, 0.56, 0.22, 0.035) + 0.4 * bump(frame, 0.06, 0.53, 0.14, 0.03)
    colour = ramp(tone, [(0, "#1c4a3c"), (0.25, "#2f7a3c"), (0.5, "#6fae3a"), (0.72, "#b5d04a"), (1, "#f6ea78")])
    return blend(colour, "#e9b84f", smooth(0.3, 0.9, frame.fbm(56, 3, 9)) * 0.5)


def water(frame: Frame) -> Colours:
    """The sky's blue and white in bands, the trees' green below the far bank."""
    depth = smooth(HORIZON, 0.95, frame.y)
    wave = frame.fbm(58, 4, 30)
    colour = ramp(
        0.5 + wave * 0.4, [(0, "#1d4f9a"), (0.3, "#3a83c4"), (0.6, "#8cc3dc"), (0.85, "#dfeee6"), (1, "#fff9e8")]
    )
    colour = blend(colour, "#e9d7d0", smooth(0.1, 0.6, frame.fbm(59, 3, 10)) * 0.6 * depth)
    green = bump(frame, 1.16, 0.72, 0.14, 0.09) + bump(frame, 0.6, 0.5, 0.12, 0.035)
    return blend(colour, ramp(0.5 + wave * 0.5, [(0, "#123a34"), (0.6, "#3f7f4c"), (1, "#9fc070")]), green * 0.95)


def track(frame: Frame) -> Colours:
    """Pale earth with blue shadows across it."""
    tone = 0.6 + frame.fbm(60, 5, 14) * 0.3
    colour = ramp(tone, [(0, "#8a6048"), (0.3, "#c98f60"), (0.6, "#efc48c"), (1, "#fff0cc")])
    return blend(colour, "#6f6aa6", smooth(0.15, 0.5, frame.fbm(61, 2, 9)) * 0.8)


def blossom(frame: Frame) -> Colours:
    """Poppies in drifts, some white and violet, over dark green."""
    drift = frame.noise(62, 26, 34)
    colour = ramp(0.4 + frame.fbm(63, 12) * 0.4, [(0, "#1f5a34"), (0.5, "#4f9440"), (1, "#a8c84c")])
    colour = blend(colour, "#e2321f", smooth(0.0, 0.25, drift))
    colour = blend(colour, "#ff7a5c", smooth(0.5, 0.8, drift))
    colour = blend(colour, "#fff3e6", smooth(0.45, 0.6, frame.noise(64, 30, 36)))
    return blend(colour, "#8a50b8", smooth(0.5, 0.62, frame.noise(65, 24, 30)))


def leaves(light: Field) -> Colours:
    """Blue green in the shade, yellow where the sun strikes."""
    return ramp(
        light,
        [
            (-0.1, "#10243f"),
            (0.15, "#17473f"),
            (0.4, "#2f7440"),
            (0.62, "#6ea33c"),
            (0.85, "#c3d450"),
            (1.05, "#f7ee96"),
        ],
    )


def doodle(frame: Frame) -> Labels:
    """A pond to the left with a path to the right, one great tree and a bank of flowers."""
    cloud = disc(frame, 0.35, 0.14, 0.2, 0.06, 1, 0.01) | disc(frame, 0.78, 0.2, 0.13, 0.04, 3, 0.01)
    land = np.asarray(frame.y > 0.44 + frame.noise(5, 3) * 0.008)
    river = polygon(
        frame, [(0.08, 0.62), (0.3, 0.54), (0.6, 0.56), (0.72, 0.66), (0.6, 0.78), (0.3, 0.82), (0.1, 0.75)], 7, 0.006
    )
    path = polygon(frame, [(1.0, 0.45), (1.06, 0.45), (1.02, 0.56), (1.1, 0.7), (1.05, 0.84), (1.12, 1.1),
    (0.78, 1.1), (0.86, 0.84),
                           (0.94, 0.7), (0.95, 0.56)], 9, 0.006)  # fmt: skip
    flowers = polygon(frame, [(-0.1, 0.86), (0.2, 0.87), (0.5, 0.86), (0.7, 0.92), (0.72, 1.1), (-0.1, 1.1)], 11, 0.01)
    flowers |= polygon(frame, [(1.16, 0.62), (1.36, 0.58), (1.36, 0.82), (1.2, 0.78)], 13, 0.01)
    trees = disc(frame, 1.12, 0.27, 0.19, 0.16, 15, 0.012) | polygon(
        frame, [(1.1, 0.3), (1.16, 0.3), (1.17, 0.53), (1.09, 0.53)], 17, 0.004
    )
    trees |= disc(frame, 0.1, 0.41, 0.17, 0.07, 19, 0.01) | disc(frame, 0.36, 0.43, 0.13, 0.045, 21, 0.01)
    trees |= disc(frame, 0.7, 0.43, 0.16, 0.035, 23, 0.01)
    return stacked(frame, [np.ones(frame.shape, bool), cloud, land, river, path, flowers, trees])


def points(tone: float, accent: float, wide: float = 13.0) -> tuple[Pass, ...]:
    """An underpainting, then points over it, the finer ones the purer."""
    return (
        Pass(DAB, 26, 44, 2.4, turn=0.4, tone=tone, hue=0.02, accent=0.1),
        Pass(DOT, wide, wide * 1.6, 2.2, turn=0.25, tone=tone, hue=0.035, accent=accent),
        Pass(DOT, wide * 0.75, wide * 1.1, 1.2, turn=0.3, tone=tone * 1.1, hue=0.04, accent=accent * 1.2),
        Pass(DOT, wide * 0.52, wide * 0.75, 0.3, turn=0.35, tone=tone * 1.3, hue=0.05, accent=accent * 1.4),
    )


SCENE = Scene(
    slug="river-meadow",
    name="River meadow in summer",
    description="Points of pure colour: a winding river, poppies and sunlit trees under white clouds.",
    seed=2,
    size=(1024, 768),
    doodle_size=(512, 384),
    ground="#d9c79a",
    regions=(
        Region("sky", "#6fb4ee", points(0.04, 0.22), ("#f6cfc4", "#3f6fc4", "#a8e0d4", "#b9a8e0"), 0.5),
        Region("cloud", "#f7f3ea", points(0.035, 0.25), ("#ffd8b8", "#9fb4e8", "#e0c0e0", "#fff8c8"), 0.5),
        Region("meadow", "#86c440", points(0.08, 0.25), ("#ffe75c", "#1f6f5c", "#f09a4a", "#3f7fb0"), 0.5, 0.5),
        Region("river", "#2b6fc9", points(0.06, 0.2), ("#fff4d8", "#f0b8a0", "#1f3f90", "#58b098"), 0.5, 0.6),
        Region("path", "#e4bd8b", points(0.06, 0.3), ("#8f86c8", "#fff6d0", "#e88a70", "#a8b060"), 0.55, 0.6),
        Region("flowers", "#e0392b", points(0.08, 0.3, 12), ("#ffd23f", "#ff8fa8", "#2f7f3f", "#ffffff"), 0.75, 0.3),
        Region("trees", "#1f5e35", points(0.1, 0.22), ("#f0d848", "#28508f", "#b8702f", "#58b070"), 0.5, 0.5),
    ),
    compose=compose,
    doodle=doodle,
    finish=Finish(weave=0.1, light=0.13, gloss=0.03, varnish="#fffaf0"),
)
