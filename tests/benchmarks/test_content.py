"""The content benchmark's own figures, where the answer is known."""

import pytest
import torch

from benchmarks.content import Source, content_distance, edge_likeness, told_in


def test_edges_are_those_of_structure_and_not_of_grain() -> None:
    grain = 0.5 * torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    box = torch.zeros(1, 3, 64, 64)
    box[..., 16:48, 20:44] = 0.8
    assert edge_likeness(box, box, 1.5) == pytest.approx(1)
    assert edge_likeness(box + grain, box, 1.5) > edge_likeness(box + grain, box, 0) + 0.05
    assert abs(edge_likeness(grain, box, 1.5)) < 0.2
    assert edge_likeness(1 - box, box, 1.5) == pytest.approx(1)  # an edge, whichever side is the lighter


def test_the_contents_own_distance_is_none() -> None:
    picture = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    assert content_distance(picture, picture) == 0
    assert content_distance(picture.flip(3), picture) > 0.1


def test_a_map_of_other_colours_is_told_by_the_nearest_mean_colour() -> None:
    def halves(left: tuple[float, ...], right: tuple[float, ...]) -> torch.Tensor:
        made = torch.tensor(left).view(1, 3, 1, 1).repeat(1, 1, 48, 48)
        made[..., 24:] = torch.tensor(right).view(1, 3, 1, 1)
        return made

    style = Source("style", halves((0.9, 0.8, 0.7), (0.1, 0.2, 0.1)), halves((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    content = Source("content", halves((0.2, 0.1, 0.1), (0.8, 0.9, 0.9)), halves((0.0, 1.0, 0.0), (1.0, 1.0, 1.0)))
    doodle, labels = told_in(content, style)
    assert torch.equal(doodle, halves((0.0, 0.0, 1.0), (1.0, 0.0, 0.0)))
    assert labels.count == 2
