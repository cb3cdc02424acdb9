"""The labels of a picture of flat colours: which of its colours are meant, and which only come of soft edges or noise.

A label is a colour that fills some spot of the map. What is met only on the way from one label to another, with both
beside it, is an edge; what strays a little from a far more frequent colour and fills no spot is noise.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from worker.contract.maps.windows import Rgb, alike, spread

MOST_LABELS = 64
RARE = 0.0005  # share of the pixels below which a colour without any flat spot is no label
PLAIN = 0.03  # share above which a colour is a label without further questions
SPOTS = 48  # a sizeable spot is this part of the smaller side
LOUD = 24  # how far a small thing's colour strays in a hard-pressed file
ROUGHEST = 48  # spread beyond which a pixel is an edge
MOST_SMALL, SMALL_SPOT = 32, 3  # how many small things are tried, and the px that one needs
CALM = 0.25  # part of its pixels that a hard-pressed file leaves calm in a small thing
WIDEST_NOISE = 11  # px, of the bands that a lossy file leaves beside an edge
STRAY = 48.0  # RGB distance within which noise keeps to its label
DOMINATED = 20  # times: noise is so much rarer than its label
EDGE = 14.0  # RGB distance within which a colour lies on the way between two others
OVERSHOOT = 0.2  # sharpening and JPEG go beyond the two ends of an edge by this part of the way
WITNESSES = 1500  # pixels of a colour that are looked at for a spot
SPOT_POINTS = 5  # of each row and column of a spot that are looked at
BESIDE, BESIDE_POINTS = 150, 9  # the same for what lies beside
MOSTLY = 0.6  # share of a colour's pixels on an edge that makes it one
MOST_COUNTED = 1 << 18  # colours of a map that are told apart: a large photo has millions
MANY_PIXELS_A_RUN = 8  # in a flat map, on average and at least
MOST_TRIED = 128  # colours of a map that are looked at
NOISY = 0.03  # share of pixels close to a label but not it, above which a file once was lossy
NOISE = 10.0  # RGB distance within which colours of a lossy file are one label

Colours = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a map's labels, most frequent first."""

    colours: Rgb = field(repr=False)  # (L, 3)
    noise: int  # 0 for an exact file; else the spread in a flat spot, 0 to 255
    more: bool = False  # True where there were more than MOST_LABELS

    def __len__(self) -> int:
        """L."""
        return len(self.colours)


def find_palette(picture: Rgb, *, lossy: bool = False) -> Palette:
    """The labels of (H, W, 3) uint8; `lossy`: the file's format is."""
    codes = pack(picture)
    flat = alike(codes)
    if not lossy and flat.mean() >= 0.5:
        colours, counts = count(codes[flat])
        spotted = set(colours.tolist())
        every, often = count(codes)
        if _stray_share(every, often, colours[np.argsort(-counts)][:MOST_LABELS]) <= NOISY:
            kept = (often >= RARE * codes.size) | np.isin(every, list(spotted))
            return _sift(_Map(picture, codes, 0), every[kept], often[kept])
    return _sift_noisy(picture, codes, lossy=lossy)


def pack(picture: Rgb) -> NDArray[np.uint32]:
    """(H, W) uint32, one number per colour of (H, W, 3) uint8."""
    codes = picture[..., 0].astype(np.uint32)
    for channel in (1, 2):
        codes <<= np.uint32(8)
        codes |= picture[..., channel]
    return codes


def unpack(codes: NDArray[np.uint32]) -> Rgb:
    """(N, 3) uint8 from the numbers that `pack` makes."""
    return np.stack([(codes >> np.uint32(shift)) & np.uint32(255) for shift in (16, 8, 0)], axis=-1).astype(np.uint8)


def count(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Distinct codes and how often each is met, in any order; of more than MOST_COUNTED the most frequent."""
    flat = codes.ravel()
    changes = flat[1:] != flat[:-1]
    if np.count_nonzero(changes) * MANY_PIXELS_A_RUN < flat.size:
        # A flat map has few runs of one colour: sorting those, not the pixels, takes a tenth of the time.
        starts = np.concatenate([[0], np.flatnonzero(changes) + 1])
        found, run = np.unique(flat[starts], return_inverse=True)
        counts = np.bincount(run, weights=np.diff(starts, append=flat.size)).astype(np.int64)
    else:
        found, counts = np.unique(flat, return_counts=True)
    if len(found) > MOST_COUNTED:
        most = np.argpartition(counts, -MOST_COUNTED)[-MOST_COUNTED:]
        found, counts = found[most], counts[most]
    return found, counts.astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Map:
    picture: Rgb
    codes: NDArray[np.uint32]
    noise: int

    @property
    def side(self) -> int:
        """px of a sizeable spot."""
        share = int(min(self.codes.shape)) // SPOTS
        return max(3, share) // 2 * 2 + 1 if self.noise == 0 else min(max(9, share // 2 * 2 + 1), WIDEST_NOISE)

    def places(self, colour: Colours, reach: float) -> NDArray[np.intp]:
        """Where the pixels of a colour are."""
        if reach == 0:
            places = np.flatnonzero(self.codes == pack(colour.astype(np.uint8)[None, None])[0, 0])
        else:
            places = np.flatnonzero(near(self.picture, colour, reach))
        return places

    def around(self, places: NDArray[np.intp], radius: int, points: int) -> NDArray[np.int16]:
        """(N, points, points, 3): colours at a grid of points about each place, at most `radius` px away."""
        row, column = np.divmod(places, self.codes.shape[1])
        offset = np.unique(np.linspace(-radius, radius, points).round().astype(int))
        rows = (row[:, None] + offset).clip(0, self.codes.shape[0] - 1)
        columns = (column[:, None] + offset).clip(0, self.codes.shape[1] - 1)
        seen: NDArray[np.int16] = self.picture[rows[:, :, None], columns[:, None, :]].astype(np.int16)
        return seen

    def has_spot(self, colour: Colours, places: NDArray[np.intp], side: int, reach: float) -> bool:
        """True where the side x side px about one of the places are all of a colour, and all within the map."""
        margin = side // 2
        row, column = np.divmod(places, self.codes.shape[1])
        height, width = self.codes.shape
        inside = (row >= margin) & (row < height - margin) & (column >= margin) & (column < width - margin)
        places = places[inside]
        places = places[:: max(1, len(places) // WITNESSES)]
        return bool(
            (np.abs(self.around(places, margin, SPOT_POINTS) - colour).max((1, 2, 3), initial=0) <= reach).any()
        )


def near(picture: Rgb, colour: Colours, reach: float) -> NDArray[np.bool_]:
    """(H, W) True within a cube of half side `reach` about a colour."""
    low = np.clip(np.ceil(colour - reach), 0, 255).astype(np.uint8)
    high = np.clip(np.floor(colour + reach), 0, 255).astype(np.uint8)
    inside = np.ones(picture.shape[:2], bool)
    for channel in range(3):
        plane = picture[..., channel]
        inside &= (plane >= low[channel]) & (plane <= high[channel])
    return inside


def _sift_noisy(picture: Rgb, codes: NDArray[np.uint32], *, lossy: bool) -> Palette:
    roughness = spread(picture)
    noise = next((level for level in (4, 8, 12, 16, 24, 32) if (roughness <= level).mean() >= 0.5), 48)
    codes_flat, counts = count(codes[roughness <= noise])
    if not len(codes_flat):
        codes_flat, counts = count(codes)
    most = np.argsort(-counts, kind="stable")[: 16 * MOST_TRIED]
    codes_flat, counts = codes_flat[most], counts[most]
    radius = max(NOISE, 1.5 * noise) if lossy or noise > 4 else NOISE
    joined, sizes = _join(codes_flat, counts, radius)
    kept = sizes >= min(max(4, 0.00002 * codes.size), sizes.max())
    palette = _sift(_Map(picture, codes, noise), joined[kept], sizes[kept])
    return _with_small(palette, _Map(picture, codes, max(noise, LOUD)), count(codes[roughness <= ROUGHEST]))


def _with_small(palette: Palette, map_: _Map, found: tuple[NDArray[np.uint32], NDArray[np.int64]]) -> Palette:
    """The palette and what is unlike all of it, yet too small to have a flat spot of its own: eyes in a hard JPEG."""
    codes, counts = found
    away = np.full(len(codes), np.inf, np.float32)
    for label in palette.colours.astype(np.float32):
        np.minimum(away, ((unpack(codes) - label) ** 2).sum(1), out=away)
    unlike = away > STRAY**2
    if not unlike.any():
        return palette
    joined, sizes = _join(codes[unlike], counts[unlike], LOUD, MOST_SMALL)
    colours = palette.colours.astype(np.float32)
    least = RARE * map_.codes.size
    for colour, size in zip(unpack(joined).astype(np.float32), sizes, strict=True):
        ways = between(colour, colours, loose=True)
        # What is not a mixture of others needs no calm pixels of that number: a hard JPEG leaves an eye few.
        if size < (least if ways else least * CALM) or ((colours - colour) ** 2).sum(1).min() <= STRAY**2:
            continue
        places = map_.places(colour, LOUD)
        if len(places) >= least and map_.has_spot(colour, places, WIDEST_NOISE if ways else SMALL_SPOT, LOUD):
            colours = np.concatenate([colours, colour[None]])
    return replace(palette, colours=colours[:MOST_LABELS].astype(np.uint8))


def _join(
    codes: NDArray[np.uint32], counts: NDArray[np.int64], radius: float, most: int = MOST_TRIED
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The most frequent colours, each taking in what is left within `radius`; and how many pixels each stands for."""
    colours = unpack(codes).astype(np.float32)
    left = counts.copy()
    found: list[tuple[int, int]] = []
    while len(found) < most and left.any():
        peak = int(left.argmax())
        close = ((colours - colours[peak]) ** 2).sum(1) <= radius**2
        found.append((peak, int(left[close].sum())))
        left[close] = 0
    order = [peak for peak, _ in found]
    return codes[order], np.array([size for _, size in found], np.int64)


def _stray_share(codes: NDArray[np.uint32], counts: NDArray[np.int64], labels: NDArray[np.uint32]) -> float:
    """Share of the pixels that are close to one of some labels without being it."""
    colours = unpack(codes).astype(np.float32)
    close = np.zeros(len(codes), bool)
    for label in unpack(labels).astype(np.float32):
        close |= np.abs(colours - label).max(1) <= NOISE
    close &= ~np.isin(codes, labels)
    return float(counts[close].sum() / counts.sum())


def _sift(map_: _Map, codes: NDArray[np.uint32], counts: NDArray[np.int64]) -> Palette:
    """Of some colours the ones that are labels."""
    order = np.argsort(-counts, kind="stable")[:MOST_TRIED]
    counts = counts[order]
    colours = unpack(codes[order]).astype(np.float32)
    kept: list[int] = []
    for index in range(len(colours)):
        if len(kept) <= MOST_LABELS and _is_label(map_, colours, counts, index, kept):
            kept.append(index)
    return Palette(colours=colours[kept[:MOST_LABELS]].astype(np.uint8), noise=map_.noise, more=len(kept) > MOST_LABELS)


def _is_label(map_: _Map, colours: Colours, counts: NDArray[np.int64], index: int, kept: list[int]) -> bool:
    colour = colours[index]
    if not kept or counts[index] >= PLAIN * map_.codes.size:
        return True
    away = np.linalg.norm(colours[kept] - colour, axis=1)
    strays = (counts[index] * DOMINATED < counts[kept]) & (away <= STRAY)
    ways = between(colour, colours[kept], loose=map_.noise > 0)
    rare = counts[index] < RARE * map_.codes.size
    if not strays.any() and not len(ways) and not rare:
        return True
    reach = 0.0 if map_.noise == 0 else max(NOISE, map_.noise)
    apart = min(reach, float(away[strays].min()) / 3) if strays.any() else reach
    side = map_.side if strays.any() or len(ways) else map_.side // 4 * 2 + 1
    places = map_.places(colour, apart)
    rare = len(places) < RARE * map_.codes.size  # in a lossy file more of it may lie outside of flat spots
    spot = map_.has_spot(colour, places, side, apart)
    if spot or rare or strays.any():
        return spot
    around = map_.around(places[:: len(places) // BESIDE + 1], max(4, min(map_.codes.shape) // SPOTS), BESIDE_POINTS)
    return not ways or not _on_edges(around, colours[kept], ways, max(NOISE, reach))


def _on_edges(around: NDArray[np.int16], labels: Colours, ways: list[tuple[int, int]], reach: float) -> bool:
    """True where most of a colour's pixels have both ends of some way beside them."""
    beside = {
        end: (np.abs(around - labels[end]).max(3) <= reach).any((1, 2)) for end in {end for way in ways for end in way}
    }
    on_edge = np.any([beside[one] & beside[other] for one, other in ways], axis=0)
    return bool(on_edge.mean() >= MOSTLY)


def between(colour: Colours, ends: Colours, *, loose: bool = False) -> list[tuple[int, int]]:
    """The pairs of `ends` (K, 3), as indices, that a colour (3,) lies on the way between.

    `loose`: brightness and hue may be at different places of the way, as JPEG keeps hue at half the size.
    """
    one, other = np.triu_indices(len(ends), 1)
    here, way = colour - ends[one], ends[other] - ends[one]
    on_way = (np.abs(here).max(1) > EDGE) & (np.abs(way - here).max(1) > EDGE)  # beside an end is no way
    if loose:
        light, here_light = way @ LUMA, here @ LUMA
        on_way &= (here_light >= np.minimum(light, 0) - EDGE) & (here_light <= np.maximum(light, 0) + EDGE)
        here, way = here - here_light[:, None], way - light[:, None]
    length = (way**2).sum(1)
    share = np.clip((here * way).sum(1) / np.maximum(length, 1), -OVERSHOOT, 1 + OVERSHOOT)
    share[length < EDGE**2] = 0
    on_way &= np.linalg.norm(here - share[:, None] * way, axis=1) <= EDGE
    return list(zip(one[on_way].tolist(), other[on_way].tolist(), strict=True))


LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, as JPEG has it
