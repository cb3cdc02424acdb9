"""The whole method on a small scene."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.errors import InputError, NumericalError
from engine.fast import fast as module
from engine.fast import progress as progress_module
from engine.fast.effort import EFFORTS
from engine.fast.pyramid import build_pyramid
from engine.fast.space import Space, build_space
from engine.maps import find_labels
from engine.request import Outcome, Request
from engine.settings import Preset, Settings
from engine.step import OnStep, Step
from tests.engine.fast.scene import HILL, SEA, SKY, make_request


def run(request: Request, on_step: OnStep | None = None) -> Outcome:
    return module.paint_fast(request, None, on_step)


def region_colour(picture: Tensor, semantic_map: Tensor, colour: tuple[float, float, float]) -> Tensor:
    """(3,) mean colour of a region."""
    inside = (semantic_map == torch.tensor(colour).view(1, 3, 1, 1)).all(1)[0]
    return picture[0][:, inside].mean(1)


@pytest.mark.parametrize("preset", ["draft", "fast", "best"])
def test_regions_get_their_own_colours(preset: Preset) -> None:
    request = make_request(Settings(preset=preset))
    outcome = run(request)
    assert outcome.picture.shape == (1, 3, 80, 112)
    assert not outcome.stopped
    assert 0 <= float(outcome.picture.min()) <= float(outcome.picture.max()) <= 1
    for colour in (SKY, HILL, SEA):
        wanted = region_colour(request.style, request.style_map, colour)
        assert torch.allclose(region_colour(outcome.picture, request.target_map, colour), wanted, atol=0.08)


def test_same_seed_same_bytes_and_another_seed_another_picture() -> None:
    first, again = run(make_request()), run(make_request())
    other = run(make_request(Settings(seed=1)))
    assert torch.equal(first.picture, again.picture)
    assert not torch.equal(first.picture, other.picture)


def test_gamma_0_ignores_the_maps() -> None:
    request = make_request(Settings(gamma=0))
    other = replace(request, target_map=request.target_map.flip(3))
    assert torch.equal(run(request).picture, run(other).picture)
    assert not torch.equal(run(request).picture, run(make_request()).picture)


def test_unknown_label_is_refused() -> None:
    request = make_request()
    request.target_map[:, :, 10:30, 10:30] = torch.tensor([0.0, 1.0, 0.0]).view(1, 3, 1, 1)
    with pytest.raises(InputError, match="#00ff00"):
        run(request)


def test_steps_tell_the_way_and_end_at_1() -> None:
    steps: list[Step] = []
    run(make_request(), steps.append)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    assert steps[-1].done == 1
    assert steps[-1].octave == steps[-1].octaves
    assert steps[-1].preview is not None
    assert steps[-1].preview.dtype == torch.uint8
    assert {step.preview.shape for step in steps if step.preview is not None} == {(3, 80, 112)}
    assert all(1 <= step.iteration <= step.iterations for step in steps)


def test_the_last_work_shows_previews_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "PREVIEW_EVERY", 0.0)  # as if each part took a second
    steps: list[Step] = []
    watched = run(make_request(), steps.append).picture
    ends = [step for step in steps if step.done == 1]
    assert len(ends) > 3
    assert all(step.preview is not None for step in ends)
    assert torch.equal(watched, run(make_request()).picture)


@pytest.mark.parametrize("after", [1, 3, 6])
def test_stop_ends_within_one_step_with_a_full_picture(after: int) -> None:
    steps: list[Step] = []

    def stop(step: Step) -> bool:
        steps.append(step)
        return len(steps) >= after

    outcome = run(make_request(), stop)
    assert outcome.stopped
    assert len(steps) == after
    assert outcome.picture.shape == (1, 3, 80, 112)
    assert bool(torch.isfinite(outcome.picture).all())


@pytest.mark.parametrize(("size", "grid"), [((32, 32), (32, 32)), ((33, 65), (40, 32)), ((120, 40), (47, 150))])
def test_odd_sizes(size: tuple[int, int], grid: tuple[int, int]) -> None:
    random = torch.Generator().manual_seed(0)
    style_map = torch.zeros(1, 1, *size)
    style_map[..., size[1] // 2 :] = 1
    target_map = torch.zeros(1, 1, *grid)
    target_map[..., grid[0] // 2 :, :] = 1
    style = torch.rand(1, 3, *size, generator=random)
    outcome = run(Request(style, style_map, target_map, None, Settings()))
    assert outcome.picture.shape[2:] == grid
    assert bool(torch.isfinite(outcome.picture).all())


def test_octaves_double_and_keep_the_shares() -> None:
    request = make_request()
    octaves = build_pyramid(request.style, find_labels(request.style_map, request.target_map))
    assert [octave.target_share.shape[2] for octave in octaves] == [40, 80]
    for octave in octaves:
        assert torch.allclose(octave.target_share.sum(1), torch.ones(()), atol=1e-5)
    assert set(EFFORTS) == {"draft", "fast", "best"}


def test_nan_among_the_patches_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(*given: Any) -> Space:
        space = build_space(*given)
        space.guide[:] = torch.nan
        return space

    monkeypatch.setattr("engine.fast.fast.build_space", spoilt)
    with pytest.raises(NumericalError, match="NaN or Inf"):
        run(make_request())


def test_gamma_0_takes_a_doodle_of_other_colours() -> None:
    request = make_request(Settings(gamma=0, preset="draft"))
    other = replace(request, target_map=1 - request.target_map)
    assert torch.equal(run(other).picture, run(request).picture)


def test_after_a_stop_no_octave_is_made_ready_for_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Space] = []

    def counted(*given: Any) -> Space:
        made.append(build_space(*given))
        return made[-1]

    monkeypatch.setattr("engine.fast.fast.build_space", counted)
    request = make_request()
    assert run(request, lambda _: True).picture.shape == (1, 3, 80, 112)
    assert len(made) == 1
