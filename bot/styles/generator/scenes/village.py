"""A village in snow, in gouache and ink."""

import numpy as np

from bot.styles.generator.brush import GOUACHE, INK
from bot.styles.generator.canvas import Finish
from bot.styles.generator.colour import Colours, blend, ramp, smooth
from bot.styles.generator.flow import curl
from bot.styles.generator.frame import Field, Frame, Mask
from bot.styles.generator.scene import Composition, Labels, Pass, Region, Scene, stacked
from bot.styles.generator.shapes import Points, box, bump, polygon, sharp, wobbled

HOUSES = [  # left, foot, width of the gable, height of the wall, length of the side, wall tone: back to front
    (0.5, 0.5, 0.07, 0.07, 0.1, 0.7), (0.86, 0.49, 0.07, 0.07, 0.1, 0.35), (0.3, 0.53, 0.085, 0.085, 0.13, 0.3),
    (0.72, 0.56, 0.09, 0.1, 0.14, 0.8), (1.04, 0.55, 0.1, 0.1, 0.16, 0.55), (0.06, 0.6, 0.12, 0.12, 0.19, 0.85),
    (0.45, 0.64, 0.12, 0.125, 0.18, 0.5), (0.9, 0.68, 0.14, 0.15, 0.22, 0.2),
]  # fmt: skip
POND: Points = [
    (0.2, 0.86), (0.36, 0.8), (0.62, 0.79), (0.86, 0.83), (0.98, 0.9), (0.84, 0.99), (0.5, 1.02), (0.24, 0.96),
]  # fmt: skip
FIRS = [
    (0.015, 0.62, 0.26), (0.32, 0.66, 0.2), (0.39, 0.67, 0.25), (0.84, 0.72, 0.2), (1.29, 0.78, 0.36),
    (1.22, 0.8, 0.24), (0.68, 0.56, 0.15), (0.25, 0.53, 0.14), (0.06, 0.92, 0.3), (0.14, 0.96, 0.22),
    (1.02, 0.49, 0.12),
]  # fmt: skip


def built(frame: Frame) -> tuple[Mask, Mask, Field]:
    """Walls, roofs, and each wall's tone: gable to the left in the light, long side in shade under a slope of tiles."""
    walls, roofs = np.zeros(frame.shape, bool), np.zeros(frame.shape, bool)
    tone = np.zeros(frame.shape, np.float32)
    for left, foot, wide, tall, long, hue in HOUSES:
        eaves, ridge = foot - tall, foot - tall - wide * 0.75
        middle, right = left + wide / 2, left + wide
        gable = sharp(frame, [(left, foot), (left, eaves), (middle, ridge), (right, eaves), (right, foot)])
        side = sharp(frame, [(right, foot), (right, eaves), (right + long, eaves - 0.01), (right + long, foot - 0.01)])
        slope = sharp(
            frame,
            [
                (middle - 0.004, ridge - 0.008),
                (middle + long, ridge - 0.018),
                (right + long + 0.012, eaves + 0.006),
                (right + 0.004, eaves + 0.016),
            ],
        )
        verge = sharp(
            frame,
            [
                (middle, ridge - 0.012),
                (left - 0.012, eaves + 0.014),
                (left - 0.004, eaves + 0.026),
                (middle + 0.004, ridge + 0.014),
            ],
        )
        walls = (walls | gable | side) & ~(slope | verge)
        roofs = (roofs & ~(gable | side)) | slope | verge
        tone = np.where(gable, hue, np.where(side, hue - 1.2, tone))
        tone = np.where(panes(frame, (left, foot, wide, tall, long)), 2.0, tone)
    return walls, roofs, tone.astype(np.float32)


def panes(frame: Frame, house: tuple[float, float, float, float, float]) -> Mask:
    """The windows and the door of a house."""
    left, foot, wide, tall, long = house
    size = tall * 0.15
    mask = box(frame, left + wide * 0.4, foot - tall * 0.42, left + wide * 0.6, foot)
    places = [(left + wide * 0.25, foot - tall * 0.72), (left + wide * 0.75, foot - tall * 0.72)]
    places += [(left + wide + long * part, foot - tall * 0.55) for part in (0.2, 0.5, 0.8)]
    for x, y in places:
        mask |= box(frame, x - size * 0.7, y - size, x + size * 0.7, y + size)
    return mask


def church(frame: Frame) -> tuple[Mask, Mask]:
    """A tower and its spire."""
    tower = box(frame, 0.615, 0.3, 0.68, 0.56)
    spire = sharp(frame, [(0.602, 0.305), (0.6475, 0.1), (0.693, 0.305)])
    return tower, spire


def firs(frame: Frame, trees: list[tuple[float, float, float]]) -> Mask:
    """Firs with stepped boughs."""
    mask = np.zeros(frame.shape, bool)
    for x, foot, tall in trees:
        up = (foot - frame.y) / tall
        wide = tall * 0.27 * (1.02 - up) * (0.78 + 0.3 * ((up * 5.5) % 1.0))
        mask |= (np.abs(frame.x - x) < wide) & (up > 0) & (up < 1)
    return wobbled(frame, mask, 71, 0.003, 24)


def compose(frame: Frame) -> Composition:
    """Roofs round a church below wooded hills, a frozen pond before them."""
    hills = np.asarray(
        frame.y
        > frame.profile([(0, 0.33), (0.25, 0.27), (0.5, 0.34), (0.8, 0.29), (1.05, 0.22), (1.34, 0.3)], 1, 0.012, 5)
    )
    snow = np.asarray(
        frame.y > frame.profile([(0, 0.46), (0.3, 0.43), (0.7, 0.45), (1.0, 0.42), (1.34, 0.47)], 2, 0.008, 5)
    )
    walls, roofs, tone = built(frame)
    tower, spire = church(frame)
    front = walls | roofs
    tone = np.where(tower & ~front, 0.95 - 1.2 * (frame.x > 0.652), tone).astype(np.float32)
    pond, trees = polygon(frame, POND, 5, 0.005), firs(frame, FIRS)
    shade = (
        wobbled(frame, walls | (tower & ~roofs), 7, 0.0015, 20),
        wobbled(frame, roofs | (spire & ~walls), 9, 0.0015, 20),
    )
    labels = stacked(frame, [np.ones(frame.shape, bool), hills, snow, pond, shade[0], shade[1], trees])
    pictures = [sky(frame), woods(frame), drifts(frame), ice(frame), plaster(frame, tone), tiles(frame), boughs(frame)]
    colour = np.choose(labels[..., None], pictures).astype(np.float32)
    angle = np.choose(labels, directions(frame, tone)).astype(np.float32)
    return Composition(labels, colour, angle, np.where(np.isin(labels, (4, 5)), 0.75, 1.0).astype(np.float32))


def directions(frame: Frame, tone: Field) -> list[Field]:
    """Stroke directions of each region."""
    slope = (1.15 + frame.noise(20, 6) * 0.12).astype(np.float32)
    fall = (np.pi / 2 + frame.noise(21, 12) * 0.7).astype(np.float32)
    upright = np.where(tone < -0.05, 0.0, np.pi / 2).astype(np.float32) + frame.noise(22, 8) * np.float32(0.15)
    level = frame.noise(23, 3) * np.float32(0.35)
    return [curl(frame, 24, 1.6, 3.2), fall, level + np.float32(0.1), level * np.float32(0.3), upright, slope, fall]


def sky(frame: Frame) -> Colours:
    """Winter dusk: grey blue above, rose and straw over the hills."""
    tone = frame.y / 0.34 + frame.fbm(30, 2, 5) * 0.22
    return ramp(
        tone,
        [(0, "#4f6484"), (0.3, "#7f93a8"), (0.55, "#b8b4b4"), (0.75, "#e6bfa6"), (0.95, "#f4d49c"), (1.2, "#fbe9c0")],
    )


def woods(frame: Frame) -> Colours:
    """Bare woods: mauve and slate, snow between."""
    tone = 0.42 + frame.fbm(31, 14, 8) * 0.4 + frame.noise(32, 3) * 0.15
    return ramp(tone, [(0, "#2f3350"), (0.3, "#4c5074"), (0.55, "#726e90"), (0.8, "#9a92a8"), (1.2, "#d4ccd6")])


def drifts(frame: Frame) -> Colours:
    """Snow: cream on the rises, blue and lilac in the hollows and behind the houses."""
    tone = 0.74 + frame.fbm(33, 2.5, 7) * 0.4
    for left, foot, wide, _, long, _ in HOUSES:
        tone -= 0.55 * bump(frame, left + wide + long * 0.7, foot + 0.015, long * 0.55, 0.018)
    for x, foot, tall in FIRS:
        tone -= 0.5 * bump(frame, x + tall * 0.25, foot + 0.008, tall * 0.32, 0.012)
    colour = ramp(
        tone.astype(np.float32),
        [(0, "#5a6fa4"), (0.3, "#8ea4cc"), (0.52, "#c0cbe0"), (0.72, "#ece6e2"), (0.95, "#fff8ea")],
    )
    return blend(colour, "#f4c8a4", smooth(0.3, 0.8, frame.fbm(34, 3, 6)) * 0.45)


def ice(frame: Frame) -> Colours:
    """Green grey ice, swept in bands, with the sky's rose in it."""
    tone = 0.5 + frame.fbm(35, 4, 18) * 0.42
    colour = ramp(tone, [(0, "#2f5a68"), (0.3, "#5f8c90"), (0.55, "#94b8b0"), (0.8, "#cfdccc"), (1, "#f4f0dc")])
    return blend(
        colour, "#d8988a", bump(frame, 0.55, 0.88, 0.1, 0.05) * smooth(-0.3, 0.3, frame.noise(36, 6, 30)) * 0.8
    )


def plaster(frame: Frame, tone: Field) -> Colours:
    """Ochre, rose, cream and blue fronts; sides in shade; lit windows in dark frames."""
    grain = frame.fbm(37, 9) * 0.14
    front = ramp(
        tone + grain,
        [(0.1, "#6f86a0"), (0.3, "#c86a4c"), (0.45, "#dc9a50"), (0.6, "#e8c070"), (0.8, "#f0d8b0"), (1, "#fdf2dc")],
    )
    side = ramp(
        tone + 1.2 + grain, [(0.1, "#3a4a68"), (0.3, "#6f3f44"), (0.55, "#8a6248"), (0.8, "#94846f"), (1, "#a89c94")]
    )
    lit = ramp(0.5 + frame.noise(38, 30) * 0.7, [(0, "#20283f"), (0.4, "#3f3a48"), (0.6, "#f0a83c"), (1, "#ffe28a")])
    colour = np.where((tone < -0.05)[..., None], side, front)
    return np.where((tone > 1.5)[..., None], lit, colour).astype(np.float32)


def tiles(frame: Frame) -> Colours:
    """Rust and brick, snow lying in patches."""
    tone = 0.48 + frame.fbm(39, 14, 20) * 0.36
    colour = ramp(tone, [(0, "#4a1a22"), (0.3, "#8a2f26"), (0.5, "#b84a2c"), (0.72, "#d87844"), (1, "#f0b080")])
    return blend(colour, "#f2eef0", smooth(0.42, 0.55, frame.fbm(40, 9, 12)) * 0.95)


def boughs(frame: Frame) -> Colours:
    """Blue green firs with snow on the boughs."""
    tone = 0.38 + frame.fbm(41, 18, 12) * 0.4
    colour = ramp(tone, [(0, "#0c2028"), (0.3, "#1c4240"), (0.55, "#34644e"), (0.8, "#6a8c62"), (1, "#a8b880")])
    return blend(colour, "#e8f0f4", smooth(0.55, 0.7, frame.fbm(42, 16, 30)) * 0.7)


def doodle(frame: Frame) -> Labels:
    """One long barn and a small chapel on a hill, a frozen brook below."""
    hills = np.asarray(frame.y > 0.36 + 0.07 * np.sin(frame.x * 4 + 1) + frame.fbm(1, 5, 2) * 0.01)
    snow = np.asarray(frame.y > 0.53 - 0.06 * np.sin(frame.x * 3.2) + frame.fbm(3, 4, 2) * 0.008)
    brook = polygon(
        frame,
        [
            (-0.1, 0.86),
            (0.2, 0.82),
            (0.5, 0.86),
            (0.85, 0.8),
            (1.4, 0.84),
            (1.4, 0.95),
            (0.9, 0.92),
            (0.5, 0.98),
            (0.1, 0.95),
            (-0.1, 0.98),
        ],
        5,
        0.005,
    )
    walls = sharp(frame, [(0.62, 0.7), (0.62, 0.5), (1.12, 0.5), (1.12, 0.71)])
    walls |= sharp(frame, [(0.2, 0.6), (0.2, 0.4), (0.34, 0.4), (0.34, 0.6)])
    walls = wobbled(frame, walls, 7, 0.003, 9)
    roofs = sharp(frame, [(0.56, 0.55), (0.68, 0.38), (1.06, 0.37), (1.19, 0.55)])
    roofs = wobbled(frame, roofs | sharp(frame, [(0.16, 0.44), (0.27, 0.12), (0.38, 0.44)]), 11, 0.004, 9)
    trees = firs(frame, [(0.05, 0.72, 0.32), (0.46, 0.68, 0.26), (0.53, 0.72, 0.2), (1.27, 0.76, 0.38)])
    return stacked(frame, [np.ones(frame.shape, bool), hills, snow, brook, walls, roofs, trees])


LINE = "#1d1a2a"


def gouache(wide: float, tone: float, accent: float, hatch: float) -> tuple[Pass, ...]:
    """Flat washes, drier touches over them, hatching in the darks and a broken contour."""
    return (
        Pass(GOUACHE, wide, wide * 2.2, 2.6, turn=0.25, tone=tone, hue=0.012, accent=0.05),
        Pass(GOUACHE, wide * 0.6, wide * 1.7, 1.6, turn=0.3, tone=tone * 1.2, hue=0.02, accent=accent),
        Pass(GOUACHE, wide * 0.33, wide * 1.1, 0.9, turn=0.35, tone=tone * 1.8, hue=0.025, accent=accent * 1.5),
        Pass(INK, 1.7, wide * 0.7, 0.12, turn=0.1, tone=0.1, dark=hatch, ink=LINE),
        Pass(INK, 2.2, 26, 1.1, turn=0.03, tone=0.1, edge=True, ink=LINE),
    )


SCENE = Scene(
    slug="snow-village",
    name="Village in snow",
    description="Gouache and ink: dry flat touches, hatched darks and a broken contour round roofs and firs.",
    seed=6,
    size=(1024, 768),
    doodle_size=(512, 384),
    ground="#cdb89a",
    regions=(
        Region(
            "sky", "#9fb2cc", gouache(30, 0.04, 0.15, 0.42), ("#f4d8a8", "#5f7494", "#e0a090", "#c8d0d0"), 0.45, 0.3
        ),
        Region(
            "hills", "#6a6590", gouache(20, 0.07, 0.2, 0.36), ("#c8a0a0", "#3f5070", "#e8e4ec", "#8a8f70"), 0.45, 0.3
        ),
        Region(
            "snow", "#f4f4fb", gouache(28, 0.035, 0.15, 0.6), ("#a8b8dc", "#ffe8c8", "#e0c4cc", "#cfe0e0"), 0.5, 0.4
        ),
        Region("ice", "#4fa3a5", gouache(24, 0.06, 0.2, 0.38), ("#f0f0e0", "#3f6f8a", "#e0a898", "#a8d0b8"), 0.45, 0.3),
        Region("walls", "#e3b04f", gouache(14, 0.05, 0.12, 0.4), ("#f8e4c0", "#c86a4c", "#7f8aa0"), 0.35, 0.2),
        Region(
            "roofs", "#b33a26", gouache(15, 0.08, 0.18, 0.36), ("#f0b890", "#6f2a3a", "#8f6a7a", "#f4ecec"), 0.45, 0.2
        ),
        Region(
            "firs", "#1f4d3d", gouache(15, 0.09, 0.2, 0.25), ("#8fb094", "#20405f", "#dfe8ec", "#6f6a3a"), 0.45, 0.2
        ),
    ),
    compose=compose,
    doodle=doodle,
    finish=Finish(weave=0.22, light=0.1, gloss=0.0, varnish="#fffdf8"),
)
