"""Whether a doodle has to do with a photo: right pairs against wrong ones, on the house's paintings."""

import numpy as np
import pytest
from PIL import Image

from bot.styles import Style, house_styles
from worker.contract import PaintOptions
from worker.contract.fitting import decode_fitting
from worker.contract.maps.labels import label_map
from worker.contract.maps.photo import unrelated
from worker.contract.maps.reading import read_map
from worker.contract.maps.snap import Labels
from worker.contract.pictures import Rgb, decode, encode_png

STYLES = house_styles()


def labels_of(style: Style) -> Labels:
    return label_map(read_map(style.map.read_bytes(), style.slug)).labels


def picture_of(style: Style, like: Labels) -> Rgb:
    image = Image.fromarray(decode(style.picture.read_bytes(), style.slug))
    return np.asarray(image.resize(like.shape[::-1], Image.Resampling.BOX))


def roughly(labels: Labels, share: float, seed: int) -> Labels:
    """With borders off by so much of the width, as a hand draws them."""
    rng = np.random.default_rng(seed)
    height, width = labels.shape
    rows, columns = np.mgrid[:height, :width]
    off = [
        np.asarray(Image.fromarray(rng.standard_normal((5, 6)).astype(np.float32)).resize((width, height)))
        * share
        * width
        for _ in range(2)
    ]
    moved: Labels = labels[
        (rows + off[0]).round().astype(int).clip(0, height - 1),
        (columns + off[1]).round().astype(int).clip(0, width - 1),
    ]
    return moved


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.slug)
def test_a_map_of_the_photo_is_never_doubted_and_may_be_drawn_roughly(style: Style) -> None:
    labels = labels_of(style)
    photo = picture_of(style, labels)
    assert not unrelated(labels, photo)
    assert not any(unrelated(roughly(labels, 0.03, seed), photo) for seed in range(4))


def test_most_layouts_of_something_else_are_told() -> None:
    told = [
        unrelated(labels := labels_of(other), picture_of(style, labels))
        for style in STYLES
        for other in STYLES
        if other.slug != style.slug
    ]
    assert sum(told) >= len(told) / 2


def test_a_plain_photo_and_two_labels_say_too_little() -> None:
    labels = np.zeros((48, 64), np.uint8)
    labels[:, 32:] = 1
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    assert not unrelated(labels, noise)
    labels[24:] += 2
    assert unrelated(labels, noise)
    assert unrelated(labels, np.full_like(noise, 90))  # nothing is there that the doodle could be a map of


def test_a_picture_as_thin_as_a_line_says_too_little() -> None:
    labels = np.arange(8 * 3200).reshape(8, 3200).astype(np.uint8) // 64
    assert not unrelated(labels, np.random.default_rng(0).integers(0, 256, (8, 3200, 3), np.uint8))


def test_it_is_noted_with_the_way_out() -> None:
    style = STYLES[0]
    own = {"style": style.picture.read_bytes(), "style_map": style.map.read_bytes(), "doodle": style.map.read_bytes()}
    assert not decode_fitting({**own, "content": own["style"]}, PaintOptions()).notes
    noise = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
    (note,) = decode_fitting({**own, "content": encode_png(noise)}, PaintOptions(), {"content": "The photo"}).notes
    assert note.startswith("The labels of the doodle follow nothing in the photo: ")
    assert "Draw it over the photo" in note
