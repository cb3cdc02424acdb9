"""Better sources for the patches: an exact search where that is cheap, else windows and neighbours' sources.

Cost of source s for patch p: |q_p - t_s|^2 + usage_weight * uses(s) + break_weight * (share of 4 neighbours that
copy from elsewhere) + repeat_weight * (share of them that copy s too) + gate_weight * [labels differ] + block_weight *
[a neighbouring cell's offset]; see trial.py. Patches are taken in four interleaved sets, so that no two
neighbours change at once, and uses are counted anew between the sets: a price raised once per vote oscillates.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.blocks import Cells
from engine.fast.effort import Effort
from engine.fast.pyramid import PATCH
from engine.fast.space import Space
from engine.fast.trial import Trial

CHUNK = 32_768  # patches searched between two looks at the clock
EXACT_ROWS = 2_048  # rows of the distance matrix held at once
EXACT_PAIRS = 40_000_000  # pairs of patches up to which every pair is compared


@dataclass(slots=True)
class Search:
    """Searches one octave; `tick` is told the number of patches done and may raise to stop."""

    space: Space
    effort: Effort
    tick: Callable[[int], None]
    cells: Cells | None = None  # where copies are to be kept small
    thrift: int = 1  # see Request

    @property
    def exact_is_cheap(self) -> bool:
        """True where all pairs can be compared."""
        return len(self.space.table) * len(self.space.guide) <= EXACT_PAIRS

    def everywhere(self, query: Tensor, field: Tensor) -> Tensor:
        """The field with each patch's best of all style patches, neighbours left aside."""
        field = field.clone()
        table = self.space.table
        length = (table * table).sum(1)
        for which in self.sets():
            base = length + self.effort.usage_weight * self.uses(field)
            for part in torch.split(which, max(1, EXACT_ROWS // self.thrift)):
                cost = torch.addmm(base[None], query[part], table.t(), alpha=-2)
                cost += self.effort.gate_weight * (self.space.target_label[part, None] != self.space.style_label)
                field[part] = cost.argmin(1)
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
        count = torch.bincount(field, minlength=down * across).to(torch.float32).view(1, 1, down, across)
        margin = PATCH // 2
        spread = functional.avg_pool2d(count, (PATCH, 1), 1, (margin, 0), count_include_pad=False)
        spread = functional.avg_pool2d(spread, (1, PATCH), 1, (0, margin), count_include_pad=False)
        return spread.flatten() / self.space.expected

    def sets(self) -> Iterator[Tensor]:
        """Indices of patches in four interleaved sets, in parts of at most CHUNK."""
        down, across = self.space.target_grid
        grid = torch.arange(down * across, device=self.space.table.device).view(down, across)
        for row, column in ((0, 0), (1, 1), (0, 1), (1, 0)):
            yield from torch.split(grid[row::2, column::2].flatten(), CHUNK // self.thrift)
