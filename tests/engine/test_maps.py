"""Maps as people draw them become the labels that were meant."""

import re

import pytest
import torch
from torch import Tensor
from torch.nn import functional

import engine
from engine.errors import InputError
from engine.maps import find_labels, find_palette, refuse_strangers, snap

RED, DARK_RED = (1.0, 0.2, 0.12), (0.75, 0.0, 0.0)
BLACK, GREY, WHITE = (0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)


def stripes(colours: list[tuple[float, ...]], side: int = 96) -> Tensor:
    """(1, M, side, side) map of vertical stripes, one per colour."""
    which = torch.arange(side) * len(colours) // side
    return torch.tensor(colours)[which].t()[None, :, None, :].expand(1, -1, side, side).contiguous()


def soften(picture: Tensor) -> Tensor:
    """Edges of about three pixels, as a painting program's brush leaves them."""
    return functional.avg_pool2d(functional.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)


def test_exact_colours_keep_their_places() -> None:
    picture = stripes([RED, DARK_RED, BLACK, GREY, WHITE])
    labels = find_labels(picture, picture.flip(3))
    assert labels.count == 5
    assert torch.equal(labels.palette[labels.style], picture[0].permute(1, 2, 0))
    assert torch.equal(labels.target, labels.style.flip(1))


def test_soft_edges_are_no_labels() -> None:
    picture = stripes([BLACK, WHITE, GREY])
    labels = find_labels(soften(picture), picture)
    assert labels.count == 3
    # the soft pixels between black and white are half way, grey's own colour, and yet not grey
    assert float((labels.style == labels.target).float().mean()) > 0.97
    assert GREY[0] not in labels.palette[labels.style[:, :48]].flatten().tolist()


@pytest.mark.parametrize("times", [2, 3, 4, 7])
def test_soft_edges_of_an_enlarged_map_are_no_labels(times: int) -> None:
    slant = torch.arange(96)[None] + torch.arange(96)[:, None] // 3
    colours = torch.tensor([RED, WHITE, DARK_RED])
    small = soften(colours[(slant // 45).clamp(max=2)].permute(2, 0, 1)[None])
    labels = find_labels(functional.interpolate(small, scale_factor=times), small)
    assert labels.count == 3


def test_noise_of_a_lossy_file_is_no_label() -> None:
    clean = stripes([RED, DARK_RED, WHITE])
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(0)) * 0.02
    labels = find_labels((clean + noise).clamp(0, 1), clean)
    assert labels.count == 3
    assert float((labels.style == labels.target).float().mean()) > 0.99


def test_small_label_survives() -> None:
    picture = stripes([RED, WHITE], side=200)
    picture[:, :, 50:58, 20:34] = 0  # an eye: 0.28 % of the pixels
    labels = find_labels(soften(picture), picture)
    assert labels.count == 3
    assert 80 <= int((labels.palette[labels.style].sum(-1) == 0).sum()) <= 140


def test_missing_counterpart_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"#00ff00 \(33\.3% of the doodle; nearest in the style map: #[0f]{6}\)"):
        find_labels(stripes([RED, WHITE, BLACK]), stripes([RED, (0.0, 1.0, 0.0), WHITE]))


def test_near_colours_are_counterparts() -> None:
    labels = find_labels(stripes([RED, WHITE, BLACK]), stripes([(0.95, 0.25, 0.1), WHITE, BLACK]))
    assert torch.equal(labels.style, labels.target)


@pytest.mark.parametrize("scale", [1.0, 255.0, 1e-3])
@pytest.mark.parametrize("channels", [1, 3, 4, 7])
def test_any_channels_and_range(channels: int, scale: float) -> None:
    random = torch.Generator().manual_seed(channels)
    colours = [(0.0,) * channels, (1.0,) * channels, tuple(torch.rand(channels, generator=random).mul(0.5).tolist())]
    picture = stripes(colours) * scale - scale / 2
    labels = find_labels(picture, picture)
    assert labels.count == 3
    assert torch.allclose(labels.palette[labels.style], picture[0].permute(1, 2, 0))


def test_gradient_is_cut_into_bands() -> None:
    ramp = torch.linspace(0, 1, 128).expand(1, 1, 64, 128)
    labels = find_labels(ramp, ramp)
    assert 4 <= labels.count <= 32
    assert float((labels.palette[labels.style][..., 0] - ramp[0, 0]).abs().max()) < 0.15


def test_one_colour_is_one_label() -> None:
    plain = torch.full((1, 3, 40, 40), 0.25)
    assert find_labels(plain, plain).count == 1


def test_snap_agrees_with_plain_nearest_away_from_edges() -> None:
    picture = stripes([RED, DARK_RED, WHITE])[0]
    palette = find_palette(picture)
    nearest = (picture.permute(1, 2, 0)[:, :, None] - palette).square().sum(-1).argmin(-1)
    assert torch.equal(snap(picture, palette), nearest)


def test_methods_of_colours_refuse_a_stranger_but_welcome_what_lies_between() -> None:
    refuse_strangers(stripes([BLACK, WHITE]), stripes([WHITE, GREY]))
    with pytest.raises(InputError, match=r"#ff331f \(50\.0% of the doodle; nearest in the style map: #[0f]{6}\)"):
        refuse_strangers(stripes([BLACK, WHITE]), stripes([WHITE, RED]))


def test_a_continuous_map_has_no_strangers() -> None:
    fade = torch.linspace(0, 1, 64).expand(1, 1, 64, 64)
    refuse_strangers(torch.cat([fade, fade * 0, fade * 0], 1), torch.cat([fade, fade.flip(3), fade * 0], 1))


@pytest.mark.parametrize("method", ["paper", "gram"])
def test_the_door_refuses_strangers_before_any_work(method: engine.settings.Method) -> None:
    style = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(0))
    with pytest.raises(InputError, match="style map lacks"):
        engine.paint(style, stripes([BLACK, WHITE]), stripes([WHITE, RED]), engine.Settings(method=method))


@pytest.mark.parametrize("width", [1, 2])
def test_a_small_map_of_fine_lines_keeps_its_labels(width: int) -> None:
    """Not one flat spot of 3x3 px in it, and not noisy either."""
    colours = torch.tensor([RED, BLACK, WHITE, GREY])
    which = torch.arange(40) // width % 4
    drawn = colours[which].t()[None, :, None, :].expand(1, 3, 36, 40).contiguous()
    labels = find_labels(drawn, stripes([WHITE, RED, GREY, BLACK]))
    assert labels.count == 4
    assert torch.equal(labels.palette[labels.style], drawn[0].permute(1, 2, 0))


@pytest.mark.parametrize("scale", [1e-30, 1e-14, 1e30])
def test_the_range_of_the_maps_changes_no_label(scale: float) -> None:
    drawn = stripes([RED, DARK_RED, BLACK, GREY, WHITE])
    labels, plain = find_labels(drawn * scale, drawn.flip(3) * scale), find_labels(drawn, drawn.flip(3))
    assert torch.equal(labels.style, plain.style)
    assert torch.equal(labels.target, plain.target)


def test_a_colour_of_very_many_channels_is_named_in_short() -> None:
    drawn = stripes([(0.0,) * 40, (1.0,) * 40])
    told = re.escape("(0.5, 0.5, 0.5, 0.5, ... 40 values)") + ".* by method paper"
    with pytest.raises(InputError, match=told):
        find_labels(drawn, stripes([(0.0,) * 40, (0.5,) * 40]))
