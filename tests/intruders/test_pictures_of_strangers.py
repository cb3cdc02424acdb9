"""Bombs and mutated files: refused in a sentence, at once, in bounded memory. See SECURITY.md."""

import io
import json
import re
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.intruders.fuzz import MAP, STYLE
from worker.contract import PaintOptions, PictureError
from worker.contract.fitting import decode_fitting
from worker.contract.pictures import decode, picture_size, read_recipe

REFUSED_SECONDS = 0.05  # of processor time
MORE_MIB = 200  # of memory, for what is small enough to be looked at


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, *chunks: bytes, data: bytes = b"") -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    idat = chunk(b"IDAT", data or zeros((width + 1) * height))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + idat + chunk(b"IEND", b"")


def frames_of(kind: str, count: int, side: int) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("L", (side, side), number % 2 * 255) for number in range(2)] * (count // 2)
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def pixels_bomb() -> bytes:
    """A small file, 144 million pixels."""
    return png_of(12_000, 12_000)


def gif_bomb() -> bytes:
    """A GIF that says it is 65,535 px a side."""
    return b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\x80\0\0" + bytes(6) + b"\x2c" + bytes(100) + b";"


def webp_bomb() -> bytes:
    """A WebP whose canvas is 16,383 px a side."""
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + (16_382).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(body)) + body


def tiff_bomb() -> bytes:
    """A TIFF of 100,000 px a side without any pixels."""
    tags = [(256, 4, 1, 100_000), (257, 4, 1, 100_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    tags += [(273, 4, 1, 8), (278, 4, 1, 100_000), (279, 4, 1, 10)]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def text_bomb() -> bytes:
    """A PNG of 48 px a side with 200 MiB of text, compressed to 200 KiB."""
    text = b"Comment\0\0" + zeros(200 * 2**20)
    return png_of(48, 48, chunk(b"zTXt", text))


def array_bomb() -> bytes:
    """An array file that says it has 10 TB."""
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": "<f4", "fortran_order": False, "shape": (1600000, 1600000)})
    return out.getvalue() + bytes(64)


def as_map(data: bytes) -> object:
    return decode_fitting({"style": STYLE, "style_map": MAP, "doodle": data}, PaintOptions())


READERS: dict[str, Callable[[bytes], object]] = {
    "size": lambda data: picture_size(data, "it"),
    "picture": lambda data: decode(data, "it"),
    "recipe": read_recipe,
    "map": as_map,
}
BOMBS = (pixels_bomb, gif_bomb, webp_bomb, tiff_bomb, text_bomb)


def forget_the_most() -> int:
    """Begin to measure: the process's memory now, MiB."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError as error:
        pytest.skip(f"the most memory used can't be reset here: {error}")
    return most_mib()


def most_mib() -> int:
    """The most memory since then, MiB."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) // 1024


def zeros(count: int) -> bytes:
    """So many zeros, compressed; never in memory as a whole."""
    packer = zlib.compressobj(9)
    megabyte = bytes(2**20)
    parts = [packer.compress(megabyte) for _ in range(count // 2**20)]
    return b"".join([*parts, packer.compress(bytes(count % 2**20)), packer.flush()])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_from_its_header(bomb: Callable[[], bytes], reader: str) -> None:
    data = bomb()
    as_map(MAP)  # everything is imported
    before, began = forget_the_most(), time.process_time()
    with pytest.raises(PictureError) as caught:
        READERS[reader](data)
    assert time.process_time() - began < REFUSED_SECONDS
    assert most_mib() - before < MORE_MIB
    assert "\n" not in str(caught.value)


def test_an_array_that_says_it_is_huge_is_refused() -> None:
    before = forget_the_most()
    with pytest.raises(PictureError):
        as_map(array_bomb())
    assert most_mib() - before < MORE_MIB


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF"])
def test_thousands_of_frames_are_not_decoded(kind: str) -> None:
    data = frames_of(kind, 2000, 128)
    before, began = forget_the_most(), time.process_time()
    assert decode(data, "it").shape == (128, 128, 3)  # the first one
    with pytest.raises(PictureError):
        as_map(data)
    assert time.process_time() - began < 2.0
    assert most_mib() - before < MORE_MIB


def fuzz(count: int, seed: int) -> dict[str, float]:
    words = [sys.executable, "-W", "error", "-P", "-m", "tests.intruders.fuzz", str(count), str(seed)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def test_some_mutated_files() -> None:
    found = fuzz(300, 2016)
    assert found["files"] == 300
    assert found["refused"] > 300  # most of the five readers refuse; some mutations hit nothing that matters
    assert found["most_mib"] < 1024


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_ten_thousand_mutated_files() -> None:
    with ThreadPoolExecutor() as halves:
        found = list(halves.map(partial(fuzz, 5_000), (7, 8)))
    print(f"\n{found}")  # noqa: T201 - the report is made of it
    assert sum(half["files"] for half in found) == 10_000
    assert max(half["most_mib"] for half in found) < 1024
