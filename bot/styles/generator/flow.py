"""Directions of strokes: fields of angles, and how they bend along the borders of regions."""

import numpy as np

from bot.styles.generator.frame import Field, Frame, as_field, softened


def curl(frame: Frame, salt: int, across: float, down: float | None = None) -> Field:
    """(H, W) angles in radians along the level lines of smooth noise: whorls and eddies."""
    potential = frame.fbm(salt, across, down, octaves=2)
    slope_y, slope_x = np.gradient(potential)
    return as_field(np.arctan2(-slope_x, slope_y))


def around(frame: Frame, x: float, y: float) -> Field:
    """(H, W) angles of circles round the point (x, y)."""
    return as_field(np.arctan2(frame.y - y, frame.x - x) + np.pi / 2)


def turned(first: Field, second: Field, weight: Field) -> Field:
    """Angles between `first` (weight 0) and `second` (1); a stroke has no head, so angles count modulo pi."""
    cos = np.cos(2 * first) * (1 - weight) + np.cos(2 * second) * weight
    sin = np.sin(2 * first) * (1 - weight) + np.sin(2 * second) * weight
    return as_field(np.arctan2(sin, cos) / 2)


def hugging(angle: Field, mask: Field, reach: float, strength: float) -> Field:
    """`angle` bent to run along the border of `mask` (H, W) in [0, 1] within about `reach` px of it."""
    soft = softened(mask, reach)
    slope_y, slope_x = np.gradient(soft)
    tangent = np.arctan2(slope_y, slope_x) + np.pi / 2
    near = np.clip(np.hypot(slope_x, slope_y) * reach * 2.5, 0, 1) * strength
    return turned(angle, tangent.astype(np.float32), near.astype(np.float32))


def bend(angle: Field) -> Field:
    """(H, W) curvature, 1/px, of a stroke that follows `angle` at each pixel."""
    cos, sin = np.cos(2 * angle), np.sin(2 * angle)
    cos_y, cos_x = np.gradient(cos)
    sin_y, sin_x = np.gradient(sin)
    turn_x = (cos * sin_x - sin * cos_x) / 2
    turn_y = (cos * sin_y - sin * cos_y) / 2
    return as_field(turn_x * np.cos(angle) + turn_y * np.sin(angle))
