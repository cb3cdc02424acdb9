"""Simple names for colours, for labels that have none of their own."""

import colorsys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

HUES = (
    (15, "red"), (40, "orange"), (68, "yellow"), (90, "lime"), (155, "green"), (185, "teal"), (205, "sky blue"),
    (255, "blue"), (290, "violet"), (325, "purple"), (345, "pink"), (361, "red"),
)  # degrees up to which a hue has a name  # fmt: skip


def hex_of(colour: NDArray[np.uint8]) -> str:
    """`#ff3322` for (3,) uint8."""
    return "#" + bytes(colour.tolist()).hex()


def colour_name(colour: NDArray[np.uint8]) -> str:
    """Like `dark blue`, for (3,) uint8."""
    red, green, blue = (int(value) / 255 for value in colour)
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    spread = max(red, green, blue) - min(red, green, blue)
    if spread < 0.09 or saturation < 0.1:
        return _grey(lightness)
    name = next(name for limit, name in HUES if hue * 360 < limit)
    if name == "orange" and lightness < 0.42:
        return "dark brown" if lightness < 0.2 else "brown"
    if name == "orange" and spread < 0.5 and lightness < 0.6:
        return "greyish brown" if spread < 0.3 else "brown"
    if spread < 0.3 and saturation < 0.36 and 0.3 < lightness < 0.8:
        return f"greyish {name}"
    if lightness < (0.25 if name == "green" else 0.4):
        return f"dark {name}"
    return f"light {name}" if lightness > 0.58 else name


def colour_names(colours: NDArray[np.uint8]) -> list[str]:
    """A name each for (L, 3) uint8; no two alike."""
    return list(unlike([colour_name(colour) for colour in colours]))


def placed_names(colours: NDArray[np.uint8], places: Sequence[str]) -> tuple[str, ...]:
    """Like `upper left light blue`, for (L, 3) uint8 and where each label lies; no two alike."""
    return unlike([f"{place} {colour_name(colour)}".strip() for place, colour in zip(places, colours, strict=True)])


def unlike(names: Sequence[str]) -> tuple[str, ...]:
    """The names, a repeated one with a number behind it; letters large and small count as the same."""
    taken: set[str] = set()
    out = []
    for name in names:
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name} {number}"
        taken.add(candidate.casefold())
        out.append(candidate)
    return tuple(out)


def _grey(lightness: float) -> str:
    if lightness < 0.12:
        return "black"
    if lightness > 0.93:
        return "white"
    return "dark grey" if lightness < 0.35 else "light grey" if lightness > 0.7 else "grey"
