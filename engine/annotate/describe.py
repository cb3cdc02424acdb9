"""What each superpixel looks like and where it lies: one row of numbers in which distance means difference.

The weights were chosen by `python -m benchmarks.suggest`; docs/maps-suggest.md has the figures and what else was tried.
"""

import torch
from torch import Tensor

from engine.annotate.superpixels import means
from engine.network import Network

COLOUR, TEXTURE, SHALLOW, DEEP = 0.5, 0.2, 0.5, 0.9  # weights: Lab, its spread, conv3_1, conv4_1
DOWN, ACROSS = 1.75, 0.7  # weights of the place, in longer sides: paintings are layered from top to bottom
COMPONENTS = 24  # principal components kept of each layer
EVEN_COLOUR, EVEN_FEATURES = 0.4, 0.3  # 1 would give each component the same spread, 0 leaves them as they are


def describe(picture: Tensor, lab: Tensor, label: Tensor, network: Network) -> Tensor:
    """(N, D) float32 rows for the N superpixels of (H, W) `label`; (1, 3, H, W) sRGB and (3, H, W) its Lab."""
    count = int(label.max()) + 1
    flat = label.flatten()
    colour = means(lab.flatten(1), flat, count).t()
    spread = (means(lab.flatten(1).square(), flat, count).t() - colour.square()).clamp_min(0).sqrt()
    with torch.no_grad():
        features = network.features(picture, ("conv3_1", "conv4_1"))
    height, width = label.shape
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    place = means(torch.stack([y * DOWN, x * ACROSS]).flatten(1) / max(height, width), flat, count).t()
    return torch.cat(
        [
            evened(colour, COLOUR, EVEN_COLOUR),
            evened(spread, TEXTURE, 0),
            evened(over(features["conv3_1"], label, count), SHALLOW, EVEN_FEATURES),
            evened(over(features["conv4_1"], label, count), DEEP, EVEN_FEATURES),
            place - place.mean(0),
        ],
        dim=1,
    )


def over(features: Tensor, label: Tensor, count: int) -> Tensor:
    """(N, C) mean of (1, C, h, w) features, none negative, over each superpixel of (H, W), bilinearly."""
    # A root against the few cells that shout; then no channel counts only because its numbers are large.
    cells = features[0].sqrt()
    cells = cells / cells.square().mean((1, 2), keepdim=True).sqrt().clamp_min(1e-3).sqrt()
    rows, columns = cells.shape[1:]
    above, below, down = ends(label.shape[0], rows)
    left, right, across = ends(label.shape[1], columns)
    size = rows * columns
    weights = cells.new_zeros(count * size)
    for row, tall in ((above, 1 - down), (below, down)):
        for column, wide in ((left, 1 - across), (right, across)):
            place = label * size + row[:, None] * columns + column
            weights.index_add_(0, place.flatten(), (tall[:, None] * wide).flatten())
    weights = weights.view(count, size)
    return weights @ cells.flatten(1).t() / weights.sum(1, keepdim=True)


def ends(pixels: int, cells: int) -> tuple[Tensor, Tensor, Tensor]:
    """The two cells between whose centres each pixel lies, and how far it is on the way to the second."""
    at = ((torch.arange(pixels) + 0.5) * cells / pixels - 0.5).clamp(0, cells - 1)
    first = at.long()
    return first, (first + 1).clamp_max(cells - 1), at - first


def evened(rows: Tensor, weight: float, even: float) -> Tensor:
    """Principal components of (N, C) rows, partly evened out; the mean square length of a row is `weight` squared."""
    centred = rows - rows.mean(0)
    _, spread, axes = torch.linalg.svd(centred, full_matrices=False)
    axes = axes[:COMPONENTS] * axes[:COMPONENTS].sum(1, keepdim=True).sign()  # a sign is the library's whim
    turned = centred @ axes.t()
    scale = (spread[:COMPONENTS] / len(rows) ** 0.5).clamp_min(1e-6)
    turned = turned / scale**even
    length = turned.square().sum(1).mean().sqrt()
    scaled: Tensor = turned / length.clamp_min(1e-6) * weight
    return scaled
