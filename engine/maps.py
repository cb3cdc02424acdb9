"""From two semantic maps as people draw them to hard labels in one palette.

Maps come soft-edged, JPEG-compressed or as stacks of masks. A label is a colour that fills some flat spot of a map;
a colour that is only met on the way from one label to another is an edge, and takes the label next to it.
"""

from dataclasses import dataclass, field
from itertools import combinations

import torch
from torch import Tensor
from torch.nn import functional

from engine.errors import InputError
from engine.windows import window_max, window_min

FLAT = 0.02  # largest difference within a flat 3x3 spot, as a share of the maps' range
SAME = 0.06  # colours of one map nearer than this are one label
HALF = 0.5  # share of the pixels in flat spots, below which a map of many colours is noisy
MOSTLY_FLAT = 0.9  # share of the pixels that have their label's very colour in a map of flat labels
SPOTS = 48  # a sizeable spot is this part of the smaller side
RARE = 0.001  # share of the pixels below which a label needs a sizeable spot
ENOUGH = 512  # px of the smaller side that a palette is looked for in
COUNTERPART = 0.2  # a label of the doodle needs a label of the style map within this
MOST_LABELS = 32  # beyond this a map is continuous, and near colours are joined
MOST_EXACT = 256  # distinct colours in flat spots; beyond this the file was lossy
NOISE = 0.2  # how far a lossy file strays from a label in a flat spot
AROUND = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
UNPAINTED = "; maps of such vectors, which fill no regions, can be painted by method paper"
MOST_TOLD = 4  # values of a colour that a sentence names
LEVELS = 255  # steps of the range told apart while colours are counted


@dataclass(frozen=True, slots=True)
class Labels:
    """Two maps as label images in a common palette."""

    style: Tensor = field(repr=False)  # (Hs, Ws) int64, index into palette
    target: Tensor = field(repr=False)  # (H, W) int64, index into palette
    palette: Tensor = field(repr=False)  # (L, M) float32, in the maps' own units

    @property
    def count(self) -> int:
        """L, the number of labels."""
        return self.palette.shape[0]


def find_labels(style_map: Tensor, target_map: Tensor) -> Labels:
    """Label images of two maps, (1, M, Hs, Ws) and (1, M, H, W) float in the same unit, any range, any M >= 1.

    The palette is the style map's. Raises InputError where the target map has a label whose nearest label of the
    style map is further than COUNTERPART of the range: the message names both, the share of pixels and the way out.
    """
    style, target, low, span = scaled(style_map, target_map)
    style_palette = find_palette(style)
    target_palette = find_palette(target)
    target_label = snap(target, target_palette)
    distance = torch.cdist(target_palette, style_palette)
    nearest, counterpart = distance.min(1)
    colours, counterparts = target_palette * span + low, (style_palette * span + low)[counterpart]
    check_counterparts(target_label, nearest, colours, counterparts, UNPAINTED if len(low) > MOST_TOLD else "")
    return Labels(
        style=snap(style, style_palette), target=counterpart[target_label], palette=style_palette * span + low
    )


def refuse_strangers(style_map: Tensor, target_map: Tensor) -> None:
    """Raise InputError where maps of flat labels, shapes as in find_labels, have no label in common for a colour.

    For methods that compare colours and need no labels: a colour between two of the style map's is welcome, and so is
    a continuous map.
    """
    style, target, low, span = scaled(style_map, target_map)
    palette, wanted = find_palette(style), find_palette(target)
    if not (is_flat(style, palette) and is_flat(target, wanted)):
        return
    apart, counterpart = torch.cdist(wanted, palette).min(1)
    ways = list(combinations(palette, 2))
    between = [min((off_segment(colour, *way) for way in ways), default=torch.inf) for colour in wanted]
    strange = torch.minimum(apart, torch.tensor(between, device=apart.device))
    label = snap(target, wanted)
    check_counterparts(label, strange, wanted * span + low, (palette * span + low)[counterpart])


def scaled(style_map: Tensor, target_map: Tensor) -> tuple[Tensor, Tensor, Tensor, float]:
    """Both maps, shapes as in find_labels, as (M, H, W) in [0, 1]; (M,) their least values, and their range."""
    low = torch.minimum(style_map.amin((0, 2, 3)), target_map.amin((0, 2, 3)))
    high = torch.maximum(style_map.amax((0, 2, 3)), target_map.amax((0, 2, 3)))
    span = float((high - low).max()) or 1.0
    style, target = ((plane[0] - low.view(-1, 1, 1)) / span for plane in (style_map, target_map))
    return style, target, low, span


def is_flat(picture: Tensor, palette: Tensor) -> bool:
    """True where hardly a pixel of a map (M, H, W) in [0, 1] is off its palette."""
    nearest = torch.stack([away(picture.flatten(1), colour) for colour in palette]).amin(0)
    return float((nearest <= FLAT**2).float().mean()) >= MOSTLY_FLAT


def check_counterparts(
    label: Tensor, nearest: Tensor, colours: Tensor, counterparts: Tensor, other_way: str = ""
) -> None:
    """Raise InputError naming each colour whose distance `nearest` to the style map's palette is too great."""
    missing = torch.nonzero((nearest > COUNTERPART) & (torch.bincount(label.flatten(), minlength=len(nearest)) > 0))
    if not len(missing):
        return
    parts = [
        f"{colour_name(colours[k])} ({float((label == k).float().mean()):.1%} of the doodle; "
        f"nearest in the style map: {colour_name(counterparts[k])})"
        for k in missing[:, 0].tolist()
    ]
    raise InputError(
        f"the doodle has {len(parts)} colour{'s' * (len(parts) > 1)} that the style map lacks: {', '.join(parts)}: "
        "paint over with a colour of the style map, or add the colour to the style map" + other_way
    )


def colour_name(colour: Tensor) -> str:
    """`#ff3322` for RGB in [0, 1], else the plain values, of many the first."""
    values = colour.tolist()
    if len(values) == 3 and all(-1e-3 <= value <= 1 + 1e-3 for value in values):
        return "#" + "".join(f"{round(min(max(value, 0), 1) * 255):02x}" for value in values)
    more = [f"... {len(values)} values"] * (len(values) > MOST_TOLD)
    return "(" + ", ".join([f"{value:.3g}" for value in values[:MOST_TOLD]] + more) + ")"


def find_palette(picture: Tensor) -> Tensor:
    """(L, M) colours of the labels of a map (M, H, W) scaled to [0, 1], most frequent first, L >= 1."""
    step = max(1, min(picture.shape[1:]) // ENOUGH)
    picture = picture[:, ::step, ::step]
    flat, colours, counts = flat_colours(picture)
    radius = max(SAME, 3 * flat if flat > FLAT else 0)
    palette = join_colours(colours, counts, radius, least=max(4, picture[0].numel() // 50_000))
    while len(palette) > MOST_LABELS:
        radius *= 1.5
        palette = join_colours(colours, counts, radius, least=4)
    return drop_edges(palette, picture, flat)


def flat_colours(picture: Tensor) -> tuple[float, Tensor, Tensor]:
    """How much a flat spot of a map (M, H, W) may vary; (U, M) colours met in such spots, and (U,) how often each is.

    A small map, or one of fine lines, has few flat spots; with no more colours than labels it is flat all through.
    """
    pixels, spread = picture.flatten(1), local_spread(picture).flatten()
    flat = FLAT
    if float((spread <= flat).float().mean()) < HALF:
        colours, counts = count_colours(pixels)
        if len(colours) <= MOST_LABELS:
            return flat, colours, counts
    while flat < 1 and float((spread <= flat).float().mean()) < HALF:
        flat *= 2  # a noisy map: a scan, a hard-pressed JPEG
    return flat, *count_colours(pixels[:, spread <= flat])


def drop_edges(palette: Tensor, picture: Tensor, flat: float) -> Tensor:
    """The palette without colours that fill no sizeable spot and are rare, or half way between two more frequent ones.

    In an enlarged map each pixel of a soft edge is a flat block.
    """
    side = min(picture.shape[1:]) // SPOTS // 2 * 2 + 1
    if side <= 3 or len(palette) < 3:
        return palette
    pixels = picture.flatten(1)
    spots: Tensor | None = None
    kept = [palette[0], palette[1]]
    for colour in palette[2:]:
        if fills_spot(picture, colour, side):
            kept.append(colour)
            continue
        if spots is None:
            spots = pixels[:, (local_spread(picture, side) <= flat).flatten()]
        if bool((away(spots, colour) <= SAME**2).any()):
            kept.append(colour)
            continue
        between = min(off_segment(colour, one, other) for one, other in combinations(kept, 2)) <= SAME
        rare = float((away(pixels, colour) <= SAME**2).float().mean()) < RARE
        if not between and not rare:
            kept.append(colour)
    return torch.stack(kept)


def fills_spot(picture: Tensor, colour: Tensor, side: int) -> bool:
    """True where some side x side px of a map (M, H, W) are all of this very colour (M,).

    So it is with nearly every label of a clean map, and told in a fraction of the time that the spread takes.
    """
    same = picture[0] == colour[0]
    for plane, value in zip(picture[1:], colour[1:], strict=True):
        same &= plane == value
    return bool(window_min(same.byte(), side).any())


def away(pixels: Tensor, colour: Tensor) -> Tensor:
    """(N,) squared distance of pixels (M, N) from a colour (M,)."""
    return functional.mse_loss(pixels, colour[:, None].expand_as(pixels), reduction="none").sum(0)


def off_segment(colour: Tensor, one: Tensor, other: Tensor) -> float:
    """Distance of a colour from the straight line between two others, each (M,)."""
    way = other - one
    share = ((colour - one) @ way / (way @ way)).clamp(0, 1)
    return float((one + share * way - colour).norm())


def local_spread(picture: Tensor, side: int = 3) -> Tensor:
    """(H, W) largest difference in any channel within the side x side px around each pixel of (M, H, W)."""
    margin = side // 2
    padded = functional.pad(picture[None], (margin,) * 4, mode="replicate")
    return (window_max(padded, side) - window_min(padded, side)).amax(1)[0]


def count_colours(pixels: Tensor) -> tuple[Tensor, Tensor]:
    """(U, M) distinct colours of (M, N) pixels in [0, 1], and (U,) how often each is met."""
    steps = (pixels * LEVELS).round().long()
    factor = 1 + torch.arange(len(pixels), device=pixels.device) * 2_654_435_761
    key, order = torch.sort((steps * (factor % 1_000_003)[:, None] ** 2).sum(0))  # sorting whole rows is slow
    _, counts = torch.unique_consecutive(key, return_counts=True)
    first = order[counts.cumsum(0) - counts]
    return pixels[:, first].t(), counts


def join_colours(colours: Tensor, counts: Tensor, radius: float, least: int) -> Tensor:
    """The most frequent colours, each taking in all within `radius`, while one stands for `least` pixels.

    Where there are very many colours, the map went through a lossy file, and a rare one near a frequent one is its
    noise.
    """
    noisy = len(colours) > MOST_EXACT
    left = counts.clone()
    chosen: list[tuple[Tensor, int]] = []
    while len(chosen) <= MOST_LABELS and int(left.max()) > 0:
        peak = colours[left.argmax()]
        near = (colours - peak).norm(dim=1) <= radius
        size = int(left[near].sum())
        noise = noisy and any(size * 20 < other and (peak - colour).norm() < NOISE for colour, other in chosen)
        if not chosen or (size >= least and not noise):
            chosen.append((peak, size))
        left = torch.where(near, 0, left)
    return torch.stack([colour for colour, _ in chosen])


def snap(picture: Tensor, palette: Tensor) -> Tensor:
    """(H, W) int64 label of each pixel of (M, H, W): its own colour's, or on a soft edge that of a neighbour.

    An edge from black to white passes through grey without being grey: a pixel far from every colour of the palette,
    or alone of its kind, chooses the nearest in colour among the labels that its neighbours have.
    """
    distance = torch.stack([away(picture.flatten(1), colour) for colour in palette]).view(-1, *picture.shape[1:])
    closest, label = least(distance)
    sure = closest <= SAME**2
    known = functional.pad(torch.where(sure, label, -1), (1, 1, 1, 1), value=-2)
    height, width = label.shape
    company = sum((known[y : y + height, x : x + width] == label).byte() for y, x in AROUND)
    known = known[1:-1, 1:-1].masked_fill(sure & (company < 2), -1)
    return spread_labels(known.long(), distance) if bool((known >= 0).any()) else label.long()


def least(distance: Tensor) -> tuple[Tensor, Tensor]:
    """(H, W) the least of each pixel's distances (L, H, W), and (H, W) int16 whose it is; of equal ones the first's.

    Plane by plane, as `greatest` of the octaves, and with small numbers: memory is what these steps wait for.
    """
    closest, label = distance[0], torch.zeros(distance.shape[1:], dtype=torch.int16, device=distance.device)
    for index in range(1, len(distance)):
        label.masked_fill_(distance[index] < closest, index)
        closest = torch.minimum(closest, distance[index])
    return closest, label


def spread_labels(known: Tensor, distance: Tensor) -> Tensor:
    """Fill the -1 of `known` (H, W) from its edges inwards: of the neighbours' labels, that of least `distance`.

    distance  (L, H, W) from each pixel to each label
    """
    known = functional.pad(known, (1, 1, 1, 1), value=-2)
    unknown = torch.nonzero(known == -1)
    while len(unknown):
        row, column = unknown[:, 0], unknown[:, 1]
        labels = torch.stack([known[row + y - 1, column + x - 1] for y, x in AROUND])
        away = distance[labels.clamp_min(0), row - 1, column - 1].masked_fill(labels < 0, torch.inf)
        best, which = away.min(0)
        found = torch.isfinite(best)
        known[row[found], column[found]] = labels.gather(0, which[None])[0][found]
        unknown = unknown[~found]
    return known[1:-1, 1:-1]
