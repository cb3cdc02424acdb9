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
MOSTLY = 0.5  # share of a cell; above a half there is one such offset at most
LEAST = 4  # patches across a cell, below which an octave is too coarse to tell
NONE = 2**40  # an offset that no patch has
BEFORE = [(-1, -1), (-1, 0), (-1, 1), (0, -1)]  # of two like neighbours the later one gives way


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one octave."""

    cell: Tensor = field(repr=False)  # (N,) int64, cell of each patch
    home: Tensor = field(repr=False)  # (N,) int64, index of the style patch at the same place: offset 0
    grid: tuple[int, int]  # cells down and across

    def taken(self, source: Tensor) -> Tensor:
        """(cells, 4) offsets that the cells before each have for the most part, else NONE; `source` (N,)."""
        down, across = self.grid
        count = down * across
        offset = source - self.home
        span = int(offset.max() - offset.min()) + 1
        key, copies = torch.unique_consecutive(
            (self.cell * span + (offset - offset.min())).sort()[0], return_counts=True
        )
        size = torch.bincount(self.cell, minlength=count)
        main = key[copies > MOSTLY * size[key // span]]
        lent = torch.full((count,), NONE, device=source.device)
        lent[main // span] = main % span + offset.min()
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
    return Cells(
        cell=(cell_row * size[1] + cell_column).flatten(),
        home=(row * space.style_grid[1] + column).flatten(),
        grid=size,
    )
