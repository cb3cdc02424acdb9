"""Which label each pixel of two maps has; the least that a preview needs."""

import numpy as np
from numpy.typing import NDArray

from worker.contract.pictures import Rgb

Labels = NDArray[np.intp]
Palette = NDArray[np.uint8]

MOST_LABELS = 32
LEAST_SHARE = 0.001  # of a map's pixels: eyes are that small, and count
SAME = 60.0  # RGB distance within which a rarer colour is an edge or noise of the more frequent one
COUNTED = 1 << 18  # pixels that a palette is looked for in


def find_labels(style_map: Rgb, doodle: Rgb) -> tuple[Labels, Labels, int]:
    """((Hs, Ws) label of each pixel of the style map, (H, W) of the doodle, number of labels).

    The palette is the style map's; every pixel takes the label whose colour is nearest.
    """
    palette = find_palette(style_map)
    return nearest(style_map, palette), nearest(doodle, palette), len(palette)


def find_palette(style_map: Rgb) -> Palette:
    """(L, 3) colours of a map's labels, most frequent first, 1 <= L <= MOST_LABELS."""
    step = max(1, int(np.sqrt(style_map.shape[0] * style_map.shape[1] / COUNTED)))
    colours, counts = distinct(style_map[::step, ::step])
    order = np.argsort(-counts, kind="stable")
    least = LEAST_SHARE * counts.sum()
    chosen: list[Palette] = []
    for index in order:
        far = [np.linalg.norm(colours[index].astype(np.float64) - colour) for colour in chosen]
        if chosen and (len(chosen) == MOST_LABELS or counts[index] < least):
            break
        if not far or min(far) >= SAME:
            chosen.append(colours[index])
    return np.stack(chosen)


def nearest(picture: Rgb, palette: Palette) -> Labels:
    """(H, W) index of the palette's colour nearest to each pixel."""
    colours, _, which = _unique(picture)
    closest = np.full(len(colours), np.iinfo(np.int32).max, np.int32)
    label = np.zeros(len(colours), np.intp)
    for index, colour in enumerate(palette):  # one by one: a photo sent as a map has a million colours
        far = squared_distance(colours, colour)
        label[far < closest] = index
        closest = np.minimum(closest, far)
    labels: Labels = label[which].reshape(picture.shape[:2])
    return labels


def squared_distance(colours: Palette, colour: Palette) -> NDArray[np.int32]:
    """(U,) of (U, 3) colours from one (3,), in RGB."""
    away = (colours.astype(np.int16) - colour.astype(np.int16)).astype(np.int32)
    return np.asarray((away**2).sum(axis=1), np.int32)


def distinct(picture: Rgb) -> tuple[Palette, NDArray[np.intp]]:
    """(U, 3) distinct colours of a picture, and (U,) how many pixels have each."""
    colours, counts, _ = _unique(picture)
    return colours, counts


def _unique(picture: Rgb) -> tuple[Palette, NDArray[np.intp], NDArray[np.intp]]:
    """(U, 3) distinct colours, (U,) how often each is met, (H * W,) which one each pixel has."""
    wide = picture.astype(np.uint32)
    codes = (wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]).ravel()
    # A table of all 2^24 colours is quicker than sorting a large map.
    seen = np.bincount(codes, minlength=1) if codes.size > 1 << 20 else None
    if seen is None:
        found, which, counts = np.unique(codes, return_inverse=True, return_counts=True)
    else:
        found = np.flatnonzero(seen)
        place = np.zeros(len(seen), np.int32)
        place[found] = np.arange(len(found))
        which, counts = place[codes].astype(np.intp), seen[found]
    colours = np.stack([found >> 16 & 255, found >> 8 & 255, found & 255], axis=1).astype(np.uint8)
    return colours, counts, which
