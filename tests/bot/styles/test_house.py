"""The committed house styles: sizes, palettes, and that map and picture agree."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.styles import Style, house_styles

MOST_BYTES = 2_700_000
CODE = np.array([1 << 16, 1 << 8, 1])  # one number for three channels
LEAST_SHARE = 0.0015  # of the map's pixels: eyes are that small, and count

STYLES = house_styles()
each_style = pytest.mark.parametrize("style", STYLES, ids=[style.slug for style in STYLES])


@cache
def colours(path: str) -> NDArray[np.uint8]:
    """(H, W, 3) of a picture file."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


@cache
def labels(style: Style, path: str) -> NDArray[np.intp]:
    """(H, W) index into the palette, -1 where a pixel has none of its colours."""
    codes = colours(path).astype(np.int32) @ CODE
    found = np.full(codes.shape, -1, np.intp)
    for index, colour in enumerate(style.palette.values()):
        found[codes == np.array(colour) @ CODE] = index
    return found


def test_there_are_at_least_five() -> None:
    assert len(STYLES) >= 5


@each_style
def test_the_picture_is_large_and_its_file_small(style: Style) -> None:
    with Image.open(style.picture) as picture, Image.open(style.map) as map_:
        assert picture.mode == "RGB"
        assert min(picture.size) >= 768
        assert map_.size == picture.size
    assert style.picture.stat().st_size <= MOST_BYTES


@each_style
def test_every_pixel_of_the_map_has_a_label_and_every_label_has_pixels(style: Style) -> None:
    found = labels(style, str(style.map))
    assert (found >= 0).all()
    shares = np.bincount(found.ravel(), minlength=len(style.label)) / found.size
    assert shares.min() >= LEAST_SHARE, dict(zip(style.palette, shares, strict=True))


@each_style
def test_the_doodle_speaks_the_palette_in_a_layout_of_its_own(style: Style) -> None:
    doodle = labels(style, str(style.doodle))
    assert (doodle >= 0).all()
    assert len(np.unique(doodle)) == len(style.label)
    map_ = labels(style, str(style.map))
    rows = np.arange(doodle.shape[0]) * map_.shape[0] // doodle.shape[0]
    columns = np.arange(doodle.shape[1]) * map_.shape[1] // doodle.shape[1]
    assert (map_[rows[:, None], columns[None, :]] == doodle).mean() < 0.85


def scatter(picture: NDArray[np.float64], found: NDArray[np.intp], count: int) -> float:
    """Mean squared distance of the pixels' colours to their label's mean colour."""
    sums = np.stack([np.bincount(found.ravel(), picture[..., c].ravel(), count) for c in range(3)], axis=1)
    pixels = np.maximum(np.bincount(found.ravel(), minlength=count), 1)[:, None]
    return float((picture**2).sum() - (sums**2 / pixels).sum()) / found.size


@each_style
@pytest.mark.parametrize("axis", [0, 1], ids=["down", "across"])
def test_the_pictures_borders_lie_where_the_maps_do(style: Style, axis: int) -> None:
    picture = colours(str(style.picture)) / 255.0
    found = labels(style, str(style.map))
    inner = (slice(8, -8, 2), slice(8, -8, 2))
    shifts = (-4, -2, 0, 2, 4)
    spread = [scatter(picture[inner], np.roll(found, shift, axis)[inner], len(style.label)) for shift in shifts]
    assert shifts[int(np.argmin(spread))] == 0, dict(zip(shifts, spread, strict=True))


@each_style
def test_no_region_is_flat(style: Style) -> None:
    picture = colours(str(style.picture)) @ np.array([0.3, 0.59, 0.11])
    found = labels(style, str(style.map))
    for index, name in enumerate(style.palette):
        assert picture[found == index].std() > 8, name  # of 255: brush work in every label
