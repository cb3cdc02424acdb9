"""A map in mode `labels`: which labels it has, and where."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from worker.contract.errors import PictureError
from worker.contract.maps.flatness import flatness
from worker.contract.maps.palette import MOST_LABELS, Palette, find_palette, pack
from worker.contract.maps.reading import read_map
from worker.contract.maps.semantic_map import SemanticMap
from worker.contract.maps.snap import Labels, snap
from worker.contract.maps.windows import Rgb

DOTS = 2  # px around each pixel that are averaged where a picture seems to be dithered
MOST_EVENED = 1 << 22  # pixels; a second look at a large photo takes too long
HALF = 128
STRIP = 256  # rows worked on at once


@dataclass(frozen=True, slots=True)
class LabelMap:
    """One map as labels."""

    labels: Labels = field(repr=False)  # (H, W) uint8, index into colours
    colours: NDArray[np.uint8] = field(repr=False)  # (L, 3)
    names: tuple[str, ...] = ()  # of masks: one a label
    moved: float = 0.0  # share of the pixels whose colour was not exactly a label's
    noise: int = 0  # 0 for an exact file
    painted: bool = False  # True where it looks like a photo or a painting
    crowded: bool = False  # True where it has more than MOST_LABELS
    overlap: float = 0.0  # share of the pixels that several masks claim
    clear: bool = False  # True where transparent parts were laid over white

    def with_labels(self, labels: Labels) -> "LabelMap":
        """The same map with other pixels: cropped, padded, smoothed."""
        return replace(self, labels=labels)

    @property
    def shares(self) -> NDArray[np.float64]:
        """(L,) share of the pixels of each label."""
        return label_shares(self.labels, len(self.colours))


def label_shares(labels: Labels, count: int) -> NDArray[np.float64]:
    """(count,) share of the pixels of each label; counted in strips, as bincount makes int64 of what it counts."""
    counts = np.zeros(count, np.int64)
    for start in range(0, len(labels), STRIP):
        counts += np.bincount(labels[start : start + STRIP].ravel(), minlength=count)
    shares: NDArray[np.float64] = counts / labels.size
    return shares


def label_map(map_: SemanticMap) -> LabelMap:
    """The labels of a picture (H, W, 3) or of a stack of masks."""
    return _from_masks(map_) if map_.kind == "masks" else replace(_from_picture(map_), clear=map_.clear)


def map_colours(data: bytes, name: str) -> NDArray[np.uint8]:
    """(L, 3) colours of the labels of a map's file, most frequent first. Raises PictureError, also for a painting."""
    map_ = read_map(data, name)
    if map_.kind != "picture":
        raise PictureError(f"{name} is no picture of flat colours: save it as PNG")
    found = label_map(map_)
    if found.painted or found.crowded:
        raise no_flat_colours(name)
    return found.colours


def no_flat_colours(name: str) -> PictureError:
    """What is said of a painting, a photo or a gradient given as a map."""
    return PictureError(
        f"{name} has no flat colours, or more than {MOST_LABELS}: if it is a painting, "
        "`twobit map suggest` makes a map for it",
        "map_not_flat",
        name=name,
        most=MOST_LABELS,
    )


def _from_picture(map_: SemanticMap) -> LabelMap:
    """As it is, or evened first, where only dots of a few colours or coarse grain keep it from being a map."""
    picture = np.ascontiguousarray(map_.values, np.uint8)
    found = _found(picture, lossy=map_.lossy)
    if not found.painted or found.labels.size > MOST_EVENED:
        return found
    evened = _found(np.asarray(Image.fromarray(picture).filter(ImageFilter.BoxBlur(DOTS))), lossy=True)
    return found if evened.painted or evened.crowded else replace(evened, moved=1.0)


def _found(picture: Rgb, *, lossy: bool) -> LabelMap:
    palette = find_palette(picture, lossy=lossy)
    labels = snap(picture, palette)
    flat = palette.noise == 0 or flatness(picture, labels, palette.colours).is_map(len(palette))
    return LabelMap(
        labels=labels,
        colours=palette.colours,
        moved=_moved(picture, labels, palette) / labels.size,
        noise=palette.noise,
        painted=not flat,
        crowded=palette.more,
    )


def _moved(picture: Rgb, labels: Labels, palette: Palette) -> int:
    """How many pixels don't have exactly their label's colour."""
    moved, clean = 0, pack(palette.colours[None])[0]
    for start in range(0, len(labels), STRIP):
        moved += int((pack(picture[start : start + STRIP]) != clean.take(labels[start : start + STRIP])).sum())
    return moved


def _from_masks(map_: SemanticMap) -> LabelMap:
    """Each pixel to the mask that is brightest there; one more label where none is."""
    height, width, masks = map_.values.shape
    labels = np.empty((height, width), np.uint8)
    overlap = 0
    for start in range(0, height, STRIP):
        part = map_.values[start : start + STRIP]
        best = part.argmax(2).astype(np.uint8)
        claims = (part >= HALF).sum(2)
        best[claims == 0] = masks
        overlap += int((claims > 1).sum())
        labels[start : start + STRIP] = best
    names = map_.names or tuple(f"mask {index + 1}" for index in range(masks))
    return LabelMap(
        labels=labels,
        colours=_wheel(masks + 1),
        names=(*names, "no mask"),
        crowded=masks > MOST_LABELS,
        overlap=overlap / labels.size,
    )


def _wheel(count: int) -> NDArray[np.uint8]:
    """(count, 3) colours to show labels in that have none; the last is grey."""
    turn = np.arange(count)[:, None] * 0.618034 + np.array([0, 1 / 3, 2 / 3])
    colours = np.clip(np.abs((turn % 1) * 6 - 3) - 1, 0, 1) * 0.75 + 0.2
    colours[-1] = 0.5
    shown: NDArray[np.uint8] = np.rint(colours * 255).astype(np.uint8)
    return shown
