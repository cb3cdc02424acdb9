"""Which label each pixel of two maps has, as the preview needs it: found where all maps are understood."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from worker.contract.fitting import Fitted
from worker.contract.pictures import Rgb

Labels = NDArray[np.intp]
Palette = NDArray[np.uint8]

MOST_BANDS = 16
BAND_WIDTH = 0.1  # of the values' range
BAND_SAMPLES = 1 << 14  # pixels looked at for bands


def find_labels(
    fitted: Fitted, style_size: tuple[int, int], doodle_size: tuple[int, int]
) -> tuple[Labels, Labels, int]:
    """((Hs, Ws) label of each pixel of the style map, (H, W) of the doodle, number of labels).

    Both in the (width, height) asked for, nearest pixel. Maps whose values are kept as they are, colours between labels
    or embeddings, are cut into at most MOST_BANDS bands of the style map's values.
    """
    if fitted.aligned is not None:
        style, doodle = sampled(fitted.aligned.style, style_size), sampled(fitted.aligned.doodle, doodle_size)
        return style.astype(np.intp), doodle.astype(np.intp), len(fitted.aligned.colours)
    style, doodle = sampled(fitted.style_map, style_size), sampled(fitted.doodle, doodle_size)
    bands = find_bands(style.reshape(-1, style.shape[2]))
    return nearest_band(style, bands), nearest_band(doodle, bands), len(bands)


def sampled(picture: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """(H, W, ...) at another (width, height), the nearest pixel each."""
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(np.intp)
        for new, old in ((size[1], picture.shape[0]), (size[0], picture.shape[1]))
    )
    found: NDArray[Any] = picture[rows[:, None], columns]
    return found


def find_bands(values: NDArray[Any]) -> NDArray[np.float32]:
    """(L, M) of (N, M) values, 1 <= L <= MOST_BANDS: each next the farthest from those before, while it is far."""
    some = values[:: max(1, len(values) // BAND_SAMPLES)].astype(np.float32)
    chosen = [some[0]]
    away = ((some - chosen[0]) ** 2).sum(1)
    least = (BAND_WIDTH * float((some.max(0) - some.min(0)).max())) ** 2
    while len(chosen) < MOST_BANDS and away.max() > least:
        chosen.append(some[int(away.argmax())])
        away = np.minimum(away, ((some - chosen[-1]) ** 2).sum(1))
    return np.stack(chosen)


def nearest_band(map_: NDArray[Any], bands: NDArray[np.float32]) -> Labels:
    """(H, W) index of the band nearest to each pixel of (H, W, M)."""
    rows = [((row[:, None].astype(np.float32) - bands) ** 2).sum(2).argmin(1) for row in map_]
    return np.stack(rows).astype(np.intp)


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
