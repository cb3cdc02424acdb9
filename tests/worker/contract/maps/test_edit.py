"""Merging, splitting and renaming labels; connected parts against a naive flood."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from numpy.typing import NDArray

from worker.contract import PictureError
from worker.contract.maps import edit
from worker.contract.maps.named import NamedMap
from worker.contract.maps.palette import MOST_LABELS
from worker.contract.maps.parts import flat_parts, parts_of

COLOURS = np.array([(80, 140, 230), (20, 60, 120), (230, 200, 120)], np.uint8)


def two_islands() -> NamedMap:
    """Sky above sea, in which lie two islands of sand, one larger, and a grain."""
    labels = np.zeros((40, 60), np.uint8)
    labels[20:] = 1
    labels[25:35, 5:20] = 2
    labels[25:30, 40:50] = 2
    labels[38, 58] = 2
    return NamedMap(labels, COLOURS, ("sky", "sea", "sand"))


def test_merging_keeps_the_first_ones_colour_and_name() -> None:
    before = two_islands()
    merged = edit.merge(before, ["sea", "#E6C878"])
    assert merged.names == ("sky", "sea")
    assert merged.colours.tolist() == COLOURS[:2].tolist()
    assert (merged.labels == np.where(before.labels == 0, 0, 1)).all()
    assert before.names == ("sky", "sea", "sand")  # nothing is changed in place


def test_a_label_in_the_middle_may_go() -> None:
    merged = edit.merge(two_islands(), ["sand", "SKY"])
    assert merged.names == ("sea", "sand")
    assert (merged.picture()[0, 0] == COLOURS[2]).all()
    assert (merged.picture()[22, 0] == COLOURS[1]).all()


@pytest.mark.parametrize("words", [[], ["sea"], ["sea", "sea"], ["sea", "#143c78"]])
def test_merging_needs_two_labels(words: list[str]) -> None:
    with pytest.raises(PictureError, match="at least two different labels"):
        edit.merge(two_islands(), words)


def test_an_unknown_label_is_answered_with_those_there_are() -> None:
    with pytest.raises(PictureError, match=r"no label 'moon'.*sky \(#508ce6\)"):
        edit.rename(two_islands(), "moon", "sun")


def test_splitting_parts_the_islands_and_leaves_the_grain_with_the_largest() -> None:
    split = edit.split(two_islands(), "sand")
    assert split.names == ("sky", "sea", "sand", "sand 2")
    assert set(split.labels[25:35, 5:20].ravel()) == {2}
    assert set(split.labels[25:30, 40:50].ravel()) == {3}
    assert split.labels[38, 58] == 2
    away = np.linalg.norm(split.colours[3].astype(int) - COLOURS.astype(int), axis=1)
    assert (away >= edit.APART).all()


def test_one_region_can_not_be_split_by_its_parts() -> None:
    with pytest.raises(PictureError, match="one connected region"):
        edit.split(two_islands(), "sea")


def test_renaming() -> None:
    assert edit.rename(two_islands(), "#508ce6", "  evening\n sky ").names == ("evening sky", "sea", "sand")
    assert edit.rename(two_islands(), "sky", "Sky").names == ("Sky", "sea", "sand")
    for new, words in ((" ", "nothing"), ("#ffffff", "is a colour"), ("SEA", "already")):
        with pytest.raises(PictureError, match=words):
            edit.rename(two_islands(), "sky", new)


def test_there_are_never_more_labels_than_are_read_again() -> None:
    named = two_islands()
    with pytest.raises(PictureError, match=str(MOST_LABELS)):
        edit.assign(named, 2, [named.labels == 2] * MOST_LABELS)


def test_new_colours_stay_apart_as_long_as_there_is_room() -> None:
    colours = COLOURS
    for _ in range(20):
        colours = np.concatenate([colours, edit.new_colour(colours, COLOURS[0])[None]])
    away = np.linalg.norm(colours[:, None].astype(int) - colours[None].astype(int), axis=2)
    assert away[~np.eye(len(colours), dtype=bool)].min() >= edit.APART


def flood(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Naive reference: one flood after the other, in reading order."""
    parts = np.zeros(values.shape, np.int64)
    count = 0
    for start in np.ndindex(*values.shape):
        if parts[start] or not values[start]:
            continue
        count += 1
        todo = [start]
        while todo:
            y, x = todo.pop()
            if not (0 <= y < values.shape[0] and 0 <= x < values.shape[1]):
                continue
            if parts[y, x] or values[y, x] != values[start]:
                continue
            parts[y, x] = count
            todo += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return parts


SHAPES = npst.array_shapes(min_dims=2, max_dims=2, max_side=9)


@given(npst.arrays(np.int64, SHAPES, elements=st.integers(0, 2)))
def test_parts_are_those_of_a_naive_flood(values: NDArray[np.int64]) -> None:
    assert np.array_equal(flat_parts(values), flood(values))
    assert np.array_equal(parts_of(values == 1), flood((values == 1).astype(np.int64)))


def test_a_spiral_is_one_part() -> None:
    mask = np.ones((31, 31), bool)
    for ring in range(1, 15, 2):
        mask[ring, ring:-ring] = mask[-1 - ring, ring:-ring] = mask[ring:-ring, ring] = mask[ring:-ring, -1 - ring] = (
            False
        )
        mask[ring, ring + 1] = True
    assert np.array_equal(parts_of(mask), flood(mask.astype(np.int64)))
