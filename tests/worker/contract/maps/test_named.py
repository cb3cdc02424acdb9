"""Names travel in the map's PNG; what strangers write there is cleaned or left out."""

import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tests.pictures import SEA, SKY, flat, png
from worker.contract import PictureError
from worker.contract.maps.named import (
    LABELS_KEY,
    NAME_LENGTH,
    NamedMap,
    clean,
    read_named,
    read_names,
    write_named,
)
from worker.contract.maps.names import colour_name, placed_names, unlike
from worker.contract.pictures import decode


def with_text(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(LABELS_KEY, text)
    out = io.BytesIO()
    Image.fromarray(flat(64, 48, [SKY, SEA])).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def test_a_map_comes_back_as_it_went() -> None:
    labels = np.zeros((48, 64), np.uint8)
    labels[10:] = 1
    named = NamedMap(labels, np.array([SKY, SEA], np.uint8), ("ciel d'été", "море"))
    data = write_named(named)
    again = read_named(data, "The map")
    assert dict(zip(again.names, map(tuple, again.colours.tolist()), strict=True)) == {
        "ciel d'été": SKY,
        "море": SEA,
    }
    assert np.array_equal(again.picture(), named.picture())
    assert np.array_equal(decode(data, "The map"), named.picture())
    assert named.shares() == [10 / 48, 38 / 48]


def test_a_map_without_names_is_called_by_its_colours() -> None:
    assert set(read_named(png(flat(64, 48, [SKY, SEA])), "The map").names) == {"light blue", "dark blue"}


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        ((89, 140, 217), "light blue"),
        ((20, 60, 120), "dark blue"),
        ((217, 191, 127), "light yellow"),
        ((51, 115, 51), "green"),
        ((68, 51, 85), "dark violet"),
        ((34, 34, 68), "dark blue"),
        ((119, 136, 170), "greyish blue"),
        ((153, 136, 119), "greyish brown"),
        ((153, 102, 68), "brown"),
        ((17, 17, 34), "black"),
    ],
)
def test_a_colour_is_called_as_people_call_it(colour: tuple[int, int, int], word: str) -> None:
    assert colour_name(np.array(colour, np.uint8)) == word


def test_a_name_says_where_the_label_lies_and_the_colour_that_is_drawn_with() -> None:
    colours = np.array([(119, 187, 136), (68, 51, 85), (68, 51, 85)], np.uint8)
    names = placed_names(colours, ["", "lower", "lower"])
    assert names == ("greyish green", "lower dark violet", "lower dark violet 2")


@pytest.mark.parametrize(
    "legend",
    [
        "no json",
        "[" * 5000,
        {"name": "sky"},
        ["sky", 3, None],
        [{"name": 5, "colour": "#508ce6"}, {"name": "sky", "colour": "blue"}, {"name": "\x00 \n", "colour": "#508ce6"}],
    ],
)
def test_what_can_not_be_read_is_left_out(legend: Any) -> None:
    text = legend if isinstance(legend, str) else json.dumps(legend)
    assert read_names(with_text(text)) == {}
    assert len(read_named(with_text(text), "The map").names) == 2


def test_a_name_is_one_line_of_bounded_length_and_no_two_are_alike() -> None:
    legend = [{"name": "a\n\x1bb" * 100, "colour": "#508CE6"}, {"name": "a b" * 300, "colour": "#143c78"}]
    names = read_named(with_text(json.dumps(legend)), "The map").names
    assert all(len(name) <= NAME_LENGTH + 4 and name.isprintable() for name in names)
    assert len(set(names)) == 2


def test_a_painting_is_refused_with_the_way_out() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    with pytest.raises(PictureError, match=r"The map x\.png has no flat colours.*map suggest"):
        read_named(png(noise), "The map x.png")
    out = io.BytesIO()
    np.save(out, np.random.default_rng(0).random((48, 64, 5), np.float32))
    with pytest.raises(PictureError, match="5 numbers a pixel and no labels"):
        read_named(out.getvalue(), "The map x.npy")


def test_soft_edges_and_masks_are_labels_and_keep_the_names_inside() -> None:
    hard = flat(64, 48, [SKY, SEA])
    soft = np.asarray(Image.fromarray(hard).resize((640, 480), Image.Resampling.BICUBIC))
    info = PngImagePlugin.PngInfo()
    info.add_itxt(LABELS_KEY, json.dumps([{"name": "sky", "colour": "#508ce6"}]))
    out = io.BytesIO()
    Image.fromarray(soft).save(out, "PNG", pnginfo=info)
    named = read_named(out.getvalue(), "The map")
    assert set(named.names) == {"sky", "dark blue"}
    assert np.mean(named.picture() == flat(640, 480, [SKY, SEA])) > 0.99
    masks = io.BytesIO()
    top = np.arange(48)[:, None].repeat(64, 1) < 24
    np.savez(masks, cloud=top, ground=~top)
    named = read_named(masks.getvalue(), "The masks")
    assert named.names == ("cloud", "ground")  # and none of pixels in no mask, for there are none


def test_a_named_map_is_taken_to_the_pixel() -> None:
    labels = np.zeros((48, 64), np.uint8)
    labels[3, 3] = 1  # one pixel, of a colour that one step parts from the other
    named = NamedMap(labels, np.array([(80, 140, 230), (80, 140, 231)], np.uint8), ("sky", "star"))
    assert read_named(write_named(named), "The map").shares() == named.shares()


@given(st.lists(st.text(max_size=12), max_size=12))
def test_names_are_unlike_whatever_they_were(names: list[str]) -> None:
    found = unlike([clean(name) for name in names])
    assert len({name.casefold() for name in found}) == len(names)


@given(st.binary(max_size=300))
def test_garbage_has_no_names(garbage: bytes) -> None:
    assert read_names(garbage) == {}
