"""A mountain lake in autumn, laid on with the palette knife."""

import numpy as np

from bot.styles.generator.brush import DAB, KNIFE
from bot.styles.generator.canvas import Finish
from bot.styles.generator.colour import Colours, blend, ramp, smooth
from bot.styles.generator.frame import Field, Frame, Mask, moved
from bot.styles.generator.scene import Composition, Labels, Pass, Region, Scene, stacked
from bot.styles.generator.shapes import Points, bump, disc, polygon, wobbled

WATER = 0.6
PEAKS = [  # summit x, y, how steep to the left and to the right: back to front
    (0.47, 0.24, 0.8, 0.7), (0.2, 0.17, 0.75, 0.85), (0.98, 0.19, 0.9, 0.6), (0.73, 0.075, 0.95, 0.85),
    (0.36, 0.33, 0.5, 0.6),
    (1.2, 0.33, 0.5, 0.5), (0.02, 0.32, 0.5, 0.5), (0.6, 0.4, 0.55, 0.45), (0.88, 0.38, 0.5, 0.45),
]  # fmt: skip
FOREST: list[tuple[float, float]] = [
    (0, 0.37), (0.15, 0.42), (0.3, 0.475), (0.45, 0.52), (0.62, 0.545), (0.8, 0.55), (1.0, 0.53), (1.15, 0.5),
    (1.34, 0.46),
]  # fmt: skip
SHORE: Points = [
    (-0.1, 0.82), (0.1, 0.8), (0.24, 0.83), (0.4, 0.89), (0.62, 0.92), (0.86, 0.955), (1.0, 1.1), (-0.1, 1.1),
]  # fmt: skip


def mountains(frame: Frame) -> tuple[Mask, Field, Field]:
    """The peaks, the light on them (above 0 to the right of each crest), the depth below their outline in units."""
    light, depth = np.zeros(frame.shape, np.float32), np.zeros(frame.shape, np.float32)
    mask = np.zeros(frame.shape, bool)
    rough = frame.fbm(2, 9, 7) * 0.03 + frame.ridges(3, 12) * 0.02
    for index, (x, y, left, right) in enumerate(PEAKS):
        aside = frame.x - x
        below = frame.y - y - rough * smooth(0, 0.05, np.abs(aside)) - np.abs(aside) * np.where(aside < 0, left, right)
        crest = frame.noise(60 + index, 1, 9) * 0.05 + frame.noise(70 + index, 2, 26) * 0.02
        spurs = slanted(frame, 80 + index, 0.75 if index % 2 else -0.75, 9, 2.5)
        side = np.tanh((aside - crest * np.clip((frame.y - y) * 6, 0, 1.4)) / 0.03) * 0.65 + spurs * 0.75
        here = below > 0
        light, depth = np.where(here, side, light), np.where(here, below + 0.3 * (y - 0.08), depth)
        mask |= here
    return mask, light.astype(np.float32), depth.astype(np.float32)


def slanted(frame: Frame, salt: int, lean: float, across: float, down: float) -> Field:
    """Noise whose features lean: `lean` units across for one unit down."""
    level = np.zeros(frame.shape, np.float32)
    return moved(frame.fbm(salt, across, down, 4), (frame.y - 0.35) * np.float32(lean), level, frame.side)


def firs(frame: Frame, base: Field) -> Mask:
    """A row of dark spires along the right shore and some to the left."""
    rng = np.random.default_rng(12)
    mask = np.zeros(frame.shape, bool)
    places = [*rng.uniform(0.98, 1.36, 34), *rng.uniform(-0.02, 0.1, 7), *rng.uniform(0.5, 0.62, 6)]
    for index, x in enumerate(places):
        foot = 0.6 if index % 2 else 0.565
        tall = rng.uniform(0.09, 0.19) * (1.25 if x > 1.12 else 0.8)
        wide = tall * rng.uniform(0.16, 0.24)
        step = 0.75 + 0.25 * np.sin((frame.y - foot) * 150 + index)
        up = (foot - frame.y) / tall
        mask |= (np.abs(frame.x - x) < wide * (1 - up) * step) & (up > 0) & (up < 1)
    return wobbled(frame, mask | (bump(frame, 1.2, 0.6, 0.22, 0.05) > 0.5), 3, 0.003, 25) & (base > 0)


def compose(frame: Frame) -> Composition:
    """Two peaks over a burning wood, both in the lake again."""
    mountain, facets, depth = mountains(frame)
    snow = wobbled(frame, 0.15 + facets * 0.16 - depth + 0.07 * slanted(frame, 8, 0.8, 16, 5) > 0, 9, 0.003) & mountain
    crown = 0.018 * frame.fbm(10, 9, 3) + 0.012 * np.abs(frame.noise(11, 22))
    wood = np.asarray((frame.y > frame.profile(FOREST, 12, 0.008) + crown) & (frame.y < WATER))
    water, shore = np.asarray(frame.y > WATER), polygon(frame, SHORE, 14, 0.006)
    spires = firs(frame, np.ones(frame.shape, np.float32)) & (frame.y < WATER + 0.008)
    labels = stacked(frame, [np.ones(frame.shape, bool), mountain, snow, wood, spires, water & ~spires, shore])
    pictures = [sky(frame), rock(frame, facets), ice(frame, facets), leaves(frame), needles(frame)]
    dry = np.choose(np.minimum(labels, 4)[..., None], pictures).astype(np.float32)
    colour = np.choose(labels[..., None], [*pictures, mirror(frame, dry), bank(frame)]).astype(np.float32)
    return Composition(labels, colour, directions(frame, labels, facets), size(frame, labels))


def size(frame: Frame, labels: Labels) -> Field:
    """Broad slabs in sky, mountain and water, small touches in the wood."""
    scale = np.where((labels == 3) | (labels == 4), 0.62, 1.0) * np.where(labels == 6, 0.8, 1.0)
    return np.where(labels == 5, 0.7 + 0.5 * smooth(WATER, 0.95, frame.y), scale).astype(np.float32)


def directions(frame: Frame, labels: Labels, facets: Field) -> Field:
    """Down the slopes, level on the water, upright in the trees."""
    slope = np.where(facets > 0, 0.85, -0.95) + frame.noise(20, 5) * 0.35
    angle = np.where(np.isin(labels, (1, 2)), slope, -0.25 + frame.noise(21, 2.5) * 0.8)
    angle = np.where(np.isin(labels, (3, 4)), np.pi / 2 + frame.noise(22, 9) * 0.9, angle)
    angle = np.where(labels == 5, frame.noise(23, 4) * 0.07, angle)
    return np.where(labels == 6, 0.2 + frame.noise(24, 6) * 0.8, angle).astype(np.float32)


def sky(frame: Frame) -> Colours:
    """Clear autumn blue with torn pale cloud."""
    tone = frame.y / 0.5 + frame.fbm(30, 3) * 0.08
    colour = ramp(tone, [(0, "#1f4f9a"), (0.3, "#2f74b8"), (0.6, "#5fa0c8"), (0.9, "#9cc4c8"), (1.1, "#e8d4ac")])
    where = (
        bump(frame, 0.36, 0.06, 0.2, 0.035)
        + 0.9 * bump(frame, 1.2, 0.1, 0.13, 0.03)
        + 0.5 * bump(frame, 0.05, 0.1, 0.1, 0.02)
    )
    torn = smooth(0.5, 0.85, 0.5 * frame.fbm(31, 4, 9) + where)
    return blend(colour, ramp(0.6 + frame.fbm(32, 6) * 0.4, [(0, "#a8b4d0"), (0.5, "#eee4da"), (1, "#fffaf0")]), torn)


def rock(frame: Frame, facets: Field) -> Colours:
    """Blue violet in shade, rose grey and ochre in the sun from the right."""
    tone = 0.45 + facets * 0.42 + frame.fbm(33, 10) * 0.16
    colour = ramp(
        tone,
        [(0, "#1d2244"), (0.25, "#39406e"), (0.45, "#5f6690"), (0.62, "#9a8690"), (0.8, "#cda584"), (1, "#f2d6a4")],
    )
    return blend(colour, "#7f93b4", smooth(0.35, 0.55, frame.y) * 0.55)


def ice(frame: Frame, facets: Field) -> Colours:
    """Snow: cream in the sun, blue and lilac in shade."""
    tone = 0.58 + facets * 0.46 + frame.fbm(34, 8) * 0.1
    return ramp(
        tone,
        [
            (0.1, "#4a66a8"),
            (0.32, "#7c98cc"),
            (0.5, "#a8bce0"),
            (0.66, "#f0dcc8"),
            (0.85, "#fff4e0"),
            (1.05, "#ffffff"),
        ],
    )


def leaves(frame: Frame) -> Colours:
    """Larch gold, maple red, some green, dark between the crowns."""
    tone = 0.52 + frame.fbm(35, 16, 12) * 0.42
    colour = ramp(
        tone,
        [(0, "#3a1a1e"), (0.22, "#84301c"), (0.45, "#cf5a1c"), (0.65, "#f0942a"), (0.85, "#fbc94a"), (1.05, "#fff0a0")],
    )
    colour = blend(colour, "#b81f2a", smooth(0.2, 0.5, frame.fbm(36, 7)) * 0.7)
    return blend(colour, "#6f8a34", smooth(0.3, 0.6, frame.fbm(37, 6)) * 0.65)


def needles(frame: Frame) -> Colours:
    """Spruce: black green to blue green, a gold edge."""
    tone = 0.38 + frame.fbm(38, 22, 12) * 0.42
    return ramp(tone, [(0, "#081a1c"), (0.3, "#12383a"), (0.55, "#245a4a"), (0.75, "#4f8258"), (1, "#b4bc70")])


def mirror(frame: Frame, dry: Colours) -> Colours:
    """What stands above the water, upside down, drawn out and broken into bands."""
    lift = (WATER - frame.y) * 2 + frame.noise(40, 5, 40) * 0.022
    aside = frame.noise(41, 6, 70) * 0.02
    colour = moved(dry, aside, np.where(frame.y > WATER, lift * 0.92, 0).astype(np.float32), frame.side)
    colour = blend(colour, "#12345e", np.full(frame.shape, 0.2, np.float32))
    band = smooth(0.28, 0.6, frame.fbm(42, 3, 30))
    return blend(
        colour, ramp(smooth(WATER, 1, frame.y), [(0, "#bcd4dc"), (0.5, "#5f9cc0"), (1, "#2f5f9a")]), band * 0.8
    )


def bank(frame: Frame) -> Colours:
    """Stones, dry grass and fallen leaves."""
    tone = 0.45 + frame.fbm(44, 12, 20) * 0.45
    colour = ramp(tone, [(0, "#2a1c22"), (0.25, "#5a4238"), (0.5, "#94764e"), (0.72, "#c8a860"), (1, "#f2e0a4")])
    colour = blend(colour, "#d0521f", smooth(0.35, 0.6, frame.noise(45, 24, 32)) * 0.9)
    return blend(colour, "#7684a0", smooth(0.2, 0.5, frame.fbm(46, 6, 9)) * 0.75)


def doodle(frame: Frame) -> Labels:
    """One broad peak to the left, a wood that runs down to a small round lake."""
    peak = polygon(
        frame,
        [
            (-0.1, 0.5),
            (0.1, 0.36),
            (0.26, 0.26),
            (0.42, 0.1),
            (0.52, 0.16),
            (0.66, 0.3),
            (0.8, 0.34),
            (1.0, 0.4),
            (1.4, 0.46),
            (1.4, 0.6),
            (-0.1, 0.6),
        ],
        1,
        0.008,
    )
    snow = polygon(
        frame,
        [(0.22, 0.26), (0.42, 0.04), (0.6, 0.2), (0.53, 0.27), (0.49, 0.22), (0.44, 0.33), (0.38, 0.26), (0.3, 0.34)],
        3,
        0.006,
    )
    wood = np.asarray(frame.y > 0.5 - 0.06 * smooth(0.5, 1.3, frame.x) + frame.fbm(5, 7, 2) * 0.02)
    spires = np.zeros(frame.shape, bool)
    for i, (x, foot, tall) in enumerate(
        [(0.06, 0.7, 0.3), (0.15, 0.73, 0.24), (0.23, 0.7, 0.2), (1.1, 0.66, 0.24), (1.2, 0.7, 0.32)]
    ):
        spires |= polygon(frame, [(x, foot - tall), (x + tall * 0.24, foot), (x - tall * 0.24, foot)], 7 + 2 * i, 0.005)
    water = disc(frame, 0.72, 0.76, 0.42, 0.11, 17, 0.008)
    shore = np.asarray(frame.y > 0.73 + 0.04 * np.sin(frame.x * 4) + frame.noise(19, 5) * 0.01)
    land = peak | wood
    return stacked(
        frame, [np.ones(frame.shape, bool), peak, snow & land, wood, spires, water, shore & ~water & ~spires]
    )


SLABS = (
    Pass(KNIFE, 42, 76, 2.4, turn=0.2, tone=0.04, hue=0.015, accent=0.06),
    Pass(KNIFE, 26, 48, 1.7, turn=0.3, tone=0.05, hue=0.02, accent=0.12),
    Pass(KNIFE, 15, 32, 1.0, turn=0.35, tone=0.07, hue=0.025, accent=0.18),
    Pass(KNIFE, 7, 22, 0.35, turn=0.4, tone=0.09, hue=0.03, accent=0.3),
)
FACES = (
    Pass(KNIFE, 32, 58, 2.4, turn=0.2, tone=0.05, hue=0.015, accent=0.06),
    Pass(KNIFE, 20, 40, 1.8, turn=0.3, tone=0.07, hue=0.02, accent=0.12),
    Pass(KNIFE, 11, 28, 1.3, turn=0.35, tone=0.09, hue=0.025, accent=0.18),
    Pass(KNIFE, 6, 18, 0.6, turn=0.4, tone=0.1, hue=0.03, accent=0.25),
)
LEVEL = (
    Pass(KNIFE, 26, 90, 2.4, turn=0.04, tone=0.05, hue=0.015, accent=0.05),
    Pass(KNIFE, 15, 60, 1.8, turn=0.05, tone=0.07, hue=0.02, accent=0.1),
    Pass(KNIFE, 8, 40, 1.0, turn=0.06, tone=0.09, hue=0.025, accent=0.2),
)
TOUCHES = (
    Pass(KNIFE, 26, 44, 2.4, turn=0.4, tone=0.08, hue=0.02, accent=0.08),
    Pass(KNIFE, 17, 28, 1.7, turn=0.5, tone=0.1, hue=0.03, accent=0.15),
    Pass(KNIFE, 10, 18, 1.3, turn=0.6, tone=0.12, hue=0.03, accent=0.25),
    Pass(DAB, 6, 10, 0.5, turn=0.7, tone=0.14, hue=0.04, accent=0.35),
)

SCENE = Scene(
    slug="autumn-lake",
    name="Mountain lake in autumn",
    description="Slabs of the palette knife: snow peaks and a burning wood, both again in the lake.",
    seed=5,
    size=(1024, 768),
    doodle_size=(512, 384),
    ground="#8f6f58",
    regions=(
        Region("sky", "#6aaede", SLABS, ("#f4dcc0", "#3f5fa8", "#a8d0c8", "#c0b0d8"), 0.45, 0.6),
        Region("rock", "#6f6a94", FACES, ("#e0a878", "#24508a", "#8f5f7a", "#7fa0a0"), 0.45, 0.4),
        Region("snow", "#f4f6ff", FACES, ("#7f98d8", "#fff0c8", "#d8b8d0", "#a8d0dc"), 0.45, 0.4),
        Region("autumn wood", "#e2701f", TOUCHES, ("#ffe060", "#a01f3a", "#6f9a3f", "#5f3f7a"), 0.5, 0.3),
        Region("firs", "#14453c", TOUCHES, ("#5f9a6a", "#1f3f7a", "#c09f4a", "#0a1420"), 0.45, 0.3),
        Region("lake", "#2460a8", LEVEL, ("#d8ecec", "#f0a050", "#163a6a", "#5fa8a0"), 0.45, 0.4),
        Region("shore", "#b49a5e", TOUCHES, ("#d8602a", "#6f84b0", "#f4e0a0", "#5f7a3a"), 0.5, 0.4),
    ),
    compose=compose,
    doodle=doodle,
    finish=Finish(weave=0.04, light=0.24, gloss=0.09, varnish="#fffcf4"),
)
