"""A map with named labels, and how the names travel: as JSON in a text chunk of the map's own PNG.

A program that knows nothing of them shows an ordinary flat-coloured picture; one that saves it again without the chunk
loses the names and nothing else.
"""

import io
import json
import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from worker.contract.errors import PictureError
from worker.contract.pictures import Rgb, decode

LABELS_KEY = "twobit:labels"
MOST_LABELS = 64
MOST_TEXT = 16_384  # characters of the chunk; 64 labels need a third
NAME_LENGTH = 60
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

Labels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class NamedMap:
    """A label image, and the colour and name of each label, in one order."""

    labels: Labels = field(repr=False)  # (H, W), index into colours and names
    colours: Rgb = field(repr=False)  # (L, 3), no two alike
    names: tuple[str, ...]  # L, no two alike

    def picture(self) -> Rgb:
        """(H, W, 3) uint8: the map as people see it."""
        flat: Rgb = self.colours[self.labels]
        return flat

    def shares(self) -> list[float]:
        """Share of the pixels that each label has, in [0, 1]."""
        counts = np.bincount(self.labels.ravel(), minlength=len(self.names))
        return [float(count) / self.labels.size for count in counts]


def write_map(named: NamedMap) -> bytes:
    """PNG bytes with the names inside."""
    legend = [{"name": name, "colour": to_hex(c)} for name, c in zip(named.names, named.colours, strict=True)]
    info = PngImagePlugin.PngInfo()
    info.add_itxt(LABELS_KEY, json.dumps(legend, ensure_ascii=False))
    out = io.BytesIO()
    Image.fromarray(named.picture()).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def read_map(data: bytes, name: str) -> NamedMap:
    """The map in a picture of at most MOST_LABELS exact colours; a label without a name is called by its colour.

    Raises PictureError, with the way out, for a picture that can't be read or has soft edges.
    """
    picture = decode(data, name).astype(np.uint32)
    packed = picture[..., 0] << 16 | picture[..., 1] << 8 | picture[..., 2]
    found, labels = np.unique(packed, return_inverse=True)
    if len(found) > MOST_LABELS:
        raise PictureError(
            f"{name} has {len(found)} colours and a map that is edited at most {MOST_LABELS}: "
            "save it as PNG without soft edges"
        )
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], 1).astype(np.uint8)
    known = read_names(data)
    names = [known.get(to_hex(colour), to_hex(colour)) for colour in colours]
    return NamedMap(labels.reshape(packed.shape).astype(np.uint8), colours, unlike(names))


def read_names(data: bytes) -> dict[str, str]:
    """Names by colour (`#rrggbb`, lower case) that travel in a PNG; empty where there are none that can be read."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            text = image.info.get(LABELS_KEY)
        legend = json.loads(text) if isinstance(text, str) and len(text) <= MOST_TEXT else []
    except (OSError, ValueError, SyntaxError, RecursionError, Image.DecompressionBombError):
        return {}
    names: dict[str, str] = {}
    for entry in legend[:MOST_LABELS] if isinstance(legend, list) else []:
        name, colour = (entry.get("name"), entry.get("colour")) if isinstance(entry, dict) else (None, None)
        if isinstance(colour, str) and COLOUR.fullmatch(colour) and isinstance(name, str) and clean(name):
            names[colour.lower()] = clean(name)
    return names


def clean(name: str) -> str:
    """A name fit to be shown and kept: one line, printable, at most NAME_LENGTH characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:NAME_LENGTH].strip()


def unlike(names: list[str]) -> tuple[str, ...]:
    """The names, a repeated one with a number behind it."""
    taken: set[str] = set()
    for place, name in enumerate(names):
        candidate, number = name, 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{name} {number}"
        taken.add(candidate.casefold())
        names[place] = candidate
    return tuple(names)


def to_hex(colour: NDArray[np.uint8]) -> str:
    """`#rrggbb` of three uint8."""
    return "#" + "".join(f"{int(value):02x}" for value in colour)
