"""Colours: hex names, ramps of tones, and the small differences between one brush load and the next."""

import numpy as np
from numpy.typing import NDArray

from bot.styles.generator.frame import Field, as_field

Colours = NDArray[np.float32]


def rgb(code: str) -> Colours:
    """The (3,) sRGB colour in [0, 1] of '#rrggbb'."""
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], np.float32)


def ramp(tone: Field, stops: list[tuple[float, str]]) -> Colours:
    """(..., 3) colours of `tone` by linear steps between `stops` (tone, '#rrggbb'), held beyond the ends."""
    tones = [stop[0] for stop in stops]
    colours = np.stack([rgb(stop[1]) for stop in stops])
    channels = [np.interp(tone, tones, colours[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def blend(below: Colours, above: Colours | str, weight: Field) -> Colours:
    """`below` towards `above` (a colour or a picture) by `weight`, clipped to [0, 1]."""
    over = rgb(above) if isinstance(above, str) else above
    share = np.clip(weight, 0.0, 1.0)[..., None].astype(np.float32)
    return np.asarray(below * (1 - share) + over * share, dtype=np.float32)


def mixed(colours: Colours, rng: np.random.Generator, tone: float, hue: float) -> Colours:
    """(N, 3) `colours` as mixed anew for each stroke: lighter or darker by `tone`, warmer or cooler by `hue`."""
    count = len(colours)
    light = rng.normal(0.0, tone, (count, 1))
    warm = rng.normal(0.0, hue, (count, 1)) * np.array([1.0, 0.15, -1.0])
    green = rng.normal(0.0, hue * 0.7, (count, 1)) * np.array([-0.6, 1.0, -0.4])
    return as_field(np.clip(colours * (1 + light) + warm + green, 0.0, 1.0))


def smooth(low: float, high: float, value: Field) -> Field:
    """0 below `low`, 1 above `high` (either may be the larger), an S between them."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)
