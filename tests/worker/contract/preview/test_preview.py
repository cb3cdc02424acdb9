"""The instant preview: colours by label, borders, sizes, seeds and time."""

import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pictures import SAND, SEA, SKY, flat, painted
from worker.contract import PaintOptions
from worker.contract.pictures import Rgb, decode
from worker.contract.preview import paint_preview, preview_png
from worker.contract.preview.labels import find_labels
from worker.contract.preview.oklab import to_oklab

BANDS = [SKY, SEA, SAND]
INK = {SKY: (200, 90, 40), SEA: (40, 160, 60), SAND: (90, 60, 170)}  # what the style paints each label in


def inked(label_map: Rgb, seed: int) -> Rgb:
    """A painting of a map in colours that have nothing to do with the map's."""
    picture = label_map.copy()
    for label, ink in INK.items():
        picture[(label_map == label).all(axis=2)] = ink
    return painted(picture, seed)


def scene(width: int = 192, height: int = 144, doodle_slope: float = 0.4) -> dict[str, Rgb]:
    style_map = flat(192, 144, BANDS)
    return {
        "style": inked(style_map, 0),
        "style_map": style_map,
        "doodle": flat(width, height, BANDS, slope=doodle_slope),
    }


def inside(label_map: Rgb, label: tuple[int, int, int], margin: int = 8) -> NDArray[np.bool_]:
    """The label's pixels that lie `margin` px from every other."""
    mask = (label_map == label).all(axis=2)
    for axis in (0, 1):
        kept = mask.copy()
        for step in range(-margin, margin + 1):
            kept &= np.roll(mask, step, axis)
        mask = kept
    found: NDArray[np.bool_] = mask
    return found


@pytest.mark.parametrize("with_content", [False, True])
def test_each_label_has_the_styles_mean_and_spread_of_colour(with_content: bool) -> None:
    pictures = scene()
    if with_content:
        grey = np.random.default_rng(3).integers(60, 190, (144, 192, 1)).astype(np.uint8)
        pictures["content"] = np.repeat(grey, 3, axis=2)
    preview = to_oklab(paint_preview(pictures, PaintOptions()))
    style = to_oklab(pictures["style"])
    for label in BANDS:
        ours = preview[inside(pictures["doodle"], label)]
        wanted = style[(pictures["style_map"] == label).all(axis=2)]
        assert np.abs(ours.mean(axis=0) - wanted.mean(axis=0)).max() < 0.02, label
        assert 0.6 < ours.std(axis=0)[0] / wanted.std(axis=0)[0] < 1.4, label


def test_a_photos_forms_are_kept() -> None:
    pictures = scene()
    stripes = np.zeros((144, 192, 3), np.uint8)
    stripes[:, (np.arange(192) // 12) % 2 == 0] = 200
    pictures["content"] = stripes
    preview = to_oklab(paint_preview(pictures, PaintOptions()))[..., 0]
    mask = inside(pictures["doodle"], SEA)
    assert np.corrcoef(preview[mask], stripes[..., 0][mask])[0, 1] > 0.95


def test_a_photos_border_is_soft_and_a_doodles_crisp() -> None:
    pictures = scene(doodle_slope=0.0)
    plain = np.full((144, 192, 3), 128, np.uint8)
    across = {
        name: to_oklab(paint_preview({**pictures, **extra}, PaintOptions())).mean(axis=1)[36:60]
        for name, extra in {"doodle": {}, "photo": {"content": plain}}.items()
    }
    steepest = {name: np.abs(np.diff(rows, axis=0)).max() / np.ptp(rows[:, 1]) for name, rows in across.items()}
    assert steepest["photo"] < 0.6 * steepest["doodle"]


def test_gamma_zero_ignores_the_maps() -> None:
    pictures = scene()
    free = PaintOptions(gamma=0)
    other = {**pictures, "style_map": np.ascontiguousarray(pictures["style_map"][::-1])}
    assert np.array_equal(paint_preview(pictures, free), paint_preview(other, free))
    assert not np.array_equal(paint_preview(pictures, PaintOptions()), paint_preview(other, PaintOptions()))


def test_the_seed_alone_decides() -> None:
    first, again, other = (preview_png(scene(), PaintOptions(seed=seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


@pytest.mark.parametrize("size", [(32, 32), (33, 210), (1500, 1125)])
def test_it_has_the_size_asked_for(size: tuple[int, int]) -> None:
    pictures = scene()
    preview = paint_preview(pictures, PaintOptions(width=size[0], height=size[1]))
    assert preview.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("bands", [[SKY], [SKY, SEA]])
def test_labels_that_one_side_lacks_are_no_trouble(bands: list[tuple[int, int, int]]) -> None:
    pictures = scene()
    assert paint_preview({**pictures, "doodle": flat(64, 48, bands)}, PaintOptions()).shape == (48, 64, 3)
    one = np.full((48, 64, 3), 255, np.uint8)
    assert paint_preview({**pictures, "style_map": flat(192, 144, bands), "doodle": one}, PaintOptions()).any()


def test_a_speck_of_a_label_takes_its_colour() -> None:
    pictures = scene()
    pictures["doodle"] = flat(192, 144, [SEA])
    pictures["doodle"][70:73, 90:93] = SAND
    speck = paint_preview(pictures, PaintOptions())[71, 91].astype(int)
    assert np.abs(speck - INK[SAND]).max() < 80
    assert np.abs(speck - INK[SAND]).sum() < np.abs(speck - INK[SEA]).sum()


def test_labels_are_found_by_the_nearest_colour_and_small_ones_count() -> None:
    style_map = flat(200, 150, BANDS)
    style_map[20:30, 20:30] = (0, 0, 0)  # 0.3 %: an eye
    doodle = np.clip(style_map.astype(int) + 5, 0, 255).astype(np.uint8)
    style_labels, labels, count = find_labels(style_map, doodle)
    assert count == 4
    assert np.array_equal(style_labels, labels)
    assert len(np.unique(style_labels[20:30, 20:30])) == 1


def test_large_maps_are_labelled_as_small_ones() -> None:
    style_map = flat(1200, 900, BANDS)
    large, _, count = find_labels(style_map, style_map)
    small, _, _ = find_labels(style_map[::4, ::4], style_map)
    assert count == 3
    assert np.array_equal(large[::4, ::4], small)


def test_it_is_there_at_once() -> None:
    house = Path(__file__).parents[4] / "bot" / "styles" / "house" / "night-harbour"
    files = {"style": "picture", "style_map": "map", "doodle": "doodle"}
    pictures = {role: decode((house / f"{name}.png").read_bytes(), role) for role, name in files.items()}
    seconds = []
    for _ in range(3):
        began = time.process_time()
        preview_png(pictures, PaintOptions())
        seconds.append(time.process_time() - began)
    assert min(seconds) < 0.8  # 0.5 s is the promise; a busy machine's CPU seconds are longer
