"""The paper's method through the one door, on pictures of a few pixels."""

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from engine import NumericalError, Painting, Settings, Step, paint
from engine.network import load_network
from engine.paper import watch as watch_module
from engine.paper.octaves import plan_octaves

SETTINGS = Settings(method="paper", device="cpu", evaluations=8)
SIDE = 64


def layout(flip: bool) -> Tensor:
    """Two labels, side by side."""
    made = torch.zeros(1, 3, SIDE, SIDE)
    made[:, 0, :, : SIDE // 2], made[:, 2, :, SIDE // 2 :] = 1, 1
    return made.flip(3) if flip else made


def style_of(labels: Tensor) -> Tensor:
    """Warm coarse texture on one label, cold fine texture on the other."""
    generator = torch.Generator().manual_seed(0)
    coarse = functional.interpolate(torch.rand(1, 1, SIDE // 4, SIDE // 4, generator=generator), scale_factor=4)
    fine = torch.rand(1, 1, SIDE, SIDE, generator=generator)
    warm = torch.tensor([0.9, 0.5, 0.1]).view(1, 3, 1, 1) * (0.5 + 0.5 * coarse)
    cold = torch.tensor([0.1, 0.4, 0.9]).view(1, 3, 1, 1) * (0.5 + 0.5 * fine)
    return torch.where(labels[:, :1] > 0.5, warm, cold)


def run(style_map: Tensor | None = None, target_map: Tensor | None = None, **extra: Any) -> Painting:
    settings = replace(SETTINGS, **{key: value for key, value in extra.items() if key not in ("content", "on_step")})
    labels = layout(flip=False)
    return paint(
        style_of(labels),
        labels if style_map is None else style_map,
        layout(flip=True) if target_map is None else target_map,
        settings,
        content=extra.get("content"),
        on_step=extra.get("on_step"),
    )


def test_the_doodle_decides_where_what_is_painted() -> None:
    picture = run(evaluations=20).picture
    left, right = picture[..., : SIDE // 2 - 4].mean((2, 3))[0], picture[..., SIDE // 2 + 4 :].mean((2, 3))[0]
    assert left[2] > left[0]  # cold, as the flipped doodle asks
    assert right[0] > right[2]
    assert (left[2] - left[0]) + (right[0] - right[2]) > 0.25


def test_a_seed_is_a_painting() -> None:
    torch.manual_seed(1)
    first = run().picture
    torch.manual_seed(2)
    assert torch.equal(run().picture, first)
    assert not torch.equal(run(seed=1).picture, first)


def test_global_randomness_is_left_alone() -> None:
    before = torch.get_rng_state()
    run(evaluations=1)
    assert torch.equal(torch.get_rng_state(), before)


def test_gamma_0_zero_maps_and_mrf_are_the_same_bytes() -> None:
    mrf = run(method="mrf").picture
    black = torch.zeros(1, 3, SIDE, SIDE)
    assert torch.equal(run(gamma=0.0).picture, mrf)
    assert torch.equal(run(black, black).picture, mrf)
    assert not torch.equal(run().picture, mrf)


@pytest.mark.parametrize("channels", [1, 2, 7])
def test_any_number_of_map_channels(channels: int) -> None:
    labels = torch.zeros(1, channels, SIDE, SIDE)
    labels[:, 0, :, : SIDE // 2] = 1
    assert run(labels, labels.flip(3), evaluations=2).picture.shape == (1, 3, SIDE, SIDE)


@pytest.mark.parametrize(
    "extra",
    [
        {"method": "gram"},
        {"finest": "conv3_1"},
        {"channels": 32},
        {"nn_every": 4},
        {"patch": 1},
        {"colour": 0.0},
        {"gamma": 1e6},
    ],
)
def test_the_options_paint_too(extra: dict[str, Any]) -> None:
    losses: dict[int, list[float]] = {}

    def watch(step: Step) -> None:
        if step.loss:  # 0 in an octave's first search
            losses.setdefault(step.octave, []).append(step.loss)

    picture = run(on_step=watch, **extra).picture
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert all(loss[-1] < loss[0] for loss in losses.values())


def test_beta_0_reconstructs_the_content() -> None:
    content = style_of(layout(flip=True))  # far from what the analogy paints: its textures lie elsewhere
    network = load_network("embedded", torch.device("cpu"))
    wanted = network.features(content)["conv4_1"]

    def distance(picture: Tensor) -> float:
        return float(((network.features(picture)["conv4_1"] - wanted).norm() / wanted.norm()).item())

    free = run(content=content, alpha=0.0).picture
    held = run(content=content, beta=0.0, evaluations=30).picture
    assert distance(held) < 0.5 * distance(free)
    assert torch.equal(free, run(alpha=10.0).picture)  # alpha without a content picture is analogy


def test_another_size_than_the_styles() -> None:
    wide = layout(flip=True)[..., :48, :]
    painting = run(target_map=wide, width=96, height=72, evaluations=2)
    assert painting.picture.shape == (1, 3, 72, 96)
    assert (painting.device, painting.network, painting.stopped) == ("cpu", "embedded", False)


def test_small_pictures_lose_their_coarse_octaves_only() -> None:
    assert len(plan_octaves((32, 32), (32, 40), 3)) == 1
    assert len(plan_octaves((64, 64), (64, 64), 3)) == 2
    assert [octave.target for octave in plan_octaves((384, 512), (320, 513), 3)] == [(80, 128), (160, 256), (320, 513)]


def test_each_step_is_told_and_the_work_done_never_falls() -> None:
    told: list[Step] = []
    run(on_step=told.append)
    assert {step.octave for step in told} == {1, 2}
    assert told[0].preview is not None
    assert told[0].preview.dtype == torch.uint8
    assert told[0].preview.shape == (3, SIDE, SIDE)  # the painting's own, in every octave
    for before, after in pairwise(told):
        assert after.done >= before.done
        assert after.seconds >= before.seconds
        assert after.octave > before.octave or after.loss <= before.loss or not before.loss
    assert told[-1].done == pytest.approx(1)
    assert all(math.isfinite(step.loss) for step in told)


def test_a_long_search_shows_previews_and_hears_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_module, "PREVIEW_EVERY", 0.0)  # as if a row took a second
    told: list[Step] = []
    plain = run(evaluations=4, on_step=told.append).picture
    assert len(told) > 3 * 4 * 2  # octaves of evaluations
    assert all(step.preview is not None for step in told)
    assert [step.done for step in told] == sorted(step.done for step in told)
    assert torch.equal(plain, run(evaluations=4).picture)  # looking changes nothing
    assert told[4].loss == 0  # within the very first search
    heard: list[Step] = []

    def stop(step: Step) -> bool:
        heard.append(step)
        return len(heard) == 5

    painting = run(evaluations=4, on_step=stop)
    assert (len(heard), painting.stopped) == (5, True)


@pytest.mark.parametrize("at", [1, 5, 10])
def test_a_stop_is_heeded_within_one_step(at: int) -> None:
    told: list[Step] = []

    def stop(step: Step) -> bool:
        told.append(step)
        return len(told) == at

    painting = run(on_step=stop)
    assert len(told) == at
    assert painting.stopped
    assert painting.picture.shape == (1, 3, SIDE, SIDE)


def test_nan_in_the_features_is_an_error_and_never_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    network = load_network("embedded", torch.device("cpu"))
    plain = type(network).features

    def spoiled(self: object, picture: Tensor, layers: Any, tick: object = None) -> dict[str, Tensor]:
        found = plain(network, picture, layers)
        return {name: value * float("nan") if picture.requires_grad else value for name, value in found.items()}

    monkeypatch.setattr(type(network), "features", spoiled)
    with pytest.raises(NumericalError, match="not finite"):
        run()


def test_gram_matrices_have_no_patches() -> None:
    gram = run(method="gram", evaluations=2).picture
    assert torch.equal(run(method="gram", evaluations=2, patch=7).picture, gram)
