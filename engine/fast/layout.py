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
MOST_PAIRS = 40_000_000  # distances held at once, without thrift
MOST_SOURCES = 40_000  # style patches of a label that take part in a transport
STRETCHED = 1.6  # patches of the painting per style patch of a label, above which a label is laid out in pieces
VAST = 8.0  # the same, above which the pieces are not shaken
PIECES = (10, 5, 3)  # patches across; the smaller where the style's region has no room for the larger
NEXT = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)]  # pieces, down and across
MOST_HOMES = 4_096  # style patches of a label offered to those astray


def layout(space: Space, jitter: float, generator: torch.Generator, thrift: int = 1) -> Tensor:
    """(N,) index of a style patch for each patch of the painting; of the space only the guides are used."""
    goal, source = space.guide, space.table[:, -space.guide.shape[1] :]
    field = torch.zeros(len(goal), dtype=torch.long, device=goal.device)
    vast = []
    for label in torch.unique(space.target_label).tolist():
        mine = torch.nonzero(space.target_label == label)[:, 0]
        theirs = torch.nonzero(space.style_label == label)[:, 0]
        if not len(theirs):  # too small to be seen at this size: whatever lies in the likest surroundings
            theirs = torch.arange(len(source), device=goal.device)
        field[mine] = theirs[transport(goal[mine], source[theirs], generator, MOST_PAIRS // thrift)]
        if len(mine) > VAST * len(theirs):
            vast.append(mine)
        elif len(mine) > STRETCHED * len(theirs):
            field = piecewise(field, mine, space, generator)
    field = shake(field, space, jitter, generator) if jitter > 0 else field
    for mine in vast:  # whole pieces: what is shaken loose here is seen as a grid in the end
        field = piecewise(field, mine, space, generator)
    return field


def piecewise(field: Tensor, mine: Tensor, space: Space, generator: torch.Generator) -> Tensor:
    """The field with patches `mine` copied in whole pieces, each from where the middle of its piece copies.

    A transport from a small region to a large one stretches: neighbours copy the same patch again and again, and that
    is seen as a grid. Pieces have wavy borders.
    """
    laid, found = field[mine], torch.zeros(len(mine), dtype=torch.bool, device=field.device)
    for piece in PIECES:
        laid, found = lay_pieces(field, mine, laid, found, piece, space, generator)
    field = field.clone()
    field[mine] = laid
    return field


def lay_pieces(
    field: Tensor,
    mine: Tensor,
    laid: Tensor,
    found: Tensor,
    piece: int,
    space: Space,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """`laid` and `found` (n,) with pieces `piece` patches wide where nothing was found for patches `mine` (n,) yet."""
    (down, across), (style_down, style_across) = space.target_grid, space.style_grid
    row, column = mine // across, mine % across
    wave = smooth_noise(space.target_grid, piece, generator).to(field.device)[:, mine] * piece / 4
    middle_row, middle_column = (
        ((place + wave[axis]) / piece).floor().long() * piece + piece // 2 for axis, place in enumerate((row, column))
    )
    for down_step, across_step in NEXT:  # where one's own piece has left the label or the style, a neighbour's goes on
        from_row = (middle_row + down_step * piece).clamp(0, down - 1)
        from_column = (middle_column + across_step * piece).clamp(0, across - 1)
        source = field[from_row * across + from_column]
        source_row = keep_off(source // style_across, style_down, piece) + row - from_row
        source_column = keep_off(source % style_across, style_across, piece) + column - from_column
        inside = (source_row >= 0) & (source_row < style_down) & (source_column >= 0) & (source_column < style_across)
        copied = source_row.clamp(0, style_down - 1) * style_across + source_column.clamp(0, style_across - 1)
        here = inside & (space.style_label[copied] == space.target_label[mine]) & ~found
        laid, found = torch.where(here, copied, laid), found | here
    return laid, found


def keep_off(place: Tensor, end: int, piece: int) -> Tensor:
    """Places moved so that a piece around each lies within 0..end, or in the middle where it can't."""
    margin = min(piece // 2, (end - 1) // 2)
    return place.clamp(margin, end - 1 - margin)


def smooth_noise(grid: tuple[int, int], every: int, generator: torch.Generator) -> Tensor:
    """(2, N) normal noise on a grid, independent at points `every` patches apart."""
    size = max(2, grid[0] // every), max(2, grid[1] // every)
    noise = torch.randn(1, 2, *size, generator=generator)
    return functional.interpolate(noise, size=grid, mode="bicubic")[0].flatten(1)


def transport(goal: Tensor, source: Tensor, generator: torch.Generator, most_pairs: int = MOST_PAIRS) -> Tensor:
    """(N,) index of the row of `source` (Ns, D) that takes most of each row of `goal` (N, D).

    Where there are very many of either, the prices are found from some of them; `most_pairs` are held at once.
    """
    some = sample(source, MOST_SOURCES, generator)
    source = source[some]
    wares = goal[sample(goal, most_pairs // len(source), generator)]
    distance = pairs(wares, source)
    kernel = torch.exp((distance.min(1, keepdim=True)[0] - distance) / SOFTNESS).clamp_min_(1e-30)
    price = goal.new_ones(len(source))
    for _ in range(ROUNDS):
        share = (1 / len(wares)) / (kernel @ price)
        price = ((1 / len(source)) / (kernel.t() @ share)) ** (SLACK / (SLACK + SOFTNESS))
    rebate = SOFTNESS * price.log()
    rows = max(1, most_pairs // len(source))
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
    noise = (smooth_noise(space.target_grid, 3, generator) * jitter).round().long().to(field.device)
    down, across = space.style_grid
    moved = (field // across + noise[0]).clamp(0, down - 1) * across + (field % across + noise[1]).clamp(0, across - 1)
    return torch.where(space.style_label[moved] == space.target_label, moved, field)
