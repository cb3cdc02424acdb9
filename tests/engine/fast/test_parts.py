"""Each part of the method against a plain reading of what it says."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from engine.fast.effort import EFFORTS
from engine.fast.field import continued, upsample
from engine.fast.layout import bring_home, transport
from engine.fast.pyramid import PATCH, Octave, build_pyramid, centre_labels, greatest
from engine.fast.search import Search
from engine.fast.space import Space, build_space, loosen, window_share
from engine.fast.vote import vote
from engine.maps import find_labels
from engine.settings import Settings
from tests.engine.fast.scene import make_request

EFFORT = EFFORTS["fast"]
FREE = replace(EFFORT, usage_weight=0.0, break_weight=0.0, repeat_weight=0.0, gate_weight=0.0)


@pytest.fixture(name="octaves")
def fixture_octaves() -> list[Octave]:
    request = make_request()
    return build_pyramid(request.style, find_labels(request.style_map, request.target_map))


@pytest.fixture(name="spaces")
def fixture_spaces(octaves: list[Octave]) -> list[Space]:
    return [
        build_space(octave, EFFORT, Settings(), index, torch.Generator().manual_seed(0))
        for index, octave in enumerate(octaves)
    ]


def random_field(space: Space, seed: int = 0) -> Tensor:
    return torch.randint(len(space.table), (len(space.guide),), generator=torch.Generator().manual_seed(seed))


def test_space_measures_what_patches_differ_by(octaves: list[Octave], spaces: list[Space]) -> None:
    octave, space = octaves[0], spaces[0]
    patches = torch.nn.functional.unfold(octave.style, PATCH)[0].t()
    scale = 2 / (patches - patches.mean(0)).square().sum(1).mean()
    true = (patches[:40, None] - patches[None, 40:80]).square().sum(-1) * scale
    kept = space.table[:, : EFFORT.colours]
    found = (kept[:40, None] - kept[None, 40:80]).square().sum(-1)
    assert float((found - true).abs().mean() / true.mean()) < 0.1


def test_vote_is_the_mean_of_what_is_copied(octaves: list[Octave], spaces: list[Space]) -> None:
    octave, space = octaves[0], spaces[0]
    field = random_field(space)
    (down, across), style_across = space.target_grid, space.style_grid[1]
    style_label = octave.style_label
    target_label = octave.target_label
    picture = vote(octave, field)
    for row, column in ((0, 0), (7, 11), (target_label.shape[0] - 1, target_label.shape[1] - 1), (12, 20)):
        total, weight = torch.zeros(3), 0.0
        for y in range(max(0, row - PATCH + 1), min(row, down - 1) + 1):
            for x in range(max(0, column - PATCH + 1), min(column, across - 1) + 1):
                source = int(field[y * across + x])
                there = source // style_across + row - y, source % style_across + column - x
                share = 1.0 if style_label[there] == target_label[row, column] else 1e-4
                total += octave.style[0][:, there[0], there[1]] * share
                weight += share
        assert torch.allclose(picture[0, :, row, column], total / weight, atol=1e-5)


def test_exact_search_finds_planted_patches(octaves: list[Octave], spaces: list[Space]) -> None:
    space = spaces[0]
    field = random_field(space)
    planted = torch.randint(len(space.table), field.shape, generator=torch.Generator().manual_seed(1))
    search = Search(space, FREE, lambda _: None)
    assert torch.equal(search.everywhere(space.table[planted], field), planted)


def test_search_never_raises_the_patch_energy_without_prices(spaces: list[Space]) -> None:
    space = spaces[1]
    search = Search(space, FREE, lambda _: None)
    query = space.table[random_field(space, 5)] + 0.1
    field = random_field(space)
    before = (query - space.table[field]).square().sum(1)
    after = (query - space.table[search.nearby(query, field, window=True)]).square().sum(1)
    assert bool((after <= before + 1e-5).all())
    assert float(after.mean()) < float(before.mean())


def test_a_copied_block_goes_on_unbroken_to_the_next_octave(octaves: list[Octave]) -> None:
    old, new = octaves[0], octaves[1]
    down, across = old.target_grid
    row, column = torch.arange(down)[:, None], torch.arange(across)
    identity = (
        row.clamp(max=old.style_grid[0] - 1) * old.style_grid[1] + column.clamp(max=old.style_grid[1] - 1)
    ).flatten()
    field = upsample(identity, old, new).view(new.target_grid)
    inner = field[4:30, 4:30]
    source_row, source_column = inner // new.style_grid[1], inner % new.style_grid[1]
    assert torch.equal(source_row, torch.arange(4, 30)[:, None].expand(26, 26))
    assert torch.equal(source_column, torch.arange(4, 30).expand(26, 26))


def test_continued_is_the_neighbours_source_moved_back(spaces: list[Space]) -> None:
    space = spaces[0]
    field = random_field(space)
    across, style_across = space.target_grid[1], space.style_grid[1]
    which = 9 * across + 9
    source = int(field[which + across])  # of the patch below
    expected = max(source // style_across - 1, 0) * style_across + source % style_across
    assert int(continued(field, torch.tensor([which]), (1, 0), space)) == expected


def test_transport_uses_every_source_when_it_can() -> None:
    place = torch.linspace(0, 1, 30)[:, None] * 3
    goal = torch.linspace(0.3, 0.5, 90)[:, None] * 3  # crowded into a fifth of the range
    used = torch.bincount(transport(goal, place, torch.Generator()), minlength=30)
    nearest = torch.bincount(torch.cdist(goal, place).argmin(1), minlength=30)
    assert int((used > 0).sum()) > 2 * int((nearest > 0).sum())


def test_uses_count_pixels_against_an_even_spread(spaces: list[Space]) -> None:
    space = spaces[0]
    search = Search(space, EFFORT, lambda _: None)
    even = search.uses(torch.arange(len(space.table)))
    assert torch.allclose(even * space.expected, torch.ones(()), atol=1e-5)
    assert math.isclose(
        float(search.uses(torch.zeros(50, dtype=torch.long))[0] * space.expected[0]), 50 / 9, rel_tol=1e-5
    )


def test_transport_of_too_many_pairs_is_much_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    goal, place = torch.linspace(0, 1, 200)[:, None] * 3, torch.linspace(0, 1, 100)[:, None] * 3
    whole = transport(goal, place, torch.Generator())
    monkeypatch.setattr("engine.fast.layout.MOST_SOURCES", 50)
    part = transport(goal, place, torch.Generator().manual_seed(0), most_pairs=5_000)
    assert float((place[part] - place[whole]).abs().mean()) < 0.15


def test_a_label_that_no_neighbour_knows_finds_home(spaces: list[Space]) -> None:
    space = spaces[-1]
    field = torch.zeros(len(space.guide), dtype=torch.long)  # all from the sky
    found = bring_home(field, space, torch.Generator().manual_seed(0))
    assert torch.equal(space.style_label[found], space.target_label)
    assert torch.equal(
        found[space.target_label == space.style_label[0]], field[space.target_label == space.style_label[0]]
    )


@pytest.mark.parametrize("thrift", [1, 64])
def test_everywhere_finds_the_least_cost_of_all_pairs(octaves: list[Octave], spaces: list[Space], thrift: int) -> None:
    """Written out: distance, gate and usage of every pair, set after set."""
    space = spaces[0]
    search = Search(space, EFFORT, lambda _: None, thrift=thrift)
    query = space.query(vote(octaves[0], torch.zeros(len(space.guide), dtype=torch.long)))
    wanted = field = torch.arange(len(space.guide)) % len(space.table)
    for which in search.sets():
        cost = (query[which, None].double() - space.table.double()).square().sum(2)
        cost += 8 * (space.target_label[which, None] != space.style_label) + 0.7 * search.uses(wanted)
        wanted = wanted.clone()
        wanted[which] = cost.argmin(1)
    found = search.everywhere(query, field)
    assert float((found == wanted).float().mean()) > 0.995  # rounding may turn a tie


def test_what_is_scarce_deep_within_a_label_is_asked_for_less() -> None:
    """A stripe of 16 px in the style is asked to fill the whole doodle; the other label has room enough and stays."""
    style_map, wide = torch.zeros(1, 1, 64, 96), torch.ones(1, 1, 64, 96)
    style_map[..., 40:56] = 1
    style = torch.rand(1, 3, 64, 96, generator=torch.Generator().manual_seed(0))
    scarce = build_pyramid(style, find_labels(style_map, wide))[-1]
    had, asked = (window_share(share, 15)[0].flatten(1) for share in (scarce.style_share, scarce.target_share))
    mine = centre_labels(scarce.style_label) == 1
    share = 4 * int((had[1, mine] > 0.99).sum()) / asked.shape[1]
    wanted = share * asked + (1 - share) * had[:, mine].mean(1, keepdim=True)
    assert torch.allclose(loosen(had, asked, scarce, 1.0), wanted, atol=1e-5)
    plenty = build_pyramid(style, find_labels(style_map, style_map))[-1]
    had, asked = (window_share(share, 15)[0].flatten(1) for share in (plenty.style_share, plenty.target_share))
    assert torch.equal(loosen(had, asked, plenty, 1.0), asked)


def test_of_equal_shares_the_first_is_the_greatest() -> None:
    shares = torch.randint(0, 3, (4, 30, 40), generator=torch.Generator().manual_seed(1)).float()
    most, label = greatest(shares)
    assert torch.equal(most, shares.amax(0))
    assert all(
        int(label[y, x]) == shares[:, y, x].tolist().index(float(most[y, x])) for y in range(30) for x in range(40)
    )


def test_labels_of_the_finest_octave_are_the_shares_greatest(octaves: list[Octave]) -> None:
    for octave in octaves:
        assert torch.equal(octave.style_label, octave.style_share[0].argmax(0))
        assert torch.equal(octave.target_label, octave.target_share[0].argmax(0))
