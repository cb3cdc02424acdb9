"""Colours that people tell apart, and first names from colour and place: to be renamed by whoever knows better."""

from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.annotate.lab import to_lab

APART = 60.0  # RGB distance of any two colours of a palette
STEP = 17  # of the grid that a colour is chosen from
PLAIN = {
    "black": (0, 0, 0),
    "dark grey": (70, 70, 70),
    "grey": (128, 128, 128),
    "light grey": (195, 195, 195),
    "white": (250, 250, 250),
    "dark red": (110, 25, 25),
    "red": (205, 45, 40),
    "pink": (240, 160, 175),
    "dark brown": (70, 45, 30),
    "brown": (130, 85, 50),
    "tan": (200, 165, 120),
    "orange": (235, 135, 40),
    "yellow": (240, 215, 70),
    "pale yellow": (245, 235, 175),
    "olive": (110, 110, 45),
    "dark green": (30, 70, 40),
    "green": (70, 150, 65),
    "light green": (165, 205, 130),
    "grey green": (130, 145, 115),
    "dark blue": (30, 45, 95),
    "blue": (50, 95, 190),
    "light blue": (150, 190, 230),
    "grey blue": (110, 130, 155),
    "turquoise": (70, 160, 165),
    "dark purple": (75, 45, 95),
    "purple": (95, 60, 120),
    "mauve": (165, 140, 170),
}


def pick_colours(wanted: Tensor) -> Tensor:
    """(K, 3) uint8, any two APART or more, each as near as can be to its (K, 3) `wanted`, 0..255; the first goes first.

    On the grid there is room for far more than the 32 labels that are ever asked for.
    """
    steps = np.arange(0, 256, STEP)
    grid = np.array(list(product(steps, repeat=3)), np.int64)
    chosen: list[NDArray[np.int64]] = []
    for colour in wanted.round().long().numpy():
        free = np.ones(len(grid), bool)
        for other in chosen:
            free &= ((grid - other) ** 2).sum(1) >= APART**2
        chosen.append(grid[free][((grid[free] - colour) ** 2).sum(1).argmin()])
    return torch.from_numpy(np.stack(chosen)).to(torch.uint8)


def name_regions(label: Tensor, palette: Tensor) -> tuple[str, ...]:
    """A name for each label of (H, W): where it lies, where that says something, and its colour in (K, 3) uint8.

    The palette's colour, not the picture's: it is what a person sees beside the name and draws with.
    """
    named = [f"{place(label == k)} {colour_word(colour)}".strip() for k, colour in enumerate(palette.float())]
    return unlike(named)


def place(mask: Tensor) -> str:
    """`upper`, `lower left`, ... of an (H, W) mask; nothing where it is all over or in the middle."""
    height, width = mask.shape
    y, x = torch.nonzero(mask).float().mean(0).tolist()
    down = "upper" if y < 0.38 * height else "lower" if y > 0.62 * height else ""
    across = "left" if x < 0.32 * width else "right" if x > 0.68 * width else ""
    return f"{down} {across}".strip()


def colour_word(colour: Tensor) -> str:
    """The plain colour that looks nearest (in Lab) to (3,) RGB, 0..255."""
    lab = to_lab(torch.cat([torch.tensor(list(PLAIN.values())), colour[None]]).t()[None, :, None] / 255)[:, 0]
    away = (lab[:, :-1] - lab[:, -1:]).square().sum(0)
    return list(PLAIN)[int(away.argmin())]


def unlike(names: list[str]) -> tuple[str, ...]:
    """The names, a repeated one with a number behind it."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(found)
