"""A map with named labels, and how the names travel: as JSON in a text chunk of the map's own PNG.

A program that knows nothing of them shows an ordinary flat-coloured picture; one that saves it again without the chunk
loses the names and nothing else.
"""

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, PngImagePlugin

from worker.contract.errors import PictureError
from worker.contract.maps.labels import label_map, no_flat_colours
from worker.contract.maps.names import colour_names, hex_of, unlike
from worker.contract.maps.palette import MOST_LABELS
from worker.contract.maps.reading import read_map
from worker.contract.maps.snap import Labels
from worker.contract.pictures import Rgb, decode

LABELS_KEY = "twobit:labels"
MOST_TEXT = 16_384  # characters of the chunk; 64 labels need a third
NAME_LENGTH = 36  # with a number behind it still one that a style takes, see bot.styles.description.Label
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


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

    def only(self, places: Sequence[int]) -> "NamedMap":
        """The map with only these labels in its legend; the others must have no pixel."""
        kept = sorted(places)
        into: Labels = np.zeros(len(self.names), np.uint8)
        into[kept] = np.arange(len(kept))
        return NamedMap(into[self.labels], self.colours[kept], tuple(self.names[place] for place in kept))

    def shares(self) -> list[float]:
        """Share of the pixels that each label has, in [0, 1]."""
        counts = np.bincount(self.labels.ravel(), minlength=len(self.names))
        return [float(count) / self.labels.size for count in counts]


def write_named(named: NamedMap) -> bytes:
    """PNG bytes with the names inside."""
    legend = [{"name": name, "colour": hex_of(c)} for name, c in zip(named.names, named.colours, strict=True)]
    info = PngImagePlugin.PngInfo()
    info.add_itxt(LABELS_KEY, json.dumps(legend, ensure_ascii=False))
    out = io.BytesIO()
    Image.fromarray(named.picture()).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def read_named(data: bytes, name: str) -> NamedMap:
    """The map in a file of labels, soft edges understood, see worker.contract.maps.labels.

    A file in which every colour is named is taken to the pixel; a label without a name is called by its colour.
    Raises PictureError, with the way out, for what can't be read, or is no map of at most MOST_LABELS labels.
    """
    known = read_names(data)
    exact = _exact(data, name, known) if known else None
    if exact is not None:
        return exact
    read = read_map(data, name)
    if read.kind == "vectors":
        raise PictureError(f"{name} holds {read.channels} numbers a pixel and no labels: give a map of flat colours")
    found = label_map(read)
    if found.painted or found.crowded:
        raise no_flat_colours(name)
    called = found.names or colour_names(found.colours)
    names = [known.get(hex_of(colour), word) for colour, word in zip(found.colours, called, strict=True)]
    whole = NamedMap(found.labels, found.colours, unlike(names))
    return whole.only(np.unique(found.labels).tolist())


def _exact(data: bytes, name: str, known: dict[str, str]) -> NamedMap | None:
    """The map as it is, when each of its colours has a name."""
    picture = decode(data, name).astype(np.uint32)
    packed = picture[..., 0] << 16 | picture[..., 1] << 8 | picture[..., 2]
    found, labels = np.unique(packed, return_inverse=True)
    if not {f"#{colour:06x}" for colour in found.tolist()} <= set(known):
        return None
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], 1).astype(np.uint8)
    names = unlike([known[hex_of(colour)] for colour in colours])
    return NamedMap(labels.reshape(packed.shape).astype(np.uint8), colours, names)


def read_names(data: bytes) -> dict[str, str]:
    """Names by colour (`#rrggbb`, lower case) that travel in a PNG; empty where there are none that can be read."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            text = image.info.get(LABELS_KEY)
        legend = json.loads(text) if isinstance(text, str) and len(text) <= MOST_TEXT else []
    except (OSError, ValueError, SyntaxError, RecursionError, Image.DecompressionBombError):
        return {}
    return checked_names(legend)


def checked_names(legend: object) -> dict[str, str]:
    """Of a list of {name, colour} that anybody may have written: the names that are fit to be shown, by colour."""
    names: dict[str, str] = {}
    for entry in legend[:MOST_LABELS] if isinstance(legend, list) else []:
        name, colour = (entry.get("name"), entry.get("colour")) if isinstance(entry, dict) else (None, None)
        if isinstance(colour, str) and COLOUR.fullmatch(colour) and isinstance(name, str) and clean(name):
            names[colour.lower()] = clean(name)
    return names


def clean(name: str) -> str:
    """A name fit to be shown and kept: one line, printable, at most NAME_LENGTH characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:NAME_LENGTH].strip()
