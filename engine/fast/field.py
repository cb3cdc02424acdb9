"""The NN field: for each patch of the painting the index of its style patch, both row by row on their grids."""

import torch
from torch import Tensor

from engine.fast.pyramid import Octave
from engine.fast.space import Space


def upsample(field: Tensor, old: Octave, new: Octave) -> Tensor:
    """The field (N,) of an octave carried to the next, twice as large: same places, offsets doubled."""
    (down, across), (style_down, style_across) = new.target_grid, new.style_grid
    row = torch.arange(down, device=field.device)
    column = torch.arange(across, device=field.device)
    # A patch centred at c in the coarse octave is centred at 2c here: corner y lies at corner y / 2 - 5 / 4 there.
    coarse_row = (row / 2 - 1.25).round().long().clamp(0, old.target_grid[0] - 1)
    coarse_column = (column / 2 - 1.25).round().long().clamp(0, old.target_grid[1] - 1)
    coarse = field.view(old.target_grid)[coarse_row][:, coarse_column]
    source_row = 2 * (coarse // old.style_grid[1]) + (row - 2 * coarse_row)[:, None]
    source_column = 2 * (coarse % old.style_grid[1]) + column - 2 * coarse_column
    return (source_row.clamp(0, style_down - 1) * style_across + source_column.clamp(0, style_across - 1)).flatten()


def continued(field: Tensor, which: Tensor, step: tuple[int, int], space: Space) -> Tensor:
    """What patches `which` would copy if they went on as their neighbour `step` (down, across) away does.

    At the picture's edge a patch is its own neighbour; a source beyond the style's edge is moved onto it.
    """
    (down, across), (style_down, style_across) = space.target_grid, space.style_grid
    row, column = which // across, which % across
    next_row, next_column = (row + step[0]).clamp(0, down - 1), (column + step[1]).clamp(0, across - 1)
    source = field[next_row * across + next_column]
    source_row = (source // style_across - (next_row - row)).clamp(0, style_down - 1)
    source_column = (source % style_across - (next_column - column)).clamp(0, style_across - 1)
    return source_row * style_across + source_column


def moved(source: Tensor, step: tuple[int, int], space: Space) -> Tensor:
    """Style patches `step` (down, across) away from `source`, kept within the style."""
    down, across = space.style_grid
    return (source // across + step[0]).clamp(0, down - 1) * across + (source % across + step[1]).clamp(0, across - 1)
