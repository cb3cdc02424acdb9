"""A head by a window, modelled in coloured strokes that follow the form."""

import numpy as np

from bot.styles.generator.brush import DAB, SWIRL
from bot.styles.generator.canvas import Finish
from bot.styles.generator.colour import Colours, blend, ramp, smooth
from bot.styles.generator.flow import around, curl, turned
from bot.styles.generator.frame import Field, Frame, Mask, as_field, softened
from bot.styles.generator.scene import Composition, Labels, Pass, Region, Scene, stacked
from bot.styles.generator.scenes.face import EYES, IRIS, almond, brows, light, off_iris, relief
from bot.styles.generator.shapes import Points, bump, disc, polygon, wobbled

FACE: Points = [
    (0.5, 0.26), (0.62, 0.29), (0.685, 0.4), (0.69, 0.52), (0.675, 0.63), (0.635, 0.735), (0.565, 0.815),
    (0.495, 0.845), (0.425, 0.82), (0.355, 0.74), (0.315, 0.63), (0.3, 0.52), (0.31, 0.4), (0.38, 0.29),
]  # fmt: skip
NECK: Points = [
    (0.4, 0.72), (0.62, 0.7), (0.625, 0.9), (0.7, 0.98), (0.56, 1.12), (0.45, 1.13), (0.31, 0.99), (0.4, 0.92),
]  # fmt: skip
HAIR: Points = [
    (0.5, 0.13), (0.63, 0.14), (0.75, 0.23), (0.8, 0.38), (0.8, 0.54), (0.83, 0.68), (0.8, 0.82), (0.84, 0.95),
    (0.72, 1.04), (0.63, 0.98), (0.6, 0.84), (0.4, 0.84), (0.37, 0.97), (0.28, 1.04), (0.16, 0.96), (0.2, 0.83),
    (0.165, 0.7), (0.2, 0.55), (0.19, 0.4), (0.25, 0.24), (0.37, 0.14),
]  # fmt: skip
FRINGE: Points = [
    (0.46, 0.2), (0.7, 0.22), (0.74, 0.4), (0.73, 0.62), (0.68, 0.76), (0.662, 0.6), (0.66, 0.46), (0.61, 0.355),
    (0.49, 0.305), (0.385, 0.36), (0.335, 0.46), (0.33, 0.6), (0.32, 0.75), (0.25, 0.62), (0.25, 0.4), (0.31, 0.24),
]  # fmt: skip
DRESS: Points = [
    (-0.1, 1.16), (0.1, 1.04), (0.3, 0.965), (0.36, 0.98), (0.47, 1.13), (0.55, 1.12), (0.66, 0.965), (0.74, 0.98),
    (0.93, 1.06), (1.1, 1.2), (1.1, 1.4), (-0.1, 1.4),
]  # fmt: skip
LIPS: Points = [
    (0.42, 0.722), (0.455, 0.705), (0.477, 0.7), (0.49, 0.706), (0.503, 0.7), (0.53, 0.705), (0.565, 0.718),
    (0.535, 0.742), (0.5, 0.757), (0.475, 0.757), (0.445, 0.742),
]  # fmt: skip


def compose(frame: Frame) -> Composition:
    """The head a little above the middle, hair down to the shoulders."""
    face, neck = polygon(frame, FACE, 1, 0.002), polygon(frame, NECK, 3, 0.003)
    hair, fringe = polygon(frame, HAIR, 5, 0.006, 7), polygon(frame, FRINGE, 7, 0.005, 12)
    eye = np.maximum(*(almond(frame, x, y) for x, y in EYES))
    eyes = wobbled(frame, eye > 0, 9, 0.0006)
    irises = eyes & (off_iris(frame) < IRIS)
    lips, dress = polygon(frame, LIPS, 11, 0.0008), polygon(frame, DRESS, 13, 0.005, 8)
    hairs = (hair & ~(face | neck)) | fringe | brows(frame)
    front = hair & (frame.y > 0.9) & ~neck
    blank = np.zeros(frame.shape, bool)
    labels = stacked(frame, [~blank, blank, face | neck, eyes, lips, dress, irises])
    labels[(hairs & (labels < 3)) | front] = 1
    height = relief(frame)
    pictures = [
        wall(frame),
        locks(frame),
        skin(frame, height, neck & ~face),
        gaze(frame, eye),
        mouth(frame),
        cloth(frame),
        gaze(frame, eye),
    ]
    colour = np.choose(labels[..., None], pictures).astype(np.float32)
    scale = 1 - 0.5 * np.clip(bump(frame, 0.49, 0.55, 0.15, 0.05) + bump(frame, 0.49, 0.69, 0.07, 0.08), 0, 1)
    scale = np.where(np.isin(labels, (2, 3, 4, 6)), scale, 1.0)
    return Composition(labels, colour, directions(frame, labels, height), scale.astype(np.float32))


def directions(frame: Frame, labels: Labels, height: Field) -> Field:
    """Strokes along the form: level lines of the face, locks of the hair, folds of the dress."""
    slope_y, slope_x = np.gradient(softened(height, frame.side / 60))
    form = turned(
        np.arctan2(-slope_x, slope_y).astype(np.float32), curl(frame, 20, 6), np.full(frame.shape, 0.25, np.float32)
    )
    fall = (
        np.float32(np.pi / 2)
        + (frame.x - 0.5) * np.float32(-0.5)
        + np.sin(frame.y * 22 + frame.x * 9) * np.float32(0.5)
    )
    strands = turned(around(frame, 0.495, 0.56), fall.astype(np.float32), smooth(0.42, 0.66, frame.y))
    folds = 1.5 - np.tanh((frame.x - 0.5) * 6) * 0.8 + frame.noise(21, 3) * 0.6
    angle = np.where(labels == 0, curl(frame, 22, 2.6), form)
    angle = np.where(labels == 1, strands + frame.noise(23, 5) * 0.3, angle)
    angle = np.where(np.isin(labels, (3, 4, 6)), 0.05 * frame.noise(24, 3), angle)
    return np.where(labels == 5, folds, angle).astype(np.float32)


def wall(frame: Frame) -> Colours:
    """Sea green and blue, lighter to the right behind the shaded cheek."""
    tone = 0.38 + 0.35 * smooth(0.2, 1.0, frame.x) + frame.fbm(30, 2.6) * 0.24 - 0.12 * smooth(0.7, 1.3, frame.y)
    colour = ramp(
        tone,
        [(0, "#10343f"), (0.25, "#1b5a5f"), (0.45, "#2f837c"), (0.65, "#66ae94"), (0.85, "#a8cda6"), (1, "#e2e8b8")],
    )
    return blend(colour, "#2f4f9a", smooth(0.1, 0.7, frame.fbm(31, 2.4)) * 0.65)


def locks(frame: Frame) -> Colours:
    """Red brown hair, gold where the window strikes."""
    strand = frame.fbm(32, 26, 4) * 0.3 + frame.fbm(33, 5, 4) * 0.2
    tone = 0.4 + strand + 0.35 * bump(frame, 0.33, 0.25, 0.12, 0.09) + 0.2 * bump(frame, 0.22, 0.6, 0.04, 0.16)
    tone -= 0.22 * smooth(0.55, 0.8, frame.x)
    colour = ramp(
        tone, [(0, "#1c0d18"), (0.2, "#441a22"), (0.42, "#84321f"), (0.62, "#bf5a24"), (0.8, "#e69a45"), (1, "#fbdc90")]
    )
    return blend(colour, "#4a2f6a", smooth(0.2, 0.8, frame.fbm(34, 5)) * 0.45 * smooth(0.4, 0.7, frame.x))


def skin(frame: Frame, height: Field, neck: Mask) -> Colours:
    """Rose and cream in the light, ochre between, green and violet in the shade."""
    tone = light(frame, height) * 1.05 - 0.06 + frame.fbm(35, 9) * 0.05
    cast = 0.5 - (frame.x - 0.5) * 1.3 - 0.3 * smooth(0.98, 0.86, frame.y) + frame.fbm(36, 6) * 0.1
    tone = np.where(neck, cast, tone)
    tone = tone - 0.16 * bump(frame, 0.49, 0.33, 0.16, 0.045)
    stops = [
        (0.0, "#33264e"),
        (0.2, "#5f3f62"),
        (0.36, "#96545a"),
        (0.52, "#cf8160"),
        (0.68, "#eeb083"),
        (0.84, "#fbd7ac"),
        (1.0, "#fff3da"),
    ]
    colour = ramp(tone.astype(np.float32), stops)
    for x, y in EYES:  # the fold of the upper lid and the shadow under the lower
        dx = (frame.x - x) / 0.05
        fold = np.exp(-(((frame.y - y + 0.036 - 0.016 * dx * dx) / 0.006) ** 2)) * (np.abs(dx) < 1)
        under = np.exp(-(((frame.y - y - 0.027 + 0.01 * dx * dx) / 0.005) ** 2)) * (np.abs(dx) < 0.9)
        colour = blend(colour, "#6a3440", as_field(fold * 0.95 + under * 0.4))
    cheeks = (
        bump(frame, 0.37, 0.655, 0.045, 0.04)
        + bump(frame, 0.6, 0.65, 0.04, 0.04)
        + bump(frame, 0.485, 0.66, 0.024, 0.018)
    )
    colour = blend(colour, "#e2604f", cheeks * 0.42)
    return blend(
        colour, "#5f8f82", smooth(0.42, 0.2, tone.astype(np.float32)) * smooth(-0.2, 0.5, frame.fbm(37, 7)) * 0.55
    )


def gaze(frame: Frame, eye: Field) -> Colours:
    """Lashes, blue white, a green iris, a dark pupil and its glint."""
    colour = ramp(0.7 + frame.noise(38, 50) * 0.15, [(0.3, "#9fb0bc"), (0.7, "#dde4e0"), (1, "#fbf6ea")])
    for x, y in EYES:
        far = np.hypot(frame.x - x + 0.003, (frame.y - y + 0.002))
        iris = ramp(frame.y - y, [(-0.018, "#12303a"), (0.0, "#2a7278"), (0.016, "#7fc0a0")])
        colour = np.where((far < IRIS)[..., None], iris, colour)
        colour = np.where((far < 0.0095)[..., None], np.array([0.04, 0.03, 0.07], np.float32), colour)
        glint = np.hypot(frame.x - x + 0.009, frame.y - y + 0.009) < 0.0048
        colour = np.where(glint[..., None], np.float32(1), colour)
    lash = smooth(0.34, 0.1, eye) * np.where(frame.y < 0.545, 1.0, 0.35)
    return blend(colour.astype(np.float32), "#23121c", lash.astype(np.float32))


def mouth(frame: Frame) -> Colours:
    """The upper lip dark, the lower lit, the parting darkest."""
    parting = 0.7235 + 0.004 * np.cos((frame.x - 0.491) * 90) - 0.05 * (frame.x - 0.491) ** 2
    tone = 0.36 + 0.5 * bump(frame, 0.475, 0.738, 0.03, 0.008) + 0.2 * (frame.y > parting) + frame.noise(39, 40) * 0.1
    colour = ramp(
        tone.astype(np.float32), [(0, "#5a1430"), (0.3, "#a02a3a"), (0.55, "#d2504a"), (0.8, "#ee8a72"), (1, "#ffd0b8")]
    )
    return blend(colour, "#3a0a24", np.exp(-(((frame.y - parting) / 0.0038) ** 2)).astype(np.float32))


def cloth(frame: Frame) -> Colours:
    """A deep blue dress, folds and small sprigs of yellow."""
    fold = np.sin((frame.x + np.abs(frame.x - 0.5) * 0.4) * 34 + frame.y * 14 + frame.noise(40, 4) * 2.4)
    tone = 0.4 + 0.2 * fold + frame.fbm(41, 6) * 0.2 - 0.2 * (frame.x - 0.4)
    colour = ramp(tone, [(0, "#0d1233"), (0.25, "#1d2a66"), (0.5, "#3350a0"), (0.72, "#6f8fd0"), (0.95, "#c8d4ee")])
    return blend(colour, "#f2c23f", smooth(0.62, 0.75, frame.noise(42, 20)))


def doodle(frame: Frame) -> Labels:
    """A head turned the other way, its hair in a knot."""
    face = disc(frame, 0.54, 0.56, 0.2, 0.27, 1, 0.005) | polygon(
        frame, [(0.46, 0.74), (0.63, 0.74), (0.66, 1.14), (0.42, 1.14)], 3, 0.004
    )
    hair = disc(frame, 0.52, 0.44, 0.26, 0.25, 5, 0.01) | disc(frame, 0.36, 0.18, 0.12, 0.11, 7, 0.008)
    hair |= polygon(frame, [(0.26, 0.42), (0.38, 0.4), (0.37, 0.72), (0.29, 0.84), (0.22, 0.66)], 9, 0.006)
    fringe = polygon(
        frame,
        [(0.3, 0.26), (0.62, 0.22), (0.77, 0.4), (0.74, 0.5), (0.66, 0.4), (0.5, 0.38), (0.38, 0.46), (0.33, 0.56)],
        11,
        0.006,
    )
    dress = polygon(
        frame,
        [
            (-0.05, 1.16),
            (0.2, 1.02),
            (0.42, 0.96),
            (0.54, 1.06),
            (0.66, 0.96),
            (0.86, 1.0),
            (1.06, 1.14),
            (1.06, 1.4),
            (-0.05, 1.4),
        ],
        13,
        0.006,
    )
    eyes = disc(frame, 0.46, 0.555, 0.05, 0.025, 15, 0.001) | disc(frame, 0.625, 0.55, 0.05, 0.025, 17, 0.001)
    irises = disc(frame, 0.466, 0.553, 0.021, 0.022, 27, 0.001) | disc(frame, 0.631, 0.548, 0.021, 0.022, 29, 0.001)
    lips = polygon(frame, [(0.48, 0.725), (0.54, 0.71), (0.61, 0.72), (0.55, 0.76)], 19, 0.0015)
    brow = polygon(frame, [(0.4, 0.5), (0.46, 0.48), (0.51, 0.495), (0.46, 0.5)], 21, 0.001)
    brow |= polygon(frame, [(0.58, 0.49), (0.63, 0.475), (0.68, 0.492), (0.63, 0.495)], 23, 0.001)
    blank = np.zeros(frame.shape, bool)
    labels = stacked(frame, [~blank, hair, face & ~brow, eyes, lips, dress, irises & eyes])
    labels[(fringe & (labels < 3)) | brow] = 1
    return labels


WALL = (
    Pass(SWIRL, 24, 70, 2.4, turn=0.1, tone=0.07, hue=0.02, accent=0.1),
    Pass(SWIRL, 14, 46, 1.6, turn=0.15, tone=0.09, hue=0.03, accent=0.2),
    Pass(SWIRL, 8, 30, 0.7, turn=0.2, tone=0.12, hue=0.03, accent=0.3),
)
LOCKS = (
    Pass(SWIRL, 16, 70, 2.4, turn=0.08, tone=0.08, hue=0.02, accent=0.06),
    Pass(SWIRL, 9, 52, 1.7, turn=0.1, tone=0.12, hue=0.03, accent=0.14),
    Pass(SWIRL, 4.5, 34, 0.9, turn=0.12, tone=0.18, hue=0.03, accent=0.22),
)
SKIN = (
    Pass(DAB, 24, 44, 2.6, turn=0.15, tone=0.03, hue=0.012, accent=0.05),
    Pass(SWIRL, 15, 36, 1.8, turn=0.2, tone=0.04, hue=0.018, accent=0.1),
    Pass(SWIRL, 10, 26, 1.4, turn=0.2, tone=0.05, hue=0.025, accent=0.16),
    Pass(SWIRL, 6.5, 18, 0.6, turn=0.25, tone=0.06, hue=0.03, accent=0.22),
)
FINE = (
    Pass(DAB, 12, 20, 2.6, turn=0.1, tone=0.02, hue=0.01),
    Pass(DAB, 7, 12, 2.4, turn=0.1, tone=0.03, hue=0.01),
    Pass(DAB, 4.5, 7, 2.4, turn=0.2, tone=0.04, hue=0.015),
    Pass(DAB, 3.2, 5, 2.2, turn=0.2, tone=0.05, hue=0.015),
)
LIP = (
    Pass(DAB, 12, 24, 2.6, turn=0.1, tone=0.03, hue=0.01),
    Pass(DAB, 7, 16, 2.0, turn=0.1, tone=0.05, hue=0.02, accent=0.1),
    Pass(SWIRL, 5, 11, 1.6, turn=0.15, tone=0.06, hue=0.02, accent=0.12),
)

SCENE = Scene(
    slug="portrait",
    name="Head by a window",
    description="Strokes that follow the form: red hair against sea green, warm light and green violet shade.",
    seed=4,
    size=(768, 1024),
    doodle_size=(384, 512),
    ground="#8a6a50",
    regions=(
        Region("background", "#3f9a8f", WALL, ("#d8e0a8", "#2f4f9a", "#0f3f4a", "#c08f6a"), 0.45, 0.5),
        Region("hair", "#8c3a1e", LOCKS, ("#f4c060", "#3a1f5a", "#d8503a", "#5f6a3a"), 0.45, 0.3),
        Region("skin", "#f2b58c", SKIN, ("#9fc0a0", "#e8705a", "#b08fc0", "#fff0c8"), 0.4, 0.3),
        Region("eyes", "#e8f4ff", FINE, (), 0.0, 0.0),
        Region("lips", "#d8283f", LIP, ("#ff9a80", "#7a1f4a"), 0.4, 0.2),
        Region("dress", "#2c3f94", WALL, ("#f2c23f", "#c8d4ee", "#6a3f8a", "#2f8f9a"), 0.5, 0.3),
        Region("irises", "#0f2a2e", FINE, (), 0.0, 0.0),
    ),
    compose=compose,
    doodle=doodle,
    finish=Finish(weave=0.1, light=0.2, gloss=0.06),
)
