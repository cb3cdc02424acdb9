"""Which picture of a message is the style, the map, the doodle: by the words, by file names, by what they look like."""

from collections.abc import Sequence, Set

import numpy as np

from bot.community.tray import Role
from bot.desk.reading import decode

# The longer words first: a style map is no style.
WORDS: tuple[tuple[str, Role], ...] = (
    ("style map", "style_map"),
    ("style_map", "style_map"),
    ("stylemap", "style_map"),
    ("doodle", "doodle"),
    ("layout", "doodle"),
    ("content", "content"),
    ("photo", "content"),
    ("map", "style_map"),
    ("sem", "style_map"),
    ("mask", "style_map"),
    ("style", "style"),
    ("painting", "style"),
)
FLAT_COLOURS = 64  # a map has few colours, a painting thousands
STEP = 4  # every so many pixels is enough to tell


def guess_roles(pictures: Sequence[tuple[str, bytes]], text: str, taken: Set[str]) -> list[Role]:
    """A role for each (file name, bytes), no two alike; `taken`: what lies in the tray already. Raises PictureError."""
    found: list[Role | None] = [_named(name) for name, _ in pictures]
    if len(pictures) == 1 and found[0] is None:
        found[0] = _named(text)
    used = {role for role in found if role is not None}
    if len(used) < sum(role is not None for role in found):  # two alike: look at all of them
        found, used = [None] * len(pictures), set()
    for place, (_, data) in enumerate(pictures):
        if found[place] is None:
            role = _by_looks(is_flat(data), used, taken)
            found[place] = role
            used.add(role)
    return [role for role in found if role is not None]


def is_flat(data: bytes) -> bool:
    """True for few flat colours. Raises PictureError."""
    pixels = decode(data, "The picture")[::STEP, ::STEP].reshape(-1, 3)
    rounded, counts = np.unique(pixels // 8, axis=0, return_counts=True)
    return bool((counts > len(pixels) * 0.0005).sum() <= FLAT_COLOURS and len(rounded) < len(pixels) * 0.2)


def _named(words: str) -> Role | None:
    low = words.lower()
    return next((role for word, role in WORDS if word in low), None)


def _by_looks(flat: bool, used: Set[Role], taken: Set[str]) -> Role:
    order: tuple[Role, ...] = ("style_map", "doodle", "content", "style") if flat else ("style", "content", "doodle")
    if flat and "style_map" in taken:
        order = ("doodle", "style_map", "content", "style")
    elif flat and "style" not in taken and "style" not in used:
        order = ("doodle", "style_map", "content", "style")  # a lone flat picture is what people draw
    free = [role for role in (*order, "style_map", "content", "style", "doodle") if role not in used]
    return free[0]
