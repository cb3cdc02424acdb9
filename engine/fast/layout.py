"""Where each part of the painting comes from, before any colour is matched.

Unbalanced optimal transport (Chizat et al. 2018) from the painting's patches to the style's, label by label, in the
space of label guides and place: every part of the style's region is used about evenly, and neighbours stay neighbours.
"""

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.space import Space

SOFTNESS = 0.05  # entropy of the plan, in units of the guides' squared distance
SLACK = 1.0  # how dear an uneven use of the style is, in the same unit
ROUNDS = 100
MOST_PAIRS = 40_000_000  # distances held at once
MOST_SOURCES = 40_000  # style patches of a label that take part in a transport
MOST_HOMES = 4_096  # style patches of a label offered to those astray


def layout(space: Space, jitter: float, generator: torch.Generator) -> Tensor:
    """(N,) index of a style patch for each patch of the painting; of the space only the guides are used."""
    goal, source = space.guide, space.table[:, -space.guide.shape[1] :]
    field = torch.zeros(len(goal), dtype=torch.long, device=goal.device)
    for label in torch.unique(space.target_label).tolist():
        mine = torch.nonzero(space.target_label == label)[:, 0]
        theirs = torch.nonzero(space.style_label == label)[:, 0]
        if not len(theirs):  # too small to be seen at this size: whatever lies in the likest surroundings
            theirs = torch.arange(len(source), device=goal.device)
        field[mine] = theirs[transport(goal[mine], source[theirs], generator)]
    return shake(field, space, jitter, generator) if jitter > 0 else field


def transport(goal: Tensor, source: Tensor, generator: torch.Generator) -> Tensor:
    """(N,) index of the row of `source` (Ns, D) that takes most of each row of `goal` (N, D).

    Where there are very many of either, the prices are found from some of them.
    """
    some = sample(source, MOST_SOURCES, generator)
    source = source[some]
    wares = goal[sample(goal, MOST_PAIRS // len(source), generator)]
    distance = pairs(wares, source)
    kernel = torch.exp((distance.min(1, keepdim=True)[0] - distance) / SOFTNESS).clamp_min_(1e-30)
    price = goal.new_ones(len(source))
    for _ in range(ROUNDS):
        share = (1 / len(wares)) / (kernel @ price)
        price = ((1 / len(source)) / (kernel.t() @ share)) ** (SLACK / (SLACK + SOFTNESS))
    rebate = SOFTNESS * price.log()
    rows = max(1, MOST_PAIRS // len(source))
    return some[torch.cat([(pairs(part, source) - rebate).argmin(1) for part in torch.split(goal, rows)])]


def pairs(goal: Tensor, source: Tensor) -> Tensor:
    """(N, Ns) squared distances, exact to the last bit on any number of threads."""
    return torch.cdist(goal, source, compute_mode="donot_use_mm_for_euclid_dist").square_()


def sample(rows: Tensor, most: int, generator: torch.Generator) -> Tensor:
    """Indices of all rows, or of `most` at random."""
    if len(rows) <= most:
        return torch.arange(len(rows), device=rows.device)
    return torch.randperm(len(rows), generator=generator)[:most].sort()[0].to(rows.device)


def bring_home(field: Tensor, space: Space, generator: torch.Generator) -> Tensor:
    """The field with new sources, by the guides, for patches that copy from another label than their own.

    A label too small for the octave before appears in this one, and no neighbour knows where in the style it lies.
    """
    field = field.clone()
    source = space.table[:, -space.guide.shape[1] :]
    astray = space.style_label[field] != space.target_label
    for label in torch.unique(space.target_label[astray]).tolist():
        theirs = torch.nonzero(space.style_label == label)[:, 0]
        if len(theirs):
            theirs = theirs[sample(theirs, MOST_HOMES, generator)]
            for mine in torch.split(torch.nonzero(astray & (space.target_label == label))[:, 0], MOST_HOMES):
                field[mine] = theirs[pairs(space.guide[mine], source[theirs]).argmin(1)]
    return field


def shake(field: Tensor, space: Space, jitter: float, generator: torch.Generator) -> Tensor:
    """Move sources by smooth noise of about `jitter` px where that stays in the label: seeds differ, copies break."""
    height, width = space.target_grid
    noise = torch.randn(1, 2, max(2, height // 3), max(2, width // 3), generator=generator) * jitter
    noise = functional.interpolate(noise, size=(height, width), mode="bicubic")[0].flatten(1).round().long()
    noise = noise.to(field.device)
    down, across = space.style_grid
    moved = (field // across + noise[0]).clamp(0, down - 1) * across + (field % across + noise[1]).clamp(0, across - 1)
    return torch.where(space.style_label[moved] == space.target_label, moved, field)
