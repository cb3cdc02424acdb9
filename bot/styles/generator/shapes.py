"""Shapes with a hand's wobble, as masks on a frame."""

import numpy as np
from PIL import Image, ImageDraw

from bot.styles.generator.frame import Field, Frame, Mask, moved, softened

Points = list[tuple[float, float]]


def polygon(frame: Frame, points: Points, salt: int, rough: float = 0.006, across: float = 14.0) -> Mask:
    """(H, W) inside of a closed outline through `points` (units), its corners a little rounded, its line wobbling."""
    return wobbled(frame, sharp(frame, rounded(rounded(points))), salt, rough, across)


def sharp(frame: Frame, points: Points) -> Mask:
    """(H, W) inside of the closed outline through `points` (units), straight from corner to corner."""
    scale = frame.side
    picture = Image.new("L", (frame.width, frame.height))
    ImageDraw.Draw(picture).polygon([(x * scale, y * scale) for x, y in points], fill=255)
    return np.asarray(np.asarray(picture) > 127)


def rounded(points: Points) -> Points:
    """The outline with each corner cut once (Chaikin's quarter points)."""
    result: Points = []
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        result += [(x0 * 0.8 + x1 * 0.2, y0 * 0.8 + y1 * 0.2), (x0 * 0.2 + x1 * 0.8, y0 * 0.2 + y1 * 0.8)]
    return result


def wobbled(frame: Frame, mask: Mask, salt: int, rough: float, across: float = 14.0) -> Mask:
    """`mask` with its border moved by noise of deviation about `rough` units."""
    dx = frame.fbm(salt, across, octaves=3) * np.float32(rough * 2)
    dy = frame.fbm(salt + 1, across, octaves=3) * np.float32(rough * 2)
    return np.asarray(softened(moved(mask.astype(np.float32), dx, dy, frame.side), frame.side / 400) > 0.5)


def disc(
    frame: Frame, x: float, y: float, rx: float, ry: float, salt: int, rough: float = 0.004, across: float = 14.0
) -> Mask:
    """(H, W) inside of a wobbling ellipse round (x, y) with half axes rx, ry, in units."""
    inside = np.asarray(((frame.x - x) / rx) ** 2 + ((frame.y - y) / ry) ** 2 < 1)
    return wobbled(frame, inside, salt, rough, across)


def box(frame: Frame, x0: float, y0: float, x1: float, y1: float) -> Mask:
    """(H, W) inside of an upright rectangle, in units."""
    return np.asarray((frame.x >= x0) & (frame.x < x1) & (frame.y >= y0) & (frame.y < y1))


def bump(frame: Frame, x: float, y: float, rx: float, ry: float) -> Field:
    """(H, W) a round hill: 1 at (x, y), falling like a Gaussian of deviations rx, ry, in units."""
    return np.exp(-0.5 * (((frame.x - x) / rx) ** 2 + ((frame.y - y) / ry) ** 2)).astype(np.float32)
