"""The yardstick tells good from bad on pictures where the answer is known."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.measures import copied_blocks, measure, nearest_rows
from engine.maps import Labels, find_labels


@pytest.fixture(name="style", scope="module")
def fixture_style() -> Tensor:
    """(1, 3, 128, 160): bright grain over dark grain."""
    grain = torch.rand(1, 3, 128, 160, generator=torch.Generator().manual_seed(0))
    grain = functional.avg_pool2d(functional.pad(grain, (1, 1, 1, 1), mode="reflect"), 3, 1)
    return torch.where(torch.arange(128)[:, None] < 60, 0.5 + grain / 2, grain / 2)


@pytest.fixture(name="labels", scope="module")
def fixture_labels() -> Labels:
    style_map = torch.zeros(1, 1, 128, 160)
    style_map[:, :, 60:] = 1
    return find_labels(style_map, style_map)


def test_the_style_itself_is_perfect(style: Tensor, labels: Labels) -> None:
    quality = measure(style, style, labels)
    assert quality.leak == 0
    assert quality.swd < 0.1
    assert quality.sharp == pytest.approx(1)
    assert quality.reuse == 1
    assert quality.border == pytest.approx(1)
    assert quality.blocks == 5 * 7


def test_regions_swapped_leak_everywhere(style: Tensor, labels: Labels) -> None:
    swapped = replace(labels, target=1 - labels.target)
    assert measure(style, style, swapped).leak > 0.95


def test_blur_is_seen_within_and_along_borders(style: Tensor, labels: Labels) -> None:
    blurred = functional.avg_pool2d(functional.pad(style, (2, 2, 2, 2), mode="reflect"), 5, 1)
    quality = measure(style, blurred, labels)
    assert quality.sharp < 0.5
    assert quality.border < 0.5
    assert quality.blocks == 0


def test_one_tile_over_and_over_is_poor_in_reuse(style: Tensor, labels: Labels) -> None:
    tiled = style.clone()
    tiled[:, :, :56] = style[:, :, :8, :16].repeat(1, 1, 7, 10)
    tiled[:, :, 64:] = style[:, :, 64:72, :16].repeat(1, 1, 8, 10)
    assert measure(style, tiled, labels).reuse < 0.3


def test_nearest_rows_is_plain_nearest() -> None:
    random = torch.Generator().manual_seed(1)
    rows, table = torch.rand(30, 12, generator=random), torch.rand(50, 12, generator=random)
    assert torch.equal(nearest_rows(rows, table), torch.cdist(rows, table).argmin(1))


def test_a_planted_block_is_found(style: Tensor) -> None:
    painting = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(2))
    assert copied_blocks(style, painting) == 0
    painting[:, :, 16:80, 16:80] = style[:, :, 30:94, 50:114]
    assert copied_blocks(style, painting) == 1
