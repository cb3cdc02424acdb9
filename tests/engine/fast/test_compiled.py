"""The compiled loops against torch's own operations, which say the same slowly and run on every device."""

import pytest
import torch
from torch import Tensor

from engine.fast.blocks import cut_cells
from engine.fast.compiled import is_compiled, share_out
from engine.fast.effort import EFFORTS
from engine.fast.fast import paint_fast
from engine.fast.pyramid import Octave, build_pyramid
from engine.fast.seams import vote_tones
from engine.fast.search import Search
from engine.fast.space import Space, build_space
from engine.fast.vote import vote
from engine.maps import find_labels
from engine.settings import Settings
from tests.engine.fast.scene import draw_doodle, in_torch, make_request, paint_style

EFFORT = EFFORTS["fast"]
CPU = torch.device("cpu")

pytestmark = pytest.mark.skipif(not is_compiled(CPU), reason="Numba is not there for this Python: torch does all")


@pytest.fixture(name="octave")
def fixture_octave() -> Octave:
    request = make_request()
    return build_pyramid(request.style, find_labels(request.style_map, request.target_map))[-1]


@pytest.fixture(name="space")
def fixture_space(octave: Octave) -> Space:
    return build_space(octave, EFFORT, Settings(), 2, torch.Generator().manual_seed(0))


def random_field(space: Space, seed: int) -> Tensor:
    """Half of it copied in blocks, as a field in progress is."""
    random = torch.Generator().manual_seed(seed)
    field = torch.randint(len(space.table), (len(space.guide),), generator=random)
    (down, across), (style_down, style_across) = space.target_grid, space.style_grid
    row, column = torch.arange(down)[:, None], torch.arange(across)
    block = (row + 3).clamp(max=style_down - 1) * style_across + (column + 5).clamp(max=style_across - 1)
    field.view(down, across)[: down // 2] = block[: down // 2]
    return field


@pytest.mark.parametrize("window", [False, True])
@pytest.mark.parametrize("more", [False, True])
def test_search_chooses_the_same_sources(
    space: Space, window: bool, more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = cut_cells(space, 1, 3) if more else None
    also = random_field(space, 1).flip(0).contiguous() if more else None
    field = random_field(space, 2)
    query = space.table[random_field(space, 3)] + 0.1 * torch.randn(
        len(field), space.table.shape[1], generator=torch.Generator().manual_seed(4)
    )
    fast = Search(space, EFFORT, lambda _: None, cells).nearby(query, field, window, also)
    in_torch(monkeypatch)
    plain = Search(space, EFFORT, lambda _: None, cells).nearby(query, field, window, also)
    assert float((plain != field).float().mean()) > 0.3  # there was something to improve
    # a rounding may turn a tie, and its neighbours after it
    assert float((fast != plain).float().mean()) < 0.002


@pytest.mark.parametrize("sigma", [None, 0.7])
def test_vote_is_the_same(octave: Octave, space: Space, sigma: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    field = random_field(space, 5)
    fast = vote(octave, field, sigma)
    in_torch(monkeypatch)
    assert torch.allclose(fast, vote(octave, field, sigma), atol=1e-5)


@pytest.mark.parametrize("band", [1, 2])
def test_wide_vote_is_the_same(band: int, monkeypatch: pytest.MonkeyPatch) -> None:
    style, style_map = paint_style(192, 256)
    octaves = build_pyramid(style, find_labels(style_map, draw_doodle(161, 223)))
    fine, coarse = octaves[-1], octaves[-1 - band]
    sources, patches = (down * across for down, across in (fine.style_grid, fine.target_grid))
    field = torch.randint(sources, (patches,), generator=torch.Generator().manual_seed(6))  # many lie at an edge
    fast = vote_tones(field, fine, coarse, 2**band)
    in_torch(monkeypatch)
    assert torch.allclose(fast, vote_tones(field, fine, coarse, 2**band), atol=1e-5)


def test_a_whole_painting_is_the_same_but_for_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    request = make_request(Settings(preset="draft"))
    fast = paint_fast(request, None, None).picture
    in_torch(monkeypatch)
    plain = paint_fast(request, None, None).picture
    blur = torch.nn.functional.avg_pool2d
    assert float((blur(fast, 8) - blur(plain, 8)).abs().mean()) < 0.03


def test_work_is_shared_out_whole_and_once() -> None:
    for count in (0, 1, 7, 1000):
        done = torch.zeros(max(count, 1), dtype=torch.int32)

        def work(start: int, stop: int, done: Tensor = done) -> None:
            done[start:stop] += 1

        share_out(work, count, 3)
        assert torch.equal(done[:count], torch.ones(count, dtype=torch.int32))
