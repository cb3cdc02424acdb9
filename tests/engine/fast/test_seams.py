"""Tones run into each other across joins, and nowhere else."""

import torch

from engine.fast.pyramid import Octave, build_pyramid
from engine.fast.seams import blend_tones
from engine.fast.vote import vote
from engine.maps import Labels


def ramp_scene(label: torch.Tensor) -> tuple[list[Octave], torch.Tensor]:
    """A style of 96x96 px that grows lighter from left to right, and the field (92, 92) that copies it as it is."""
    style = torch.linspace(0, 1, 96).expand(1, 3, 96, 96).contiguous()
    octaves = build_pyramid(style, Labels(style=label, target=label, palette=torch.zeros(2, 1)))
    return octaves, torch.arange(92 * 92).view(92, 92)


def test_one_copy_stays_as_it_is() -> None:
    octaves, field = ramp_scene(torch.zeros(96, 96, dtype=torch.long))
    field = field.flatten()
    picture = vote(octaves[-1], field)
    assert torch.allclose(picture, octaves[-1].style, atol=1e-5)
    assert torch.allclose(blend_tones(picture, field, octaves, 2), picture, atol=1e-5)


def test_a_join_becomes_a_slope_but_no_border_does() -> None:
    label = torch.zeros(96, 96, dtype=torch.long)
    label[48:] = 1
    octaves, field = ramp_scene(label)
    field = torch.cat([field[:, :46], field[:, 16:62]], 1).flatten()  # the right half goes on from further left
    picture = vote(octaves[-1], field, 0.7)
    blended = blend_tones(picture, field, octaves, 2)
    steps = [image[0, 0, 20].diff().abs().max() for image in (picture, blended)]
    assert float(steps[1]) < 0.7 * float(steps[0])
    assert torch.allclose(blended[..., :30], picture[..., :30], atol=1e-5)
    # two labels of one colour: what is blended in each is the same, and nothing shows along their border
    assert float((blended[0, 0, 47] - blended[0, 0, 48]).abs().max()) < 0.02
