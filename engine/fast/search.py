"""Better sources for the patches: an exact search where that is cheap, else windows and neighbours' sources.

Cost of source s for patch p: |q_p - t_s|^2 + usage_weight * uses(s) + break_weight * (share of 4 neighbours that
copy from elsewhere) + repeat_weight * (share of them that copy s too) + gate_weight * [labels differ] + block_weight *
[a neighbouring cell's offset]; see trial.py. Patches are taken in four interleaved sets, so that no two
neighbours change at once, and uses are counted anew between the sets: a price raised once per vote oscillates.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.blocks import Cells
from engine.fast.effort import Effort
from engine.fast.pyramid import PATCH
from engine.fast.space import Space
from engine.fast.trial import Trial
from engine.windows import window_sum

CHUNK = 32_768  # patches searched between two looks at the clock
EXACT_VALUES = 4_000_000  # distances held at once
EXACT_PAIRS = 40_000_000  # pairs of patches up to which every pair is compared


@dataclass(slots=True)
class Search:
    """Searches one octave; `tick` is told the number of patches done and may raise to stop."""

    space: Space
    effort: Effort
    tick: Callable[[int], None]
    cells: Cells | None = None  # where copies are to be kept small
    thrift: int = 1  # see Request
    even: Tensor = field(init=False)  # (Ns,) copies of a style patch and those around it, were they spread evenly

    def __post_init__(self) -> None:
        """Count once how many patches there are around each."""
        grid = torch.ones(self.space.style_grid, device=self.space.table.device)
        self.even = around(grid).flatten() * self.space.expected

    @property
    def exact_is_cheap(self) -> bool:
        """True where all pairs can be compared."""
        return len(self.space.table) * len(self.space.guide) <= EXACT_PAIRS

    def everywhere(self, query: Tensor, field: Tensor) -> Tensor:
        """The field with each patch's best of all style patches, neighbours left aside."""
        field = field.clone()
        space, table = self.space, self.space.table
        length = (table * table).sum(1)
        # the price of another label as columns: a reward for the same one
        each = torch.arange(space.labels, device=table.device)
        same = (space.style_label[:, None] == each) * -self.effort.gate_weight
        columns = torch.cat([table * -2, same, length[:, None]], 1).t().contiguous()
        asked = torch.cat([query, space.target_label[:, None] == each, torch.ones_like(query[:, :1])], 1)
        for which in self.sets():
            columns[-1] = length + self.effort.usage_weight * self.uses(field)
            for part in torch.split(which, max(1, EXACT_VALUES // self.thrift // len(table))):
                field[part] = (asked[part] @ columns).argmin(1)
            self.tick(len(which))
        return field

    def nearby(self, query: Tensor, field: Tensor, window: bool, also: Tensor | None = None) -> Tensor:
        """The field once each patch tried its neighbours' sources, `also` and, with `window`, those around its own."""
        field = field.clone()
        taken = None if self.cells is None else self.cells.taken(field)
        trial = Trial(self.space, self.effort, query, window, also, self.cells, taken)
        for which in self.sets():
            trial.improve(field, which, self.effort.usage_weight * self.uses(field))
            self.tick(len(which))
        return field

    def uses(self, field: Tensor) -> Tensor:
        """(Ns,) how often the pixels of each style patch are copied, 1 = an even spread over its label."""
        down, across = self.space.style_grid
        count = torch.zeros(down * across, device=field.device)
        count.scatter_add_(0, field, torch.ones_like(field, dtype=torch.float32))  # bincount would wait for a GPU
        return around(count.view(down, across)).flatten() / self.even

    def sets(self) -> Iterator[Tensor]:
        """Indices of patches in four interleaved sets, in parts of at most CHUNK."""
        down, across = self.space.target_grid
        grid = torch.arange(down * across, device=self.space.table.device).view(down, across)
        for row, column in ((0, 0), (1, 1), (0, 1), (1, 0)):
            yield from torch.split(grid[row::2, column::2].flatten(), CHUNK // self.thrift)


def around(grid: Tensor) -> Tensor:
    """(down, across) sum of a grid over the PATCH x PATCH around each place, as far as they lie on it."""
    return window_sum(functional.pad(grid, (PATCH // 2,) * 4), PATCH)
