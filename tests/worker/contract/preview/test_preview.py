"""The instant preview: colours by label, borders, sizes, seeds and time."""

import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.pictures import SAND, SEA, SKY, flat, painted
from tests.worker.contract.maps.test_reading import npy
from worker.contract import PaintOptions, PictureError
from worker.contract.fitting import Fitted, decode_fitting
from worker.contract.options import MapOptions
from worker.contract.pictures import Rgb, encode_png
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


def fitted(pictures: dict[str, Rgb], maps: MapOptions | None = None) -> Fitted:
    """As a front has them once they are read."""
    encoded = {role: encode_png(picture) for role, picture in pictures.items()}
    return decode_fitting(encoded, PaintOptions(maps=maps or MapOptions()))


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
    preview = to_oklab(paint_preview(fitted(pictures), PaintOptions()))
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
    preview = to_oklab(paint_preview(fitted(pictures), PaintOptions()))[..., 0]
    mask = inside(pictures["doodle"], SEA)
    assert np.corrcoef(preview[mask], stripes[..., 0][mask])[0, 1] > 0.95


def test_a_photos_border_is_soft_and_a_doodles_crisp() -> None:
    pictures = scene(doodle_slope=0.0)
    plain = np.full((144, 192, 3), 128, np.uint8)
    across = {
        name: to_oklab(paint_preview(fitted({**pictures, **extra}), PaintOptions())).mean(axis=1)[36:60]
        for name, extra in {"doodle": {}, "photo": {"content": plain}}.items()
    }
    steepest = {name: np.abs(np.diff(rows, axis=0)).max() / np.ptp(rows[:, 1]) for name, rows in across.items()}
    assert steepest["photo"] < 0.6 * steepest["doodle"]


def test_gamma_zero_ignores_the_maps() -> None:
    pictures = scene()
    free = PaintOptions(gamma=0)
    other = {**pictures, "style_map": np.ascontiguousarray(pictures["style_map"][::-1])}
    assert np.array_equal(paint_preview(fitted(pictures), free), paint_preview(fitted(other), free))
    assert not np.array_equal(
        paint_preview(fitted(pictures), PaintOptions()), paint_preview(fitted(other), PaintOptions())
    )


def test_the_seed_alone_decides() -> None:
    first, again, other = (preview_png(fitted(scene()), PaintOptions(seed=seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


@pytest.mark.parametrize("size", [(32, 32), (33, 210), (1500, 1125)])
def test_it_has_the_size_asked_for(size: tuple[int, int]) -> None:
    pictures = scene()
    preview = paint_preview(fitted(pictures), PaintOptions(width=size[0], height=size[1]))
    assert preview.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("bands", [[SKY], [SKY, SEA]])
def test_labels_that_the_doodle_lacks_are_no_trouble(bands: list[tuple[int, int, int]]) -> None:
    pictures = {**scene(), "doodle": flat(64, 48, bands)}
    assert paint_preview(fitted(pictures), PaintOptions()).shape == (48, 64, 3)


def test_a_doodle_colour_without_counterpart_is_refused_as_for_every_method() -> None:
    pictures = {**scene(), "doodle": flat(64, 48, [SKY, (0, 255, 0)])}
    with pytest.raises(PictureError, match="a colour that the style map lacks"):
        fitted(pictures)


def test_embeddings_and_colours_between_labels_are_cut_into_bands() -> None:
    pictures = scene()
    ramp = np.linspace(0, 1, 144)[:, None, None].repeat(192, 1)
    encoded = {"style": encode_png(pictures["style"]), "style_map": npy(ramp), "doodle": npy(ramp[::-1])}
    found = decode_fitting(encoded, PaintOptions(maps=MapOptions(mode="embedding")))
    style_labels, labels, count = find_labels(found, (192, 144), (96, 72))
    assert 8 <= count <= 16
    assert np.array_equal(style_labels[::-1][1::2, 1::2], labels)
    assert paint_preview(found, PaintOptions()).shape == (144, 192, 3)


def test_a_speck_of_a_label_takes_its_colour() -> None:
    pictures = scene()
    pictures["doodle"] = flat(192, 144, [SEA])
    pictures["doodle"][70:73, 90:93] = SAND
    speck = paint_preview(fitted(pictures), PaintOptions())[71, 91].astype(int)
    assert np.abs(speck - INK[SAND]).max() < 80
    assert np.abs(speck - INK[SAND]).sum() < np.abs(speck - INK[SEA]).sum()


def test_labels_are_those_of_every_method_and_small_ones_count() -> None:
    style_map = flat(200, 150, BANDS)
    style_map[20:30, 20:30] = (0, 0, 0)  # 0.3 %: an eye
    doodle = np.clip(style_map.astype(int) + 5, 0, 255).astype(np.uint8)
    found = fitted({"style": inked(style_map, 0), "style_map": style_map, "doodle": doodle})
    style_labels, labels, count = find_labels(found, (200, 150), (200, 150))
    assert count == 4
    assert np.array_equal(style_labels, labels)
    assert len(np.unique(style_labels[20:30, 20:30])) == 1


def test_large_maps_are_labelled_as_small_ones() -> None:
    style_map = flat(1200, 900, BANDS)
    found = fitted({"style": inked(style_map, 0), "style_map": style_map, "doodle": style_map})
    small, large, count = find_labels(found, (300, 225), (1200, 900))
    assert count == 3
    assert np.array_equal(large[2::4, 2::4], small)


def test_it_is_there_at_once() -> None:
    house = Path(__file__).parents[4] / "bot" / "styles" / "house" / "night-harbour"
    files = {"style": "picture", "style_map": "map", "doodle": "doodle"}
    encoded = {role: (house / f"{name}.png").read_bytes() for role, name in files.items()}
    pictures = decode_fitting(encoded, PaintOptions())
    seconds = []
    for _ in range(3):
        began = time.process_time()
        preview_png(pictures, PaintOptions())
        seconds.append(time.process_time() - began)
    assert min(seconds) < 0.8  # 0.5 s is the promise; a busy machine's CPU seconds are longer
