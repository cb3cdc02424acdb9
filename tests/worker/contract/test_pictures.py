"""Reading what people send."""

import io
import struct
import time
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.pictures import SAND, SEA, SKY, flat, png
from worker.contract import PictureError
from worker.contract.pictures import check_aspects, decode, encode_png, picture_size, read_recipe

MAP = flat(64, 48, [SKY, SEA, SAND])


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF"])
def test_lossless_formats_keep_every_colour(kind: str) -> None:
    data = saved(Image.fromarray(MAP), kind, **({"lossless": True} if kind == "WEBP" else {}))
    assert np.array_equal(decode(data, "map"), MAP)
    assert picture_size(data, "map") == (64, 48)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_a_palette_keeps_every_colour(bits: int) -> None:
    two = flat(64, 48, [SKY, SEA])
    data = saved(Image.fromarray(two).quantize(2), "PNG", bits=bits)
    assert np.array_equal(decode(data, "map"), two)


def test_transparency_lies_over_white() -> None:
    clear = np.dstack([MAP, np.full(MAP.shape[:2], 0, np.uint8)])
    assert (decode(png(clear), "map") == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "CMYK", "I;16", "I", "F"])
def test_odd_modes_become_rgb(mode: str) -> None:
    grey = Image.fromarray(MAP).convert("L")
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    image = deep if mode == "I;16" else grey.convert(mode)
    data = saved(image, "TIFF" if mode in ("CMYK", "F", "I") else "PNG")
    got = decode(data, "map")
    assert got.shape == (48, 64, 3)
    assert got.dtype == np.uint8
    if mode in ("L", "LA", "I;16", "I", "F"):
        assert np.abs(got[..., 0].astype(int) - np.asarray(grey)).max() <= 1


def test_a_picture_taken_sideways_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.fromarray(MAP), "JPEG", exif=exif)
    assert picture_size(data, "photo") == (48, 64)
    assert decode(data, "photo").shape == (64, 48, 3)


SIDEWAYS = bytes.fromhex("45786966000049492a0008000000010012010300010000000600000000000000")
WHOLE = [
    png(MAP),
    saved(
        Image.fromarray(MAP),
        "JPEG",
        exif=bytes.fromhex("45786966000049492a0008000000010012010300010000000600000000000000"),
    ),
    saved(Image.fromarray(MAP), "WEBP"),
    saved(Image.fromarray(MAP), "GIF"),
    saved(Image.fromarray(MAP), "TIFF", compression="tiff_lzw"),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8), st.data())
def test_damage_of_any_kind_becomes_one_sentence(
    whole: bytes, changes: list[tuple[int, int]], draw: st.DataObject
) -> None:
    damaged = bytearray(whole)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    data = bytes(damaged[: draw.draw(st.integers(0, len(damaged)))])
    for read in (decode, picture_size):
        told = "The doodle"
        try:
            read(data, "The doodle")
        except PictureError as error:
            told = str(error)
        assert "\n" not in told
        assert "The doodle" in told


@pytest.mark.parametrize("read", [decode, picture_size])
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"GIF89a nonsense", "can't be read|no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (png(MAP)[:100], "damaged|no picture"),
        (png(flat(31, 64, [SKY])), "31x64 px and 32"),
    ],
)
def test_what_can_not_be_used_is_refused_by_name(read: Callable[[bytes, str], object], data: bytes, words: str) -> None:
    if read is picture_size and "damaged" in words:
        assert picture_size(data, "The doodle a.png") == (64, 48)  # the header is whole, and no pixel is decoded
        return
    with pytest.raises(PictureError, match=words) as caught:
        read(data, "The doodle a.png")
    assert "The doodle a.png" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused_from_its_header() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    began = time.thread_time()
    with pytest.raises(PictureError, match=r"60000x60000|no picture"):
        decode(bomb, "The style")
    assert time.thread_time() - began < 0.5


def test_shapes_that_differ_are_told_with_numbers() -> None:
    check_aspects({"a": (100, 50), "b": (201, 100)}, "a", "b")
    with pytest.raises(PictureError, match=r"a is 100x50 and b is 100x60.*2%"):
        check_aspects({"a": (100, 50), "b": (100, 60)}, "a", "b")


def test_a_recipe_rides_in_the_file() -> None:
    recipe = {"seed": 3, "options": {"beta": 50.0}}
    data = encode_png(MAP, recipe)
    assert read_recipe(data) == recipe
    assert np.array_equal(decode(data, "painting"), MAP)
    assert read_recipe(png(MAP)) is None
