"""A content picture gives structure, and the style keeps its own tones."""

import math

import pytest
import torch
from torch import Tensor

from engine.fast.fast import paint_fast
from engine.fast.light import luminance, match_light
from engine.fast.paints import Paints, find_paints
from engine.fast.shade import shade
from engine.maps import Labels
from engine.request import Request
from engine.settings import Settings


def test_tones_are_the_styles_in_the_contents_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.fast.light.KEPT", 0)
    random = torch.Generator().manual_seed(0)
    content, style = torch.rand(1, 3, 20, 30, generator=random) * 0.2, torch.rand(1, 3, 25, 24, generator=random)
    label = torch.zeros(20, 30, dtype=torch.long)
    labels = Labels(style=torch.zeros(25, 24, dtype=torch.long), target=label, palette=torch.zeros(1, 1))
    matched = match_light(content, style, labels)
    assert torch.equal(matched.flatten().sort()[0], luminance(style).flatten().sort()[0])
    assert torch.equal(matched.flatten().argsort(stable=True), luminance(content).flatten().argsort(stable=True))


def test_fine_structure_keeps_more_of_its_contrast_than_wide_tones() -> None:
    """Stripes in a content of full contrast, in a style that is all but grey."""
    style = 0.45 + 0.1 * torch.rand(1, 3, 24, 24, generator=torch.Generator().manual_seed(0))
    none = torch.zeros(96, 96, dtype=torch.long)
    labels = Labels(style=torch.zeros(24, 24, dtype=torch.long), target=none, palette=torch.zeros(1, 1))
    spreads = []
    for period in (6, 96):
        wave = 0.5 + 0.4 * torch.sin(torch.arange(96) * 2 * math.pi / period)
        spreads.append(float(match_light(wave.expand(1, 3, 96, 96).contiguous(), style, labels)[..., 20:-20].std()))
    assert spreads[0] > 0.18
    assert spreads[1] < 0.1


def likeness(one: Tensor, other: Tensor) -> float:
    """Correlation of the luminance of two pictures."""
    return float(torch.corrcoef(torch.stack([luminance(one).flatten(), luminance(other).flatten()]))[0, 1])


def paint_photo(beta: float, alpha: float = 10) -> float:
    """Likeness of the painting to the photo: a bright disc, in a style of all tones in one label."""
    down, across = torch.linspace(-1, 1, 72)[:, None], torch.linspace(-1, 1, 80)
    photo = ((down**2 + across**2).sqrt() < 0.6).float().expand(1, 3, 72, 80) * 0.4 + 0.3
    random = torch.Generator().manual_seed(0)
    blobs = torch.nn.functional.interpolate(torch.rand(1, 3, 12, 12, generator=random), size=(96, 96), mode="bilinear")
    one = torch.zeros(1, 1, 96, 96)
    settings = Settings(alpha=alpha, beta=beta)
    outcome = paint_fast(Request(blobs, one, torch.zeros(1, 1, 72, 80), photo.contiguous(), settings), None, None)
    return likeness(outcome.picture, photo)


def test_content_shows_and_beta_takes_it_back() -> None:
    near, usual, far = paint_photo(10), paint_photo(50), paint_photo(250)
    assert near > usual > far
    assert usual > 0.5


def test_alpha_0_leaves_the_content_out() -> None:
    assert abs(paint_photo(50, alpha=0)) < 0.4


def grey(like: Tensor) -> Paints:
    """Paints of one label, all grey."""
    return find_paints(luminance(like).expand_as(like), torch.zeros(like.shape[2:], dtype=torch.long), 1)


def test_an_edge_of_the_content_is_drawn_where_copies_have_none() -> None:
    picture = torch.full((1, 3, 40, 40), 0.5)
    light = torch.full((1, 1, 40, 40), 0.4)
    light[..., 20:] = 0.6
    label, steps = torch.zeros(40, 40, dtype=torch.long), []
    for beta in (10.0, 50.0, 250.0):
        shaded = luminance(shade(picture, light, label, grey(picture), Settings(beta=beta)))
        steps.append(float((shaded[..., 22:26] - shaded[..., 14:18]).mean()))
    assert 0.2 > steps[0] > steps[1] > steps[2] > 0.01


def test_texture_stays_where_the_content_is_flat() -> None:
    picture = torch.rand(1, 3, 40, 40, generator=torch.Generator().manual_seed(0)) * 0.4 + 0.3
    light = luminance(picture).mean().expand(1, 1, 40, 40)
    shaded = shade(picture, light, torch.zeros(40, 40, dtype=torch.long), grey(picture), Settings())
    assert float((shaded - picture).std() / picture.std()) < 0.1


def test_what_has_one_tone_in_the_content_asks_for_one_tone() -> None:
    """A white wall behind a darker half: no way from dark to light within the wall."""
    content = torch.full((1, 3, 40, 40), 1.0)
    content[..., 20:] = torch.linspace(0.2, 0.6, 20)
    style = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    labels = Labels(
        style=torch.zeros(32, 32, dtype=torch.long),
        target=torch.zeros(40, 40, dtype=torch.long),
        palette=torch.zeros(1, 1),
    )
    matched = match_light(content, style, labels)[0, 0]
    assert float(matched[:, 0].std()) < 1e-3
    assert float(matched[:, 5].mean()) > float(matched[:, 35].mean())
