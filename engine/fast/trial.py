"""One round of a search: which other sources a patch tries, and what each of them costs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.fast.blocks import Cells
from engine.fast.compiled import is_compiled, share_out
from engine.fast.effort import Effort
from engine.fast.field import continued, moved
from engine.fast.improve import Grounds, improve
from engine.fast.pyramid import PATCH
from engine.fast.space import Space

AROUND = [(down, across) for down in (-1, 0, 1) for across in (-1, 0, 1) if (down, across) != (0, 0)]
SIDES = [(-1, 0), (1, 0), (0, -1), (0, 1)]
SHARE = 4_096  # patches that are worth a thread of their own


@dataclass(frozen=True, slots=True)
class Trial:
    """What stays the same while all sets of patches are searched once."""

    space: Space
    effort: Effort
    query: Tensor  # (N, D) rows of the painting's patches
    window: bool  # try the sources around one's own
    also: Tensor | None  # (N,) one more source to try
    cells: Cells | None
    taken: Tensor | None  # see Cells

    def improve(self, field: Tensor, which: Tensor, price: Tensor) -> None:
        """Put better sources for patches `which` (n,), no two of them neighbours, into `field` (N,).

        price  (Ns,) of one more use of each style patch
        """
        if is_compiled(field.device):
            patches, sources, grounds = which.numpy(), field.numpy(), self.grounds(price)

            def work(first: int, last: int) -> None:
                improve(patches[first:last], sources, grounds, self.window, np.empty(len(AROUND), np.int64))

            share_out(work, len(patches), SHARE)
        else:
            self.improve_in_torch(field, which, price)

    def grounds(self, price: Tensor) -> Grounds:
        """All of it as arrays."""
        space, effort, nothing = self.space, self.effort, np.zeros(0, np.int64)
        return Grounds(
            query=self.query.numpy(),
            table=space.table.numpy(),
            price=price.numpy(),
            own_price=(effort.usage_weight / PATCH**2 / space.expected).numpy(),
            style_label=space.style_label.numpy(),
            target_label=space.target_label.numpy(),
            cell=nothing if self.cells is None else self.cells.cell.numpy(),
            home=nothing if self.cells is None else self.cells.home.numpy(),
            taken=nothing.reshape(0, 4) if self.taken is None else self.taken.numpy(),
            also=nothing if self.also is None else self.also.numpy(),
            break_weight=effort.break_weight,
            repeat_weight=effort.repeat_weight,
            gate_weight=effort.gate_weight,
            block_weight=effort.block_weight,
            target_grid=space.target_grid,
            style_grid=space.style_grid,
            per_row=1 / space.style_grid[1],
        )

    def improve_in_torch(self, field: Tensor, which: Tensor, price: Tensor) -> None:
        """The same on any device."""
        best = field[which]
        sides = [continued(field, which, side, self.space) for side in SIDES]
        # its own use is counted already; it would not be there for a rival
        own = self.effort.usage_weight / PATCH**2 / self.space.expected[best]
        cost = self.cost(which, best, sides, price) - own
        for rival in self.rivals(field, which, best.clone()):
            other = self.cost(which, rival, sides, price)
            better = (other < cost) & (rival != best)
            best = torch.where(better, rival, best)
            cost = torch.where(better, other, cost)
        field[which] = best

    def cost(self, which: Tensor, source: Tensor, sides: list[Tensor], price: Tensor) -> Tensor:
        """(n,) cost of `source` for patches `which`; see search.py."""
        space, effort = self.space, self.effort
        kept = torch.stack([source == side for side in sides]).sum(0)
        across = space.style_grid[1]
        repeated = torch.stack(
            [source == side + step[0] * across + step[1] for side, step in zip(sides, SIDES, strict=True)]
        ).sum(0)
        cost = (
            (self.query[which] - space.table[source]).square_().sum(1)
            + price[source]
            + effort.break_weight * (1 - kept / len(SIDES))
            + effort.repeat_weight * repeated / len(SIDES)
            + effort.gate_weight * (space.style_label[source] != space.target_label[which])
        )
        if self.cells is not None and self.taken is not None:
            cost += effort.block_weight * self.cells.clashes(which, source, self.taken)
        return cost

    def rivals(self, field: Tensor, which: Tensor, own: Tensor) -> Iterator[Tensor]:
        """Other sources worth a try for patches `which`, whose sources are `own`."""
        if self.also is not None:
            yield self.also[which]
        for step in AROUND:
            yield continued(field, which, step, self.space)
        if self.window:
            for step in AROUND:
                yield moved(own, step, self.space)
