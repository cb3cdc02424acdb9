"""What the door refuses, with the numbers, and how it sizes what it takes."""

import re
import sys

import pytest
import torch
from torch import Tensor

from engine import InputError, Settings, paint
from engine.checks import check_inputs, make_request
from engine.network import Network
from engine.settings import MAX_PIXELS, Method

CPU = torch.device("cpu")
SETTINGS = Settings()


def full(channels: int, height: int, width: int, value: float = 0.5) -> Tensor:
    return torch.full((1, channels, height, width), value)


def too_large() -> Tensor:
    return torch.zeros(1).expand(1, 3, 8192, MAX_PIXELS // 8192 + 1)  # no memory behind it


def spoiled(value: float) -> Tensor:
    picture = full(3, 40, 60)
    picture[0, 1, 2, 3] = value
    return picture


STYLE, STYLE_MAP, DOODLE = full(3, 40, 60), full(4, 40, 60), full(4, 50, 70)


@pytest.mark.parametrize(
    ("style", "style_map", "doodle", "says"),
    [
        (full(3, 31, 60), STYLE_MAP, DOODLE, "the style is 60x31 px: make each side at least 32 px"),
        (STYLE, full(4, 20, 30), DOODLE, "the style map is 30x20 px"),
        (STYLE, STYLE_MAP, full(4, 31, 31), "the doodle is 31x31 px"),
        (too_large(), STYLE_MAP, DOODLE, "16.8 megapixels"),
        (full(4, 40, 60), STYLE_MAP, DOODLE, "the style has 4 channels"),
        (STYLE[0], STYLE_MAP, DOODLE, "shape (3, 40, 60)"),
        (STYLE.repeat(2, 1, 1, 1), STYLE_MAP, DOODLE, "shape (2, 3, 40, 60)"),
        ((STYLE * 255).to(torch.uint8), STYLE_MAP, DOODLE, "torch.uint8"),
        (spoiled(float("nan")), STYLE_MAP, DOODLE, "the style has 1 values that are NaN, Inf or too large"),
        (spoiled(1.5), STYLE_MAP, DOODLE, "values from 0.5 to 1.5"),
        (spoiled(-0.25), STYLE_MAP, DOODLE, "values from -0.25 to 0.5"),
        (STYLE, full(4, 40, 60, float("inf")), DOODLE, "the style map has 9600 values that are NaN, Inf or too large"),
        (STYLE, STYLE_MAP, full(4, 50, 70, float("nan")), "the doodle has 14000 values"),
        (STYLE, full(3, 40, 60), DOODLE, "the style map has 3 channels and the doodle 4"),
        (STYLE, full(0, 40, 60), full(0, 50, 70), "no channels"),
        (STYLE, full(4, 40, 62), DOODLE, "the style map is 62x40 px and the style 60x40 px, 3.3% apart"),
    ],
)
def test_bad_inputs_are_refused_with_the_numbers(style: Tensor, style_map: Tensor, doodle: Tensor, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        check_inputs(style, style_map, doodle, SETTINGS)


def test_content_is_checked_against_the_doodle() -> None:
    with pytest.raises(InputError, match="content is 60x40 px and the doodle 70x50 px"):
        check_inputs(STYLE, STYLE_MAP, DOODLE, SETTINGS, full(3, 40, 60))
    with pytest.raises(InputError, match="the content has 1 values"):
        check_inputs(full(3, 40, 60), STYLE_MAP, full(4, 40, 60), SETTINGS, spoiled(float("nan")))


def test_a_map_of_any_range_passes() -> None:
    assert check_inputs(STYLE, STYLE_MAP * 1000 - 300, DOODLE * -7, SETTINGS) == (50, 70)


def test_the_painting_is_as_the_settings_say_or_as_the_doodle() -> None:
    request = make_request(STYLE, STYLE_MAP, DOODLE, SETTINGS, CPU)
    assert request.size == (50, 70)
    settings = Settings(width=280, height=200)
    request = make_request(STYLE, STYLE_MAP, DOODLE, settings, CPU, full(3, 25 * 2, 35 * 2))
    assert request.size == (200, 280)
    assert request.content is not None
    assert request.content.shape == (1, 3, 200, 280)
    assert request.style.shape == (1, 3, 40, 60)


def test_another_aspect_than_the_doodles_is_refused() -> None:
    says = "painting asked for is 200x200 px and the doodle 70x50 px, 40.0% apart"
    with pytest.raises(InputError, match=re.escape(says)):
        check_inputs(STYLE, STYLE_MAP, DOODLE, Settings(width=200, height=200))


def test_a_painting_above_the_cap_is_refused() -> None:
    with pytest.raises(InputError, match="painting asked for is 8192x5851 px"):
        check_inputs(STYLE, STYLE_MAP, DOODLE, Settings(width=8192, height=5851))


def test_maps_are_resized_nearest_to_their_pictures() -> None:
    style_map = torch.rand(1, 2, 41, 61).round()
    request = make_request(full(3, 80, 120), style_map, full(2, 50, 70), Settings(width=140, height=100), CPU)
    assert request.style_map.shape == (1, 2, 80, 120)
    assert set(request.style_map.flatten().tolist()) == {0.0, 1.0}
    assert request.target_map.shape == (1, 2, 100, 140)


@pytest.mark.parametrize("method", ["fast", "paper", "gram"])
def test_inputs_are_never_written_to(method: Method) -> None:
    random = torch.Generator().manual_seed(0)
    style, content = torch.rand(1, 3, 48, 48, generator=random), torch.rand(1, 3, 48, 48, generator=random)
    style_map = (torch.arange(48) // 24).float().expand(1, 2, 48, 48).contiguous()
    given = (style, style_map, style_map.flip(3), content)
    before = [tensor.clone() for tensor in given]
    settings = Settings(method=method, preset="draft", evaluations=2, device="cpu")
    paint(*given[:3], settings, content=content)
    assert all(torch.equal(tensor, copy) for tensor, copy in zip(given, before, strict=True))


def test_pictures_are_painted_from_as_float32_without_gradients() -> None:
    request = make_request(STYLE.double().requires_grad_(), STYLE_MAP, STYLE_MAP, SETTINGS, CPU)
    assert not request.style.requires_grad
    assert request.style.dtype == torch.float32


def test_a_painting_without_features_fetches_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    door = sys.modules["engine.paint"]
    load = door.load_network

    def noted(name: str, device: torch.device) -> Network:
        asked.append(name)
        found: Network = load("embedded", device)
        return found

    monkeypatch.setattr(door, "load_network", noted)
    picture, label = torch.rand(1, 3, 40, 40), torch.zeros(1, 1, 40, 40)
    paint(picture, label, label, Settings(preset="draft", network="vgg19", device="cpu"))
    assert asked == ["embedded"]


def test_bad_inputs_are_refused_before_the_network_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    door = sys.modules["engine.paint"]  # the package's own `paint` is the function
    monkeypatch.setattr(door, "load_network", lambda *_: pytest.fail("loaded the network"))
    with pytest.raises(InputError, match="the doodle is 31x31 px"):
        paint(STYLE, STYLE_MAP, full(4, 31, 31), Settings(device="cpu"))


@pytest.mark.parametrize(("method", "patch", "side"), [("paper", 5, 32), ("mrf", 7, 48)])
def test_pictures_too_small_for_the_patches_are_refused(method: Method, patch: int, side: int) -> None:
    picture, label = torch.rand(1, 3, side, side), torch.zeros(1, 1, side, side)
    with pytest.raises(InputError, match=f"patches of {patch} need {8 * patch} px"):
        paint(picture, label, label, Settings(method=method, patch=patch))


def test_nothing_to_paint_is_refused() -> None:
    picture, label = torch.rand(1, 3, 48, 48), torch.zeros(1, 1, 48, 48)
    with pytest.raises(InputError, match="beta 0 leaves the style out"):
        paint(picture, label, label, Settings(method="paper", beta=0))


@pytest.mark.parametrize("scale", [1e300, 3e38])
def test_what_float32_can_not_reckon_with_is_refused(scale: float) -> None:
    picture, label = torch.rand(1, 3, 48, 48), torch.rand(1, 1, 48, 48).double() * scale
    with pytest.raises(InputError, match="too large"):
        paint(picture, label, label, Settings())
