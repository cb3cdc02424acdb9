"""A city by the water at night, in long swirling strokes."""

import numpy as np

from bot.styles.generator.brush import SWIRL
from bot.styles.generator.canvas import Finish
from bot.styles.generator.colour import Colours, blend, ramp, smooth
from bot.styles.generator.flow import turned
from bot.styles.generator.frame import Field, Frame, Mask, as_field
from bot.styles.generator.scene import Composition, Labels, Pass, Region, Scene, stacked
from bot.styles.generator.shapes import box, bump, disc, polygon, wobbled

WATER = 0.6
MOON = (1.1, 0.15, 0.062)
STARS = [
    (0.12, 0.1, 0.034), (0.33, 0.21, 0.028), (0.5, 0.07, 0.032), (0.72, 0.17, 0.036), (0.9, 0.3, 0.026),
    (0.2, 0.32, 0.024), (1.27, 0.33, 0.026), (0.57, 0.31, 0.022), (0.87, 0.06, 0.024),
]  # fmt: skip
HOUSES = [  # left, right, top of the wall, height of the roof
    (-0.02, 0.07, 0.44, 0.05), (0.07, 0.14, 0.4, 0.07), (0.14, 0.23, 0.47, 0.04), (0.23, 0.29, 0.42, 0.05),
    (0.29, 0.35, 0.46, 0.06),
    (0.35, 0.41, 0.36, 0.15), (0.41, 0.52, 0.45, 0.05), (0.52, 0.6, 0.49, 0.05), (0.6, 0.67, 0.43, 0.06),
    (0.67, 0.77, 0.48, 0.04),
    (0.77, 0.83, 0.4, 0.08), (0.83, 0.93, 0.46, 0.05), (0.93, 1.0, 0.5, 0.04), (1.0, 1.07, 0.41, 0.12),
    (1.07, 1.17, 0.46, 0.06),
    (1.17, 1.25, 0.49, 0.05), (1.25, 1.36, 0.43, 0.06),
]  # fmt: skip
LAMPS = [0.105, 0.27, 0.38, 0.56, 0.635, 0.8, 0.965, 1.035, 1.21]
QUAY = [
    (-0.1, 0.86), (0.2, 0.845), (0.42, 0.87), (0.62, 0.91), (0.74, 0.95), (0.82, 1.1), (-0.1, 1.1),
]  # fmt: skip


def houses(frame: Frame) -> tuple[Mask, Mask, Field]:
    """The row of houses, their windows, and a tone for each house in [0, 1]."""
    row = np.zeros(frame.shape, bool)
    lit = np.zeros(frame.shape, bool)
    tone = np.zeros(frame.shape, np.float32)
    rng = np.random.default_rng(7)
    for left, right, top, roof in HOUSES:
        middle, half = (left + right) / 2, (right - left) / 2
        gable = (frame.y > top - roof + np.abs(frame.x - middle) / half * roof) & (np.abs(frame.x - middle) < half)
        body = (gable | box(frame, left, top, right, WATER)) & (frame.y < WATER)
        row |= body
        tone = np.where(body, rng.uniform(0.2, 0.8) + np.where(gable & (frame.y < top), -0.25, 0), tone)
        lit |= windows(frame, (left, right, top), rng)
    return wobbled(frame, row, 5, 0.0025, 20), wobbled(frame, lit, 7, 0.0015, 30), tone.astype(np.float32)


def windows(frame: Frame, house: tuple[float, float, float], rng: np.random.Generator) -> Mask:
    """Two or three columns of windows, some dark."""
    left, right, top = house
    columns = max(2, round((right - left) / 0.032))
    lit = np.zeros(frame.shape, bool)
    for x in np.linspace(left, right, columns + 2)[1:-1]:
        for y in np.arange(top + 0.022, WATER - 0.03, 0.036):
            if rng.random() < 0.72:
                lit |= box(frame, x - 0.0085, y - 0.0115, x + 0.0085, y + 0.0115)
    return lit


def glows(frame: Frame) -> Mask:
    """The moon and the stars with the light round them."""
    mask = disc(frame, MOON[0], MOON[1], MOON[2] * 1.45, MOON[2] * 1.45, 9, 0.004)
    for index, (x, y, size) in enumerate(STARS):
        mask |= disc(frame, x, y, size * 1.25, size * 1.25, 11 + 2 * index, 0.003)
    return mask


def reflections(frame: Frame) -> Mask:
    """Broken columns of lamp light on the water, and the moon's wider one."""
    wave = frame.noise(40, 6, 52) * 0.6 + frame.noise(41, 16, 80) * 0.4
    depth = (frame.y - WATER) / 0.3
    mask = np.zeros(frame.shape, bool)
    for index, x in enumerate([*LAMPS, MOON[0] + 0.03]):
        wide = 0.015 + 0.03 * depth + (0.03 if index == len(LAMPS) else 0)
        reach = smooth(1.35 - 0.3 * (index % 3), 0.3, depth)
        bands = wave - 0.5 * np.clip(depth, 0, 1) + 0.52
        mask |= (
            (np.abs(frame.x - x - wave * 0.016) < wide * (0.35 + bands * 1.1) * reach) & (bands > 0) & (reach > 0.05)
        )
    return wobbled(frame, np.asarray(mask & (frame.y > WATER + 0.008)), 43, 0.002, 24)


def lamps(frame: Frame) -> Mask:
    """Lamps along the far bank."""
    mask = np.zeros(frame.shape, bool)
    for index, x in enumerate(LAMPS):
        mask |= disc(frame, x, WATER - 0.016, 0.0125, 0.0125, 60 + 2 * index, 0.002)
    return mask


def stream(frame: Frame) -> Field:
    """(H, W) potential whose level lines the sky follows: a great wave and a whirl round each light."""
    potential = (
        frame.y * 3.2
        + 0.5 * np.sin(frame.x * 5.2 + 0.6) * bump(frame, 0.66, 0.2, 0.6, 0.2)
        + frame.noise(70, 2.2) * 0.22
    )
    for x, y, size in [*STARS, MOON]:
        potential += 1.1 * bump(frame, x, y, size * 1.9, size * 1.9)
    potential -= 1.0 * bump(frame, 0.46, 0.2, 0.1, 0.085) - 0.8 * bump(frame, 0.68, 0.3, 0.09, 0.07)
    return as_field(potential)


def compose(frame: Frame) -> Composition:
    """Stars over a lit row of houses, their light on the river, a quay in front."""
    row, lit, tone = houses(frame)
    flow = stream(frame)
    slope_y, slope_x = np.gradient(flow)
    water, quay = np.asarray(frame.y > WATER), polygon(frame, QUAY, 30, 0.004)
    layers = [
        np.ones(frame.shape, bool),
        glows(frame),
        row,
        (lit & row) | lamps(frame),
        water,
        reflections(frame) & water,
        quay,
    ]
    labels = stacked(frame, layers)
    light = fire(frame)
    pictures = [sky(frame, flow), halo(frame), walls(frame, tone), light, river(frame), shimmer(frame), stones(frame)]
    colour = np.choose(labels[..., None], pictures).astype(np.float32)
    angle = np.arctan2(-slope_x, slope_y).astype(np.float32)
    ripple = (frame.noise(44, 4, 12) * 0.16).astype(np.float32)
    angle = np.where(frame.y > WATER, ripple, angle)
    angle = turned(angle, np.full(frame.shape, np.pi / 2, np.float32), np.isin(labels, (2, 3)) * np.float32(0.85))
    angle = np.where(labels == 6, 0.18 + frame.noise(45, 5) * 0.35, angle).astype(np.float32)
    scale = np.where(frame.y > WATER, 0.6 + 0.7 * smooth(WATER, 0.95, frame.y), 1.0)
    return Composition(labels, colour, angle, scale.astype(np.float32))


def sky(frame: Frame, flow: Field) -> Colours:
    """Bands of ultramarine, cobalt and pale green blue along the stream."""
    bands = np.sin(flow * 9 + frame.noise(46, 3) * 0.9) * 0.26 + frame.noise(47, 6) * 0.14
    tone = 0.34 + bands + 0.14 * frame.y / WATER
    colour = ramp(
        tone,
        [(0, "#0c1440"), (0.22, "#173079"), (0.45, "#2c5cae"), (0.65, "#5c93c4"), (0.85, "#a8cbb8"), (1, "#e6e3a0")],
    )
    around = sum(bump(frame, x, y, size * 2.1, size * 2.1) for x, y, size in [*STARS, MOON])
    return blend(colour, "#8fc0bc", np.asarray(around, np.float32) * 0.55)


def halo(frame: Frame) -> Colours:
    """Rings of cream, lemon and pale green round a bright heart."""
    colour = np.full((*frame.shape, 3), 0.5, np.float32)
    for x, y, size in [*STARS, MOON]:
        far = np.hypot(frame.x - x, frame.y - y) / size
        ring = ramp(
            far + 0.1 * np.sin(far * 22),
            [
                (0, "#fffbe6"),
                (0.35, "#ffe98a"),
                (0.6, "#f8c53e"),
                (0.85, "#f3e58e"),
                (1.15, "#b9d6a0"),
                (1.4, "#7fb4b0"),
            ],
        )
        colour = np.where((far < 1.8)[..., None], ring, colour)
    return colour


def walls(frame: Frame, tone: Field) -> Colours:
    """Dark fronts in violet, prussian blue and brown, warmer near the lamps."""
    shade = tone * 0.75 + frame.fbm(48, 14, 9) * 0.22
    colour = ramp(shade, [(0, "#0b0f26"), (0.25, "#1a2148"), (0.45, "#33305e"), (0.65, "#54405f"), (0.9, "#7f6a62")])
    return blend(
        colour, "#b8713c", smooth(WATER - 0.07, WATER, frame.y) * smooth(-0.3, 0.6, frame.noise(49, 9, 4)) * 0.8
    )


def fire(frame: Frame) -> Colours:
    """Window and lamp light: orange to cream."""
    return ramp(0.6 + frame.noise(50, 40) * 0.4, [(0, "#e0761c"), (0.35, "#f7a92a"), (0.7, "#ffdc62"), (1, "#fff7c8")])


def river(frame: Frame) -> Colours:
    """Deep blue and green water in short waves."""
    wave = frame.fbm(52, 5, 28)
    colour = ramp(
        0.42 + wave * 0.42, [(0, "#081030"), (0.3, "#12306a"), (0.55, "#255a94"), (0.8, "#4f90a8"), (1, "#a0c4b0")]
    )
    return blend(colour, "#2f6a5c", smooth(0.2, 0.8, frame.fbm(53, 3, 9)) * 0.5)


def shimmer(frame: Frame) -> Colours:
    """Gold on the water, redder towards the viewer."""
    tone = 0.72 + frame.fbm(54, 9, 50) * 0.4 - smooth(WATER, 0.95, frame.y) * 0.3
    return ramp(tone, [(0, "#8a4a3c"), (0.25, "#cf7a2c"), (0.5, "#f4ad38"), (0.75, "#ffdf78"), (1, "#fff8d4")])


def stones(frame: Frame) -> Colours:
    """Wet stones: umber and violet, a warm gleam here and there."""
    tone = 0.4 + frame.fbm(56, 10, 22) * 0.42
    colour = ramp(
        tone, [(0, "#120f1e"), (0.3, "#35283a"), (0.5, "#5f4548"), (0.7, "#8f6a52"), (0.9, "#c99a62"), (1.1, "#f4d08a")]
    )
    return blend(colour, "#3a4f86", smooth(0.2, 0.8, frame.fbm(57, 5)) * 0.7)


def doodle(frame: Frame) -> Labels:
    """A lone tower and some houses to the right, a bend of water, three stars and a low moon."""
    glow = disc(frame, 0.25, 0.2, 0.085, 0.085, 1, 0.004) | disc(frame, 0.55, 0.1, 0.04, 0.04, 3, 0.003)
    glow |= disc(frame, 0.82, 0.24, 0.042, 0.042, 5, 0.003) | disc(frame, 1.2, 0.1, 0.045, 0.045, 7, 0.003)
    homes = polygon(frame, [(0.62, 0.66), (0.62, 0.5), (0.69, 0.42), (0.76, 0.5), (0.76, 0.46), (0.88, 0.46),
    (0.88, 0.34), (0.96, 0.18),
                            (1.04, 0.34), (1.04, 0.5), (1.12, 0.44), (1.22, 0.5), (1.36, 0.47),
                            (1.36, 0.68)], 9, 0.003)  # fmt: skip
    homes |= polygon(frame, [(-0.1, 0.6), (-0.1, 0.52), (0.1, 0.5), (0.25, 0.55), (0.4, 0.6)], 11, 0.003)
    lit = np.zeros(frame.shape, bool)
    for x, y in [
        (0.66, 0.53),
        (0.72, 0.54),
        (0.81, 0.53),
        (0.93, 0.38),
        (0.99, 0.39),
        (0.96, 0.5),
        (1.1, 0.54),
        (1.18, 0.56),
        (1.29, 0.55),
        (0.06, 0.555),
    ]:
        lit |= wobbled(frame, box(frame, x - 0.017, y - 0.023, x + 0.017, y + 0.023), 13, 0.002)
    water = np.asarray(frame.y > 0.6 + 0.05 * smooth(0.3, 1.0, frame.x) + frame.noise(15, 4) * 0.006)
    shine = np.zeros(frame.shape, bool)
    for i, (x, reach) in enumerate([(0.27, 0.86), (0.7, 0.86), (0.95, 0.9), (1.22, 0.82)]):
        for y in np.arange(0.66 if x < 0.4 else 0.69, reach, 0.045):
            shine |= disc(
                frame, x + 0.012 * np.sin(y * 60 + i), y, 0.03 + 0.12 * (y - 0.62), 0.017, round(y * 100) + 7 * i, 0.004
            )
    quay = polygon(frame, [(0.5, 1.1), (0.75, 0.95), (1.0, 0.9), (1.4, 0.86), (1.4, 1.1)], 27, 0.006)
    return stacked(frame, [np.ones(frame.shape, bool), glow, homes, lit & homes, water, shine & water, quay])


LONG = (
    Pass(SWIRL, 17, 80, 2.4, turn=0.06, tone=0.08, hue=0.02, accent=0.08),
    Pass(SWIRL, 10, 52, 1.7, turn=0.08, tone=0.1, hue=0.03, accent=0.16),
    Pass(SWIRL, 6.5, 34, 0.7, turn=0.1, tone=0.14, hue=0.03, accent=0.25),
)
GLOW = (
    Pass(SWIRL, 14, 34, 3.4, turn=0.08, tone=0.03, hue=0.02),
    Pass(SWIRL, 7, 24, 1.8, turn=0.1, tone=0.06, hue=0.03, accent=0.15),
    Pass(SWIRL, 5, 16, 0.7, turn=0.15, tone=0.08, hue=0.03, accent=0.25),
)
SHORT = (
    Pass(SWIRL, 14, 40, 2.4, turn=0.12, tone=0.1, hue=0.02, accent=0.1),
    Pass(SWIRL, 8, 28, 1.7, turn=0.18, tone=0.14, hue=0.03, accent=0.18),
    Pass(SWIRL, 5, 18, 1.0, turn=0.25, tone=0.18, hue=0.03, accent=0.28),
)
GLINT = (
    Pass(SWIRL, 12, 34, 2.4, turn=0.08, tone=0.04, hue=0.02),
    Pass(SWIRL, 8, 26, 1.6, turn=0.1, tone=0.07, hue=0.03, accent=0.2),
    Pass(SWIRL, 5, 16, 0.6, turn=0.15, tone=0.1, hue=0.03, accent=0.3),
)
SPARK = (
    Pass(SWIRL, 8, 16, 2.4, turn=0.1, tone=0.03, hue=0.02),
    Pass(SWIRL, 5, 12, 1.6, turn=0.2, tone=0.06, hue=0.03, accent=0.2),
)

SCENE = Scene(
    slug="night-harbour",
    name="Night city by the water",
    description="Long swirling strokes: whirling stars over a row of lit houses and gold on a dark river.",
    seed=3,
    size=(1024, 768),
    doodle_size=(512, 384),
    ground="#3a3440",
    regions=(
        Region("night sky", "#1c2f7a", LONG, ("#7fb6c4", "#4a3f9a", "#0a1038", "#d8dca0"), 0.5, 0.8),
        Region("star light", "#fff3b0", GLOW, ("#ffffff", "#f0a030", "#90c8b0", "#ffe040"), 0.5, 0.9),
        Region("buildings", "#4f3554", SHORT, ("#27508a", "#a05a48", "#0a0c20", "#6f8a6a"), 0.45),
        Region("lights", "#ff9d1e", SPARK, ("#fff8d0", "#f07818", "#ffe45c"), 0.5),
        Region("water", "#1f7a94", LONG, ("#9cc8b4", "#0a1440", "#4a4f9a", "#2f8a7a"), 0.45, 0.4),
        Region("reflections", "#d9c04a", GLINT, ("#fff4c0", "#e8742c", "#8f9a5a", "#ffd040"), 0.5, 0.2),
        Region("quay", "#8a6a5a", SHORT, ("#d89a58", "#3f4f8f", "#1a1424", "#8a5a78"), 0.45),
    ),
    compose=compose,
    doodle=doodle,
    finish=Finish(weave=0.08, light=0.2, gloss=0.08, varnish="#fffaee"),
)
