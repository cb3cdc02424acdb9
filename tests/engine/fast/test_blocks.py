"""No copy grows large, even where the doodle is the style's own map."""

import torch

from benchmarks.measures import copied_blocks
from engine.fast.blocks import NONE, make_cells
from engine.fast.fast import paint_fast
from engine.request import Request
from engine.settings import Settings


def test_a_cell_of_one_offset_lends_it_to_no_neighbour() -> None:
    cell = torch.tensor([0] * 10 + [1] * 10 + [2] * 10 + [3] * 10)  # two down, two across
    cells = make_cells(cell, torch.arange(40), (2, 2))
    source = torch.arange(40) + 7
    source[10:20] = torch.randperm(10, generator=torch.Generator().manual_seed(0)) * 3  # cell 1: no offset rules
    taken = cells.taken(source)
    assert taken.tolist() == [
        [NONE, NONE, NONE, NONE],
        [NONE, NONE, NONE, 7],  # beside cell 0
        [NONE, 7, NONE, NONE],  # below cell 0, cell 1 is mixed
        [7, NONE, NONE, 7],  # aslant of cell 0, beside cell 2
    ]
    clashes = cells.clashes(torch.arange(40), source, taken)
    assert clashes[:10].sum() == 0
    assert bool(clashes[20:].all())


def test_an_offset_rules_above_a_half_and_not_at_a_half() -> None:
    """Against counting, in cells of all sizes, some of them empty, with offsets of both signs."""
    random = torch.Generator().manual_seed(1)
    cell = torch.randint(12, (300,), generator=random)
    cell[cell == 5] = 4
    home = torch.randint(500, (300,), generator=random)
    offset = torch.where(
        torch.rand(300, generator=random) < 0.52, -90, torch.randint(-99, 99, (300,), generator=random)
    )
    offset[torch.nonzero(cell == 0)[:, 0]] = torch.tensor([3, 8]).repeat(150)[: int((cell == 0).sum())]
    taken = make_cells(cell, home, (3, 4)).taken(home + offset)
    for number in range(12):
        mine = offset[cell == number].tolist()
        ruling = [some for some in set(mine) if 2 * mine.count(some) > len(mine)]
        if number % 4 < 3:  # the cell to its right has it as its last
            assert int(taken[number + 1, 3]) == (ruling[0] if ruling else NONE)
    assert 0 < int((taken[:, 3] == -90).sum()) < 9


def test_a_painting_of_its_own_map_is_no_copy() -> None:
    random = torch.Generator().manual_seed(0)
    style = torch.nn.functional.interpolate(torch.rand(1, 3, 40, 50, generator=random), size=(160, 200), mode="bicubic")
    style_map = torch.zeros(1, 1, 160, 200)
    style_map[..., 90:, :] = 1
    request = Request(style.clamp(0, 1), style_map, style_map, None, Settings())
    assert copied_blocks(request.style, request.style, step=32) > 10
    assert copied_blocks(request.style, paint_fast(request, None, None).picture, step=8) == 0
