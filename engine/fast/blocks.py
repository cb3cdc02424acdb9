"""Keeps copied blocks small: the painting is in the style's manner, not a piece of it.

The painting is cut into cells of about 44 px with wavy borders. A cell that is mostly one copy (one offset from
painting to style) lends its offset to none of its neighbours: they pay for using it. So no copy spans 64 px, and where
copies are smaller anyway, which is the rule, nothing changes.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.space import Space

CELL = 44  # px of the painting
WAVE = 8  # px by which the cells' borders stray
LEAST = 4  # patches across a cell, below which an octave is too coarse to tell
NONE = 2**40  # an offset that no patch has
SPAN = 2**32  # of offsets; four times the patches of the largest picture, so that those of two cells never mix
BEFORE = [(-1, -1), (-1, 0), (-1, 1), (0, -1)]  # of two like neighbours the later one gives way


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one octave."""

    cell: Tensor = field(repr=False)  # (N,) int64, cell of each patch
    home: Tensor = field(repr=False)  # (N,) int64, index of the style patch at the same place: offset 0
    size: Tensor = field(repr=False)  # (cells,) int64, patches in each
    middle: Tensor = field(repr=False)  # (cells,) int64, index of each cell's middle patch, were they sorted by cell
    grid: tuple[int, int]  # cells down and across

    def taken(self, source: Tensor) -> Tensor:
        """(cells, 4) offsets that the cells before each have for the most part, else NONE; `source` (N,).

        What more than half of a cell has is its median; and so nothing is read back from a GPU.
        """
        down, across = self.grid
        offset = source - self.home
        in_order = (self.cell * SPAN + offset).sort()[0]
        median = in_order[self.middle] - torch.arange(down * across, device=source.device) * SPAN
        copies = torch.zeros_like(self.size).scatter_add_(0, self.cell, (offset == median[self.cell]).long())
        lent = torch.where(2 * copies > self.size, median, NONE)
        ringed = functional.pad(lent.view(1, 1, down, across), (1, 1, 1, 1), value=NONE)[0, 0]
        return torch.stack([ringed[1 + y : 1 + y + down, 1 + x : 1 + x + across].flatten() for y, x in BEFORE], 1)

    def clashes(self, which: Tensor, source: Tensor, taken: Tensor) -> Tensor:
        """(n,) bool: where patches `which` would copy `source` at an offset that another cell has."""
        return ((source - self.home[which])[:, None] == taken[self.cell[which]]).any(1)


def cut_cells(space: Space, scale: int, seed: int) -> Cells | None:
    """Cells of an octave whose pixels are `scale` px of the painting wide; None where that is too coarse."""
    if scale * LEAST > CELL:
        return None
    (down, across), device = space.target_grid, space.table.device
    size = down * scale // CELL + 2, across * scale // CELL + 2
    noise = torch.randn(1, 2, *size, generator=torch.Generator().manual_seed(seed)).to(device)
    wave = functional.interpolate(noise, size=(down, across), mode="bilinear", align_corners=True)[0] * WAVE
    row = torch.arange(down, device=device)[:, None].expand(down, across)
    column = torch.arange(across, device=device).expand(down, across)
    cell_row = ((row * scale + wave[0]) / CELL).floor().long().clamp(0, size[0] - 1)
    cell_column = ((column * scale + wave[1]) / CELL).floor().long().clamp(0, size[1] - 1)
    return make_cells(
        (cell_row * size[1] + cell_column).flatten(), (row * space.style_grid[1] + column).flatten(), size
    )


def make_cells(cell: Tensor, home: Tensor, grid: tuple[int, int]) -> Cells:
    """Cells, with what is counted once; see Cells."""
    size = torch.bincount(cell, minlength=grid[0] * grid[1])
    middle = (size.cumsum(0) - size + size // 2).clamp_max(len(cell) - 1)
    return Cells(cell=cell, home=home, size=size, middle=middle, grid=grid)
