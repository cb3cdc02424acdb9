"""One set of patches, each trying other sources: the compiled twin of Trial.improve_in_torch."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.fast.compiled import compiled

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

STRIDE = 8  # columns of a distance between two looks at whether it is too long already
AROUND = np.array([(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)], np.int64)
FIRST_SIDE, FIRST_NEAR, TURNS = 1, 9, 17  # what is tried in which turn; in turn 0 it is `also`


class Grounds(NamedTuple):
    """What a patch is judged by, fixed while a set of patches is searched; plain arrays for the compiler."""

    query: Floats  # (N, D)
    table: Floats  # (Ns, D)
    price: Floats  # (Ns,) of one more use
    own_price: Floats  # (Ns,) of one's own use, which is counted already
    style_label: Indices  # (Ns,)
    target_label: Indices  # (N,)
    cell: Indices  # (N,), or empty
    home: Indices  # (N,), or empty
    taken: Indices  # (cells, 4), or empty
    also: Indices  # (N,) one more source to try, or empty
    break_weight: float
    repeat_weight: float
    gate_weight: float
    block_weight: float
    target_grid: tuple[int, int]
    style_grid: tuple[int, int]
    per_row: float  # 1 / the style's patches across: a product tells the row many times sooner than a division


@compiled
def improve(which: Indices, field: Indices, grounds: Grounds, window: bool, around: Indices) -> None:
    """Put better sources for patches `which` (n,) into `field` (N,), in place; no two of them may be neighbours.

    around  (8,) room to note what the neighbours propose
    """
    across = grounds.target_grid[1]
    for place in range(len(which)):
        i = which[place]
        row, column = i // across, i % across
        for step in range(8):
            around[step] = continued(field, row, column, AROUND[step, 0], AROUND[step, 1], grounds)
        start = best = field[i]
        # its own use is counted already; it would not be there for a rival
        cost = total_cost(i, start, around, grounds, np.float32(np.inf)) - grounds.own_price[start]
        for turn in range(TURNS if window else FIRST_NEAR):
            rival = proposed(turn, i, start, around, grounds)
            if rival != best:
                other = total_cost(i, rival, around, grounds, cost)
                if other < cost:
                    best, cost = rival, other
        field[i] = best


@compiled
def proposed(turn: int, i: int, start: int, around: Indices, grounds: Grounds) -> int:
    """The source that patch i, which copies `start`, tries in this turn."""
    if turn >= FIRST_NEAR:
        return moved(start, AROUND[turn - FIRST_NEAR, 0], AROUND[turn - FIRST_NEAR, 1], grounds)
    if turn >= FIRST_SIDE:
        return int(around[turn - FIRST_SIDE])
    return int(grounds.also[i]) if len(grounds.also) > 0 else start


@compiled
def total_cost(i: int, source: int, around: Indices, grounds: Grounds, limit: np.float32) -> np.float32:
    """Cost of `source` for patch i, or anything above `limit`."""
    cost = surcharge(i, source, around, grounds)
    if cost >= limit:
        return cost
    return cost + distance(grounds.query, i, grounds.table, source, limit - cost)


@compiled
def surcharge(i: int, source: int, around: Indices, grounds: Grounds) -> np.float32:
    """What `source` costs patch i besides their distance."""
    style_across = grounds.style_grid[1]
    kept = repeated = 0
    for side in (1, 3, 4, 6):
        kept += around[side] == source
        repeated += around[side] + AROUND[side, 0] * style_across + AROUND[side, 1] == source
    cost = grounds.price[source] + grounds.break_weight * (1 - np.float32(0.25) * kept)
    cost += grounds.repeat_weight * np.float32(0.25) * repeated
    if grounds.style_label[source] != grounds.target_label[i]:
        cost += grounds.gate_weight
    if len(grounds.taken) > 0:
        offset, mine = source - grounds.home[i], grounds.cell[i]
        for neighbour in range(4):
            if offset == grounds.taken[mine, neighbour]:
                cost += grounds.block_weight
                break
    return np.float32(cost)


@compiled
def continued(field: Indices, row: int, column: int, down_step: int, across_step: int, grounds: Grounds) -> int:
    """What the patch at (row, column) would copy if it went on as its neighbour; see engine.fast.field.continued."""
    down, across = grounds.target_grid
    next_row = min(max(row + down_step, 0), down - 1)
    next_column = min(max(column + across_step, 0), across - 1)
    return moved(field[next_row * across + next_column], row - next_row, column - next_column, grounds)


@compiled
def moved(source: int, down_step: int, across_step: int, grounds: Grounds) -> int:
    """The style patch a step away from `source`."""
    row = int((source + 0.5) * grounds.per_row)  # exact: it is half a patch from where rounding could tell
    return shifted(row + down_step, source - row * grounds.style_grid[1] + across_step, grounds)


@compiled
def shifted(row: int, column: int, grounds: Grounds) -> int:
    """Index of the style patch at (row, column), or of the nearest within the style."""
    down, across = grounds.style_grid
    return min(max(row, 0), down - 1) * across + min(max(column, 0), across - 1)


@compiled
def distance(query: Floats, i: int, table: Floats, j: int, limit: np.float32) -> np.float32:
    """Squared distance of row i and row j, or what exceeds `limit` first."""
    width = query.shape[1]
    total = np.float32(0)
    column = 0
    while column + STRIDE <= width:
        part = np.float32(0)
        for k in range(STRIDE):
            difference = query[i, column + k] - table[j, column + k]
            part += difference * difference
        total += part
        column += STRIDE
        if total >= limit:
            return total
    for k in range(column, width):
        difference = query[i, k] - table[j, k]
        total += difference * difference
    return total
