"""What is doubtful about a map and a doodle, told before anything is painted."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from bot.discord.words import say
from worker.contract.pictures import Rgb, decode

LEAST = 0.005  # share of a map below which a colour is an edge's, not a label's
NEAR = 48.0  # RGB distance within which two colours are one label
MOST = 24
PREVIEW_SIDE = 360


@dataclass(frozen=True, slots=True)
class Entry:
    """One label."""

    name: str
    colour: str  # #rrggbb
    style: float  # shares, 0 to 1
    doodle: float


@dataclass(frozen=True, slots=True)
class Doubts:
    """What was understood; `sentences` is empty when nothing is doubtful."""

    sentences: tuple[str, ...] = ()
    legend: tuple[Entry, ...] = ()
    preview: bytes | None = None  # PNG

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of those that occur in the doodle."""
        return tuple(entry.name for entry in self.legend if entry.doodle > 0)

    def told(self, language: str, *, suggested: bool = False) -> str:
        """For a message."""
        lines = [say(language, "map.title")]
        if suggested:
            lines.append(say(language, "map.suggested"))
        lines += [f"⚠️ {sentence}" for sentence in self.sentences]
        if self.legend:
            lines.append(say(language, "map.legend"))
            lines += [
                say(
                    language,
                    "map.legend_line",
                    colour=entry.colour,
                    name=entry.name,
                    style=f"{entry.style:.0%}",
                    doodle=f"{entry.doodle:.0%}",
                )
                for entry in self.legend[:MOST]
            ]
        return "\n".join(lines)[:1900]


def doubts_of(style_map: bytes, doodle: bytes, names: Mapping[str, str]) -> Doubts:
    """Look at both maps; `names`: what a style calls its colours (#rrggbb to name). Raises PictureError."""
    return _simple(decode(style_map, "The style map"), decode(doodle, "The doodle"), names)


def _simple(style_map: Rgb, doodle: Rgb, names: Mapping[str, str]) -> Doubts:
    style, drawn = colours_of(style_map), colours_of(doodle)
    legend, sentences = [], []
    for colour, share in style.items():
        found = sum(part for other, part in drawn.items() if _far(colour, other) <= NEAR)
        legend.append(Entry(names.get(colour, colour), colour, share, found))
    for colour, share in drawn.items():
        if all(_far(colour, other) > NEAR for other in style):
            sentences.append(
                f"{colour} covers {share:.0%} of the doodle and is not in the style map: "
                "use one of the colours below, or it is painted like the nearest of them."
            )
            legend.append(Entry(colour, colour, 0.0, share))
    return Doubts(tuple(sentences), tuple(legend), _side_by_side(style_map, doodle) if sentences else None)


def colours_of(picture: Rgb) -> dict[str, float]:
    """Colours of a flat picture and their shares, the largest first; edges of antialiasing are left out."""
    flat = picture.reshape(-1, 3).astype(np.uint32)
    codes, counts = np.unique(flat[:, 0] << 16 | flat[:, 1] << 8 | flat[:, 2], return_counts=True)
    order = np.argsort(-counts)[:MOST]
    shares = {f"#{int(codes[k]):06x}": float(counts[k]) / len(flat) for k in order}
    return {colour: share for colour, share in shares.items() if share >= LEAST}


def _far(one: str, other: str) -> float:
    a, b = (np.array(list(bytes.fromhex(colour[1:])), float) for colour in (one, other))
    return float(np.linalg.norm(a - b))


def _side_by_side(*pictures: Rgb) -> bytes:
    images = [Image.fromarray(picture) for picture in pictures]
    for image in images:
        image.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.NEAREST)
    width, height = sum(image.width for image in images) + 8 * (len(images) - 1), max(image.height for image in images)
    sheet = Image.new("RGB", (width, height), "white")
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + 8
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
