"""Superpixels to labels: joined pairwise (Ward 1963), then each moved to the label it fits, next to its neighbours."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engine.annotate.joining import Joining

LEAST, MOST = 3, 8  # labels, where the number is not given
TELLING = 0.012  # share of all differences that a further label has to explain
ROUNDS = 15
COMPANY = 2.0  # what it costs to differ from all neighbours, in mean squared distances to the own label


def cluster(rows: Tensor, sizes: Tensor, beside: Tensor, count: int | None) -> Tensor:
    """(N,) int64 label of each superpixel, 0..K-1, each used; K is `count` or fewer, or chosen when None.

    rows  (N, D), see describe;  sizes (N,) float pixels;  beside (N, N) float length of the common border, px
    """
    label = join(rows, sizes, beside, count)
    label = settle(rows, sizes, label)
    numbered: Tensor = torch.unique(neighbourly(rows, sizes, beside, label), return_inverse=True)[1]
    return numbered


def join(rows: Tensor, sizes: Tensor, beside: Tensor, count: int | None) -> Tensor:
    """(N,) labels: the two whose joining costs least become one, until `count` are left or each further one tells."""
    total = float((sizes * (rows - (sizes @ rows) / sizes.sum()).square().sum(1)).sum())
    joining = Joining(rows.double().numpy(), sizes.double().numpy(), beside.double().numpy())
    for left in range(len(rows), LEAST if count is None else count, -1):
        cost, one, other = joining.cheapest()
        if count is None and left <= MOST and cost >= TELLING * total:
            break
        joining.join(one, other)
    return torch.from_numpy(np.unique(joining.label, return_inverse=True)[1])


def settle(rows: Tensor, sizes: Tensor, label: Tensor) -> Tensor:
    """Each superpixel to the nearest label's mean, until none moves (k-means from where the joining ended)."""
    for _ in range(ROUNDS):
        moved = distances(rows, sizes, label).argmin(1)
        if bool((moved == label).all()):
            break
        label = moved
    return label


def neighbourly(rows: Tensor, sizes: Tensor, beside: Tensor, label: Tensor) -> Tensor:
    """The same with a price for differing from one's neighbours: single odd superpixels join those around them."""
    count = int(label.max()) + 1
    near = beside / beside.sum(1, keepdim=True).clamp_min(1)
    for _ in range(ROUNDS):
        away = distances(rows, sizes, label, count)
        company = near @ functional.one_hot(label, count).float()
        moved = (away / away.amin(1).mean().clamp_min(1e-9) - COMPANY * company).argmin(1)
        if bool((moved == label).all()):
            break
        label = moved
    return label


def distances(rows: Tensor, sizes: Tensor, label: Tensor, count: int | None = None) -> Tensor:
    """(N, K) squared distance of each row from each label's mean; infinite to a label that nobody has."""
    count = count or int(label.max()) + 1
    member = functional.one_hot(label, count).float() * sizes[:, None]
    total = member.sum(0)
    away = torch.cdist(rows, member.t() @ rows / total.clamp_min(1e-9)[:, None]).square()
    return away.masked_fill(total == 0, torch.inf)


def borders(label: Tensor) -> Tensor:
    """(N, N) float: how many pixels of each superpixel touch each other one, across and down, for (H, W) labels."""
    count = int(label.max()) + 1
    pairs = []
    for one, other in ((label[:, 1:], label[:, :-1]), (label[1:], label[:-1])):
        apart = one != other
        pairs.append(one[apart] * count + other[apart])
    found = torch.bincount(torch.cat(pairs), minlength=count * count).view(count, count).float()
    return found + found.t()
