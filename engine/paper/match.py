"""Nearest style patch of every patch, by normalised cross-correlation (Eq. 3), exactly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

BAND_VALUES = 1 << 18  # products in flight per query row: 1 MB, so that the sums run in the processor's cache
BAND_VALUES_CUDA = 1 << 25


@dataclass(frozen=True, slots=True)
class StylePatches:
    """A style's features, ready to be matched against."""

    rows: Tensor = field(repr=False)  # (h * w, C), row by row
    height: int
    width: int
    inverse_norms: Tensor = field(repr=False)  # (h - k + 1, w - k + 1); 0 for a patch of zeros
    patch: int  # k


def style_patches(features: Tensor, patch: int) -> StylePatches:
    """Prepare (1, C, h, w) features of the style, h and w of `patch` at least."""
    height, width = features.shape[-2:]
    squares = torch.nn.functional.avg_pool2d(features.square().sum(1, keepdim=True), patch, 1)[0, 0] * patch**2
    norms = squares.clamp_min(0).sqrt()
    inverse = torch.where(norms > 0, norms.reciprocal(), torch.zeros_like(norms))
    return StylePatches(as_rows(features), height, width, inverse, patch)


def as_rows(features: Tensor) -> Tensor:
    """(1, C, h, w) as (h * w, C); no copy where it is channels_last already."""
    return features[0].permute(1, 2, 0).flatten(0, 1).contiguous()


def match(features: Tensor, style: StylePatches, thrift: int = 1, tick: Callable[[], None] = lambda: None) -> Tensor:
    """For each patch of (1, C, h, w) `features` the best style patch: (h - k + 1, w - k + 1) int64.

    An index counts the style's patches row by row, (w_style - k + 1) to a row. Of equal scores the first wins.

    The inner product of two patches is the sum over the k x k offsets d of <x_(i+d), s_(j+d)>: all products of
    single positions (one matrix product), then a k x k box sum along the diagonal of the four-dimensional result:
    k^2 times less work than patch by patch. A query's own norm changes no argmax and is left out. Only k rows of
    queries against one band of the style are in memory at any time; `thrift` makes the bands smaller.
    `tick` is called after each row, for a search may take seconds.
    """
    k = style.patch
    height, width = features.shape[-2:]
    queries = as_rows(features).view(height, width, -1)
    shape = (height - k + 1, width - k + 1)
    best = queries.new_full(shape, -torch.inf)
    index = torch.zeros(shape, dtype=torch.int64, device=features.device)
    for top, bottom in bands(style, width, features.device.type, thrift):
        band = style.rows[top * style.width : (bottom + k - 1) * style.width].t()
        inverse = style.inverse_norms[top:bottom]
        for y, scores in enumerate(stream(queries, band, inverse, k)):
            found, where = first_best(scores)
            better = found > best[y]
            best[y] = torch.where(better, found, best[y])
            index[y] = torch.where(better, where + top * inverse.shape[1], index[y])
            tick()
    return index


def bands(style: StylePatches, width: int, device: str, thrift: int = 1) -> Iterator[tuple[int, int]]:
    """Bands of rows of style patches, (first, after the last), each small enough to stream."""
    values = (BAND_VALUES if device == "cpu" else BAND_VALUES_CUDA) // thrift
    rows = style.height - style.patch + 1
    step = max(4 if thrift == 1 else 1, values // (width * style.width))
    for top in range(0, rows, step):
        yield top, min(top + step, rows)


def stream(queries: Tensor, band: Tensor, inverse: Tensor, k: int) -> Iterator[Tensor]:
    """Scores of one row of queries after another: (w - k + 1, band rows, style patches per row), overwritten next time.

    queries  (h, w, C)
    band     (C, (band rows + k - 1) * w_style)
    """
    height, width, _ = queries.shape
    rows, across = inverse.shape
    product = queries.new_empty(width, band.shape[1])
    ring = [queries.new_empty(width - k + 1, rows + k - 1, across) for _ in range(k)]
    scores = queries.new_empty(width - k + 1, rows, across)
    cells = product.view(width, rows + k - 1, across + k - 1)
    for y in range(height):
        torch.mm(queries[y], band, out=product)
        add_shifted(ring[y % k], [cells[d : d + width - k + 1, :, d : d + across] for d in range(k)])
        if y >= k - 1:
            add_shifted(scores, [ring[(y + 1 + d) % k][:, d : d + rows] for d in range(k)])
            yield scores.mul_(inverse)


def add_shifted(out: Tensor, terms: list[Tensor]) -> None:
    """out = the sum of `terms`, in place, in their order."""
    if len(terms) == 1:
        out.copy_(terms[0])
        return
    torch.add(terms[0], terms[1], out=out)
    for term in terms[2:]:
        out.add_(term)


def first_best(scores: Tensor) -> tuple[Tensor, Tensor]:
    """Largest of (n, rows, across) for each n, and its first flat index; a vectorised max, then two short searches."""
    by_row = scores.amax(2)
    found, row = by_row.max(1)
    row = (by_row == found[:, None]).int().argmax(1)
    line = scores[torch.arange(len(scores), device=scores.device), row]
    column = (line == found[:, None]).int().argmax(1)
    return found, row * scores.shape[2] + column
