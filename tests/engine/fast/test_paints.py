"""What is drawn lighter turns into the label's own lighter paint."""

import torch
from torch import Tensor

from engine.fast.light import LUMA, luminance
from engine.fast.paints import Paints, find_paints

GREEN, BLUE = 0, 1


def paint_of(label: int, light: Tensor) -> Tensor:
    """(3, N) a planted paint: the lighter the yellower for GREEN, the lighter the redder for BLUE."""
    red, green, blue = (0.05 + 0.6 * light, 0.4 + 0.5 * light, 0.1 * light)
    colour = torch.stack([red, green, blue] if label == GREEN else [light, 0.3 * light, 0.7 - 0.2 * light])
    weight = torch.tensor(LUMA)[:, None]
    return colour + light - (colour * weight).sum(0)  # so that its luminance is `light`


def planted() -> tuple[Paints, Tensor, Tensor]:
    """Paints of a style, its left half GREEN and its right half BLUE, with the style and its labels."""
    light = torch.rand(60, 80, generator=torch.Generator().manual_seed(0)) * 0.5 + 0.2
    label = (torch.arange(80) >= 40).long().expand(60, 80)
    colours = [paint_of(index, light.flatten()).view(3, 60, 80) for index in (GREEN, BLUE)]
    style = torch.where(label == GREEN, colours[GREEN], colours[BLUE])[None]
    return find_paints(style, label, 2), style, label


def test_a_copy_drawn_lighter_is_the_labels_own_lighter_paint() -> None:
    paints = planted()[0]
    label = torch.tensor([[GREEN, BLUE, GREEN, BLUE]])
    before = torch.tensor([0.3, 0.3, 0.6, 0.6]).view(1, 1, 1, 4)
    after = torch.tensor([0.6, 0.6, 0.3, 0.3]).view(1, 1, 1, 4)
    moved = paints.change(label, before, after)
    wanted = torch.stack(
        [
            (paint_of(int(index), new.view(1)) - paint_of(int(index), old.view(1)))[:, 0]
            for index, old, new in zip(label[0], before.flatten(), after.flatten(), strict=True)
        ],
        1,
    )
    assert torch.allclose(moved[0, :, 0], wanted, atol=0.01)
    assert torch.allclose(luminance(moved), after - before, atol=1e-5)
    assert (moved[0, :, 0, 0] - moved[0, :, 0, 1]).abs().max() > 0.1  # and the two labels' are not the same


def test_no_change_of_light_is_no_change_at_all() -> None:
    paints, style, label = planted()
    assert torch.equal(paints.change(label, luminance(style), luminance(style)), torch.zeros_like(style))


def test_beyond_the_lightest_paint_the_hue_stays() -> None:
    paints = planted()[0]
    edge = torch.full((1, 1, 1, 1), 0.75)
    moved = paints.change(torch.tensor([[GREEN]]), edge, edge + 0.2)
    assert torch.allclose(moved, torch.full_like(moved, 0.2), atol=1e-6)


def test_a_label_of_hardly_a_pixel_takes_the_whole_styles_paints() -> None:
    _, style, label = planted()
    label = label.clone()
    label[0, :5] = 2
    paints, whole = find_paints(style, label, 4), find_paints(style, torch.zeros_like(label), 1)
    for index in (2, 3):  # of 5 px, and of none
        assert torch.equal(paints.hue[index], whole.hue[0])
        assert torch.equal(paints.light[index], whole.light[0])
    assert not torch.equal(paints.hue[GREEN], whole.hue[0])


def test_a_flat_style_has_one_paint() -> None:
    flat = torch.full((1, 3, 40, 40), 0.25)
    paints = find_paints(flat, torch.zeros(40, 40, dtype=torch.long), 1)
    before = torch.full((1, 1, 4, 4), 0.25)
    moved = paints.change(torch.zeros(4, 4, dtype=torch.long), before, before + 0.1)
    assert torch.allclose(moved, torch.full_like(moved, 0.1), atol=1e-6)
