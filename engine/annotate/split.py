"""One region of a map in two, by what the picture shows there."""

import torch
from torch import Tensor

from engine.annotate.cluster import borders, cluster
from engine.annotate.describe import describe
from engine.annotate.edges import to_edges
from engine.annotate.lab import to_lab
from engine.annotate.parts import join_small
from engine.annotate.reduce import piece_count, reduced
from engine.annotate.superpixels import superpixels
from engine.checks import check_picture, place, size_of
from engine.errors import InputError
from engine.network import Network, load_network

LEAST = 8  # superpixels that a region needs to be told apart in itself


def split_in_two(picture: Tensor, region: Tensor, *, network: Network | None = None) -> Tensor:
    """The part of an (H, W) bool region that becomes a label of its own, (H, W) bool: the smaller of its two halves.

    picture  (1, 3, H, W) float sRGB in [0, 1]. Raises InputError where sizes differ, the region is empty or too small
    to be told apart in itself.
    """
    check_picture("picture", picture)
    if region.shape != picture.shape[-2:]:
        raise InputError(
            f"the map is {region.shape[1]}x{region.shape[0]} px and the picture {picture.shape[3]}x{picture.shape[2]}: "
            "give the picture that the map belongs to"
        )
    picture = place(picture, torch.device("cpu"))
    small = reduced(picture)
    lab = to_lab(small)
    height, width = size_of(small)
    rows_at = torch.arange(height) * region.shape[0] // height
    columns_at = torch.arange(width) * region.shape[1] // width
    inside = region[rows_at[:, None], columns_at]
    pieces = superpixels(lab, piece_count(small))
    sizes = torch.bincount(pieces.flatten()).float()
    held = torch.bincount(pieces[inside], minlength=len(sizes)) / sizes >= 0.5
    if int(held.sum()) < LEAST:
        raise InputError("that region is too small to be split by what the picture shows: draw the border by hand")
    rows = describe(small, lab, pieces, network or load_network("embedded", torch.device("cpu")))
    beside = borders(pieces)[held][:, held]
    two = torch.zeros(len(sizes), dtype=torch.int64)
    two[held] = cluster(rows[held], sizes[held], beside, 2)
    label = to_edges(two[pieces], 2, small, picture)
    half = join_small(torch.where(region, label + 1, 0))
    first, second = (region & (half == k) for k in (1, 2))
    smaller = first if int(first.sum()) < int(second.sum()) else second
    if not bool(smaller.any()):
        raise InputError("that region looks the same all over: draw the border by hand")
    return smaller
