"""Suggested maps: planted regions are found, nothing is speckled, the same bytes come each time."""

import numpy as np
import pytest
import torch
from torch import Tensor

import engine
from engine.annotate.naming import APART, pick_colours, word_of_place
from engine.annotate.parts import parts_of

BLUE, GREEN, SAND = (0.35, 0.55, 0.85), (0.2, 0.45, 0.2), (0.85, 0.75, 0.5)


def planted(height: int = 120, width: int = 160, seed: int = 0) -> tuple[Tensor, Tensor]:
    """A picture of three regions of strokes, and its labels: sky above a round hill, sand below."""
    y, x = torch.meshgrid(torch.arange(height) / height, torch.arange(width) / width, indexing="ij")
    label = torch.zeros(height, width, dtype=torch.int64)
    label[((x - 0.6) ** 2 + (y - 0.75) ** 2) < 0.1] = 1
    label[y > 0.7 + 0.05 * torch.sin(9 * x)] = 2
    noise = torch.randn(1, 3, height, width, generator=torch.Generator().manual_seed(seed))
    strokes = torch.nn.functional.avg_pool2d(noise, 5, 1, 2) * 0.25
    picture = torch.tensor([BLUE, GREEN, SAND])[label].permute(2, 0, 1)[None] + strokes
    return picture.clamp(0, 1), label


def test_planted_regions_are_found() -> None:
    picture, truth = planted()
    found = engine.annotate(picture, 3)
    assert found.count == 3
    for k in range(3):
        overlap = torch.bincount(found.labels[truth == k].long())
        best = int(overlap.argmax())
        union = int(((truth == k) | (found.labels == best)).sum())
        assert int(overlap[best]) / union > 0.9, (k, found.places)


def test_with_the_number_left_open_each_label_keeps_to_one_region() -> None:
    picture, truth = planted()
    found = engine.annotate(picture)
    assert 3 <= found.count <= 8
    pure = sum(int(torch.bincount(truth[found.labels == k]).max()) for k in range(found.count))
    assert pure / truth.numel() > 0.93


def test_the_same_bytes_come_each_time_and_the_caller_keeps_its_random_numbers() -> None:
    picture, _ = planted()
    state = torch.random.get_rng_state()
    one, other = engine.annotate(picture), engine.annotate(picture)
    assert torch.equal(one.labels, other.labels)
    assert (one.places, one.palette.tolist()) == (other.places, other.palette.tolist())
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize("size", [(32, 32), (32, 400), (150, 33), (90, 600)])
def test_any_size_gives_a_whole_map_without_speckle(size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1))
    found = engine.annotate(picture)
    assert (found.labels.shape, found.labels.dtype) == (torch.Size(size), torch.uint8)
    used = torch.unique(found.labels)
    assert used.tolist() == list(range(found.count))
    assert len(found.places) == found.count == len(found.palette)
    sizes = np.bincount(parts_of(found.labels.numpy().astype(np.int64)).ravel())
    assert sizes.min() >= 0.0015 * found.labels.numel() or found.count == 1


@pytest.mark.parametrize("labels", [None, 5])
def test_one_colour_all_over_is_one_label(labels: int | None) -> None:
    noise = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0)) / 100  # as JPEG leaves it
    found = engine.annotate(0.5 + noise, labels)
    assert found.count == 1
    assert not found.labels.any()


def test_labels_come_largest_first_with_words_for_where_they_are() -> None:
    picture, _ = planted()
    found = engine.annotate(picture, 3)
    sizes = torch.bincount(found.labels.flatten().long()).tolist()
    assert sizes == sorted(sizes, reverse=True)
    assert (set(found.places), found.classes) == ({"upper", "", "lower"}, ())


def test_what_can_not_be_mapped_is_refused() -> None:
    picture, _ = planted(64, 64)
    with pytest.raises(engine.InputError, match="1 labels"):
        engine.annotate(picture, 1)
    with pytest.raises(engine.InputError, match="segmenter"):
        engine.annotate(picture, segmenter="magic")
    with pytest.raises(engine.InputError, match="NaN"):
        engine.annotate(picture.clone().fill_(torch.nan))
    with pytest.raises(engine.InputError, match="at least 32"):
        engine.annotate(picture[..., :16])


def test_a_region_of_two_kinds_is_split_along_its_border() -> None:
    picture, truth = planted()
    part = engine.split_in_two(picture, truth != 2)
    assert not bool((part & (truth == 2)).any())
    hill = truth == 1
    assert int((part & hill).sum()) / int((part | hill).sum()) > 0.8


def test_a_split_needs_room_and_the_right_picture() -> None:
    picture, truth = planted()
    with pytest.raises(engine.InputError, match="160x120"):
        engine.split_in_two(picture, truth[:90] == 0)
    few = torch.zeros_like(truth, dtype=torch.bool)
    few[:6, :6] = True
    with pytest.raises(engine.InputError, match="too small"):
        engine.split_in_two(picture, few)


def test_colours_are_told_apart_and_stay_near_what_was_wanted() -> None:
    wanted = torch.full((32, 3), 120.0)
    colours = pick_colours(wanted).float()
    apart = torch.cdist(colours, colours) + torch.eye(32) * 1000
    assert float(apart.min()) >= APART
    assert float((colours[0] - wanted[0]).norm()) < 20


@pytest.mark.parametrize(
    ("rows", "columns", "word"),
    [
        (slice(0, 20), slice(None), "upper"),
        (slice(70, None), slice(0, 20), "lower left"),
        (slice(None), slice(80, None), "right"),
        (slice(None), slice(None), ""),
    ],
)
def test_a_place_has_a_word(rows: slice, columns: slice, word: str) -> None:
    mask = torch.zeros(100, 100, dtype=torch.bool)
    mask[rows, columns] = True
    assert word_of_place(mask) == word
