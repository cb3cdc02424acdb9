"""How good a painted doodle is, from its pixels alone: no network, so that nothing can be tuned to its own loss.

leak    share of the painting's 8x8 patches whose nearest style patch lies in another label than the doodle asks for,
        mean over labels and over three scales; 0 is best
swd     sliced Wasserstein distance between the 7x7 patches of a region in painting and style, over the distance
        between two parts of the style's own region, mean over regions and scales; below 1 is as close as the style
        is to itself
sharp   gradient energy within regions over the style's; 1 is best, less is blurred, more is noisy
reuse   share of a region's style patches that are the nearest of some patch of the painting; 1 is all, 0 repeats
border  gradient energy in the 8 px band along borders over that of the style along borders of the same two labels;
        below 0.8 is a blurred halo
blocks  64x64 px windows of the painting that are in the style as they are, of windows tried
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import torch
from torch import Tensor
from torch.nn import functional

from engine.maps import Labels

SCALES = {1: 4, 2: 2, 4: 1}  # reduction: stride of the patches, which are 4 px apart at each
AGREED = 0.9  # share of a patch that has to be of one label
FEW = 20  # patches of a label below which it is left out
BAND = 4  # px to each side of a border


@dataclass(frozen=True, slots=True)
class Quality:
    """The figures of one painting; NaN where there is nothing to compare."""

    leak: float
    swd: float
    sharp: float
    reuse: float
    border: float
    blocks: int


@dataclass(frozen=True, slots=True)
class View:
    """Style and painting at one scale, with label images of the same sizes."""

    style: Tensor  # (1, 3, Hs, Ws)
    painting: Tensor  # (1, 3, H, W)
    style_label: Tensor  # (Hs, Ws)
    painting_label: Tensor  # (H, W)
    stride: int


def measure(style: Tensor, painting: Tensor, labels: Labels) -> Quality:
    """All figures for a painting (1, 3, H, W) of `labels` in the manner of `style` (1, 3, Hs, Ws), all on the CPU."""
    leaks: list[float] = []
    reuses: list[float] = []
    distances: list[float] = []
    energies: list[float] = []
    for view in views(style, painting, labels):
        leak, reuse = leak_and_reuse(view, labels.count)
        leaks += leak
        reuses += reuse
        distances += region_distances(view, labels.count)
        if view.stride == SCALES[1]:
            energies = region_energies(view, labels.count)
    return Quality(
        leak=mean(leaks),
        swd=mean(distances),
        sharp=geometric(energies),
        reuse=mean(reuses),
        border=geometric(border_energies(style, painting, labels)),
        blocks=copied_blocks(style, painting),
    )


def measure_leak(style: Tensor, painting: Tensor, labels: Labels) -> float:
    """Of `measure` the leak alone."""
    return mean([leak for view in views(style, painting, labels) for leak in leak_and_reuse(view, labels.count)[0]])


def views(style: Tensor, painting: Tensor, labels: Labels) -> Iterator[View]:
    """The pictures at full size, a half and a quarter."""
    for scale, stride in SCALES.items():
        small = [functional.avg_pool2d(picture, scale) for picture in (style, painting)]
        label = [
            image[scale // 2 :: scale, scale // 2 :: scale][: picture.shape[2], : picture.shape[3]]
            for image, picture in zip((labels.style, labels.target), small, strict=True)
        ]
        yield View(small[0], small[1], label[0], label[1], stride)


def cut(picture: Tensor, label: Tensor, count: int, side: int, stride: int) -> tuple[Tensor, Tensor]:
    """(N, 3 * side^2) patches of one label each, and (N,) their labels."""
    patches = functional.unfold(picture, side, stride=stride)[0].t()
    one = functional.one_hot(label, count).permute(2, 0, 1)[None].float()
    share, main = functional.avg_pool2d(one, side, stride)[0].flatten(1).max(0)
    return patches[share >= AGREED], main[share >= AGREED]


def leak_and_reuse(view: View, count: int) -> tuple[list[float], list[float]]:
    """One leak (mean over labels) and one reuse per label, of one scale."""
    source, source_label = cut(view.style, view.style_label, count, 8, view.stride)
    made, made_label = cut(view.painting, view.painting_label, count, 8, view.stride)
    had = torch.bincount(source_label, minlength=count) > 0
    made, made_label = made[had[made_label]], made_label[had[made_label]]
    nearest = nearest_rows(made, source)
    leaks, reuses = [], []
    for label in range(count):
        mine = made_label == label
        if int(mine.sum()) < FEW:
            continue
        found = nearest[mine]
        at_home = source_label[found] == label
        leaks.append(1 - float(at_home.float().mean()))
        most = min(int(mine.sum()), int((source_label == label).sum()))
        reuses.append(len(torch.unique(found[at_home])) / most)
    return ([mean(leaks)] if leaks else []), reuses


def nearest_rows(rows: Tensor, table: Tensor) -> Tensor:
    """(N,) index of the row of `table` (Nt, D) nearest to each of `rows` (N, D)."""
    length = table.square().sum(1)
    parts = [torch.addmm(length[None], part, table.t(), alpha=-2).argmin(1) for part in torch.split(rows, 2048)]
    return torch.cat(parts) if parts else torch.zeros(0, dtype=torch.long)


def region_distances(view: View, count: int) -> list[float]:
    """One sliced Wasserstein ratio per label, of one scale."""
    source, source_label = cut(view.style, view.style_label, count, 7, 2)
    made, made_label = cut(view.painting, view.painting_label, count, 7, 2)
    ratios = []
    for label in range(count):
        mine, theirs = made[made_label == label], source[source_label == label]
        if len(theirs) < 200 or len(mine) < 100:
            continue
        shuffled = theirs[torch.randperm(len(theirs), generator=torch.Generator().manual_seed(3))]
        half = len(theirs) // 2
        # two random halves are too alike and the upper and lower half too unlike: the mean of the two is fair
        own = (distance(shuffled[:half], shuffled[half:]) + distance(theirs[:half], theirs[half:])) / 2
        ratios.append(distance(mine, shuffled) / (own + 1e-6))
    return ratios


def distance(some: Tensor, others: Tensor) -> float:
    """Sliced Wasserstein distance of two sets of rows: mean over 128 directions of that between their quantiles."""
    directions = torch.randn(some.shape[1], 128, generator=torch.Generator().manual_seed(1))
    directions = functional.normalize(directions, dim=0)
    levels = torch.linspace(0, 1, 257)
    quantiles = [torch.quantile(thin(rows) @ directions, levels, 0) for rows in (some, others)]
    return float((quantiles[0] - quantiles[1]).abs().mean())


def thin(rows: Tensor, most: int = 6000) -> Tensor:
    """At most `most` of the rows, chosen at random."""
    if len(rows) <= most:
        return rows
    return rows[torch.randperm(len(rows), generator=torch.Generator().manual_seed(2))[:most]]


def region_energies(view: View, count: int) -> list[float]:
    """Gradient energy of the painting over the style's, one per label."""
    source, source_label = cut(view.style, view.style_label, count, 7, 2)
    made, made_label = cut(view.painting, view.painting_label, count, 7, 2)
    ratios = []
    for label in range(count):
        mine, theirs = made[made_label == label], source[source_label == label]
        if len(theirs) >= 200 and len(mine) >= 100:
            ratios.append(patch_energy(mine) / max(patch_energy(theirs), 1e-9))
    return ratios


def patch_energy(rows: Tensor) -> float:
    """Mean squared difference of neighbouring pixels in 7x7 patches, down and across."""
    pixels = rows.view(-1, 3, 7, 7)
    return float(pixels.diff(dim=2).square().mean() + pixels.diff(dim=3).square().mean())


def border_energies(style: Tensor, painting: Tensor, labels: Labels) -> list[float]:
    """Gradient energy along borders of the painting over the style's, one per pair of labels that both have."""
    ratios = []
    for pair in combinations(range(labels.count), 2):
        bands = [band(image, *pair) for image in (labels.style, labels.target)]
        if min(int(inside.sum()) for inside in bands) >= 400:
            theirs, mine = (
                float(energy(picture)[inside].mean()) for picture, inside in zip((style, painting), bands, strict=True)
            )
            ratios.append(mine / max(theirs, 1e-9))
    return ratios


def band(label: Tensor, one: int, other: int) -> Tensor:
    """(H, W) True within BAND px of both labels, and of either of them."""
    masks = torch.stack([label == one, label == other]).float()[None]
    near = functional.max_pool2d(masks, 2 * BAND + 1, 1, BAND)[0] > 0
    return near.all(0) & ((label == one) | (label == other))


def energy(picture: Tensor) -> Tensor:
    """(H, W) squared difference of each pixel of (1, 3, H, W) to the next down and across, mean over colours."""
    padded = functional.pad(picture, (0, 1, 0, 1), mode="replicate")
    down, across = padded[:, :, 1:, :-1] - picture, padded[:, :, :-1, 1:] - picture
    return (down.square() + across.square()).mean((0, 1))


def copied_blocks(style: Tensor, painting: Tensor, side: int = 64, step: int = 16) -> int:
    """How many side x side windows of the painting, `step` px apart, are in the style with hardly a pixel changed.

    The middle 16x16 px of a window say where in the style it would have to be.
    """
    core, margin, tolerance = 16, (side - 16) // 2, 2 / 255
    if min(*painting.shape[2:], *style.shape[2:]) < side:
        return 0
    inner = painting[:, :, margin : painting.shape[2] - margin, margin : painting.shape[3] - margin].mean(1, True)
    cores = functional.unfold(inner, core, stride=step)[0].t()
    down, across = style.shape[2] - side + 1, style.shape[3] - side + 1
    best, where = cores.new_full((len(cores),), torch.inf), torch.zeros(len(cores), dtype=torch.long)
    grey = style.mean(1, True)[:, :, margin:, margin:]
    for row in range(down):
        table = functional.unfold(grey[:, :, row : row + core, : across + core - 1], core)[0]
        cost, column = (table.square().sum(0) - 2 * cores @ table).min(1)
        better = cost < best
        best, where = torch.where(better, cost, best), torch.where(better, row * across + column, where)
    columns = (painting.shape[3] - side) // step + 1
    count = 0
    for index, source in enumerate(where.tolist()):
        y, x = index // columns * step, index % columns * step
        v, u = divmod(source, across)
        difference = painting[..., y : y + side, x : x + side] - style[..., v : v + side, u : u + side]
        count += float(difference.abs().mean()) < tolerance
    return count


def mean(values: list[float]) -> float:
    """Mean, NaN of none."""
    return sum(values) / len(values) if values else float("nan")


def geometric(values: list[float]) -> float:
    """Geometric mean, NaN of none."""
    return float(torch.tensor(values).log().mean().exp()) if values else float("nan")
