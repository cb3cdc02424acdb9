"""sRGB and Oklab (B. Ottosson, 2020), a space in which equal distances look equally far."""

import numpy as np
from numpy.typing import NDArray

from worker.contract.pictures import Rgb

Field = NDArray[np.float32]

CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
OPPONENT = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
FROM_OPPONENT = np.linalg.inv(OPPONENT.astype(np.float64)).astype(np.float32)
FROM_CONES = np.linalg.inv(CONES.astype(np.float64)).astype(np.float32)
STEPS = 4095  # of the table that turns light into sRGB: finer than 8 bits where it is steepest


def _linear(value: NDArray[np.float64]) -> Field:
    low, high = value / 12.92, ((value + 0.055) / 1.055) ** 2.4
    return np.where(value <= 0.04045, low, high).astype(np.float32)


def _encoded(light: NDArray[np.float64]) -> NDArray[np.uint8]:
    low, high = light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055
    return np.asarray(np.where(light <= 0.0031308, low, high) * 255 + 0.5, np.uint8)


LIGHT = _linear(np.arange(256) / 255)
CODES = _encoded((np.arange(STEPS + 1) / STEPS) ** 2)  # by the root of light: fine steps in the dark


def to_oklab(picture: Rgb) -> Field:
    """(..., 3) float32 of (..., 3) uint8 sRGB: lightness in [0, 1], then green to red and blue to yellow."""
    return np.asarray(np.cbrt(LIGHT[picture] @ CONES.T) @ OPPONENT.T, np.float32)


def to_rgb(colours: Field) -> Rgb:
    """(..., 3) uint8 sRGB of (..., 3) Oklab; what sRGB can't show is clipped."""
    light = np.clip((colours @ FROM_OPPONENT.T) ** 3 @ FROM_CONES.T, 0, 1)
    picture: Rgb = CODES[(np.sqrt(light) * STEPS + 0.5).astype(np.int16)]
    return picture
