"""The form of the portrait's head: eyes, brows, relief and the light on it."""

import numpy as np

from bot.styles.generator.colour import smooth
from bot.styles.generator.frame import Field, Frame, Mask, as_field, softened
from bot.styles.generator.shapes import bump

EYES = [(0.403, 0.545), (0.566, 0.54)]  # x, y of their middles in units
IRIS = 0.021  # radius in units


def almond(frame: Frame, x: float, y: float) -> Field:
    """Above 0 inside an eye's opening, 1 at its middle."""
    dx = (frame.x - x) / 0.05
    lid = np.where(frame.y < y, 0.0255, 0.019) * np.clip(1 - dx * dx, 0, 1)
    return np.where(lid > 0, 1 - np.abs(frame.y - y - 0.004 * dx) / np.maximum(lid, 1e-4), -1).astype(np.float32)


def off_iris(frame: Frame) -> Field:
    """Distance to the middle of the nearer iris, in units."""
    return as_field(np.minimum(*(np.hypot(frame.x - x + 0.003, frame.y - y + 0.002) for x, y in EYES)))


def brows(frame: Frame) -> Mask:
    """Two arched brows."""
    mask = np.zeros(frame.shape, bool)
    for (x, y), lean in zip(EYES, (-1, 1), strict=True):
        dx = (frame.x - x - 0.004 * lean) / 0.058
        arch = y - 0.067 + 0.016 * dx * dx + 0.004 * lean * dx
        mask |= (np.abs(frame.y - arch) < 0.0085 * np.sqrt(np.clip(1 - dx * dx, 0, 1)) * (1.15 - 0.35 * lean * dx)) & (
            np.abs(dx) < 1
        )
    return mask


def relief(frame: Frame) -> Field:
    """Height of the face towards the viewer, in units."""
    ball = np.clip(1 - ((frame.x - 0.495) / 0.235) ** 2 - ((frame.y - 0.54) / 0.34) ** 2, 0.02, 1)
    height = 0.2 * np.sqrt(ball)
    ridge = smooth(0.46, 0.64, frame.y) * smooth(0.695, 0.665, frame.y)
    height += 0.062 * ridge * np.exp(-0.5 * ((frame.x - 0.485) / (0.013 + 0.014 * ridge)) ** 2)
    height += 0.016 * bump(frame, 0.455, 0.658, 0.014, 0.012) + 0.016 * bump(frame, 0.517, 0.658, 0.014, 0.012)
    for x, y in EYES:
        height -= 0.034 * bump(frame, x, y - 0.005, 0.05, 0.026)
        height += 0.016 * bump(frame, x, y, 0.033, 0.016) + 0.016 * bump(frame, x, y - 0.055, 0.06, 0.016)
        height += 0.026 * bump(frame, x + (0.01 if x > 0.5 else -0.01), y + 0.09, 0.045, 0.04)
    height += 0.022 * bump(frame, 0.492, 0.73, 0.05, 0.035) - 0.012 * bump(frame, 0.492, 0.772, 0.045, 0.011)
    height += 0.03 * bump(frame, 0.495, 0.81, 0.045, 0.03) - 0.008 * bump(frame, 0.487, 0.687, 0.009, 0.016)
    return as_field(height)


def light(frame: Frame, height: Field) -> Field:
    """Lambert's law for a window to the upper left, about 0 to 1."""
    slope_y, slope_x = (slope * frame.side for slope in np.gradient(softened(height, frame.side / 300)))
    length = np.sqrt(1 + slope_x**2 + slope_y**2)
    return np.asarray((0.6 * slope_x + 0.42 * slope_y + 0.68) / length, dtype=np.float32)
