"""Packs from strangers: what is taken, and what is refused with which words, before anything is kept."""

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.styles import (
    Style,
    StyleError,
    house_styles,
    make_pack,
    pack_from_files,
    pack_from_folder,
    pack_from_zip,
    zip_of,
)
from bot.styles.unzip import MAX_BYTES, unzipped
from tests.bot.styles.packs import MAP, TOML, pack_files, saved, write_folder, zipped
from tests.pictures import SKY, flat, painted, png


@pytest.mark.parametrize("folder", ["", "Two Fields/", "Zw\u00f6lf/"])
def test_a_zip_is_read_with_its_files_on_top_or_in_a_folder(folder: str) -> None:
    pack = pack_from_zip(zipped(pack_files(), folder))
    assert (pack.description.artist, pack.description.year) == ("Alice", 1887)
    assert pack.slug == ("zwolf" if "Zw" in folder else "two-fields")
    assert pack.files().keys() == {"picture.png", "map.png", "doodle.png", "style.toml"}


def test_a_folder_is_read_as_its_zip_is(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "two fields", {**pack_files(), "LICENSE.txt": b"free", ".DS_Store": b"x"})
    assert pack_from_folder(folder).files() == pack_from_zip(zipped(pack_files())).files()


def test_a_style_whose_name_has_no_latin_letters_gets_a_name_for_commands() -> None:
    pack = pack_from_files(pack_files(toml=TOML.replace("Two fields", "\u5bcc\u5dbd\u4e09\u5341\u516d\u666f").encode()))
    assert pack.slug.startswith("style-")
    assert pack.description.name == "\u5bcc\u5dbd\u4e09\u5341\u516d\u666f"


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", ".jpg"), ("WEBP", ".webp"), ("PNG", ".png")])
def test_a_picture_is_called_by_what_it_is(kind: str, suffix: str) -> None:
    pack = pack_from_files(pack_files(picture=saved(painted(MAP), kind)))  # sent as picture.png, whatever it is
    assert f"picture{suffix}" in pack.files()


@pytest.mark.parametrize("quality", [60, 90])
def test_a_map_saved_as_jpeg_still_speaks_its_labels(quality: int) -> None:
    assert pack_from_files(pack_files(map=saved(MAP, "JPEG", quality=quality))).map[:2] == b"\xff\xd8"


def test_files_that_computers_and_careful_people_add_are_passed_over() -> None:
    extra = {"__MACOSX/._picture.png": b"x", "s/README.md": b"hello", "s/LICENSE": b"x", "s/.DS_Store": b"x"}
    pack = pack_from_zip(zipped({**{f"s/{name}": data for name, data in pack_files().items()}, **extra}))
    assert pack.slug == "s"
    assert len(pack.files()) == 4


@pytest.mark.parametrize("style", house_styles(), ids=lambda style: style.slug)
def test_a_house_style_goes_round_as_a_pack(style: Style) -> None:
    data = zip_of(style)
    assert data == zip_of(style)
    pack = pack_from_zip(data)
    assert pack.slug == style.slug
    assert pack.description.model_dump() == style.model_dump(exclude={"slug", "folder"})
    assert pack.picture == style.picture.read_bytes()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"map": None}, "lacks map"),
        ({"toml": None}, r"lacks style\.toml"),
        ({"picture": b"GIF89a" + b"x" * 99}, "the picture is no PNG"),
        ({"picture": png(painted(MAP))[:2000]}, "the picture is damaged"),
        ({"map": png(flat(96, 96, [SKY]))}, "96x96"),
        ({"map": png(flat(128, 96, [SKY]))}, "nothing in the colour of sea, sand"),
        ({"map": png(np.full((96, 128, 3), 255, np.uint8))}, "100% of the map.*#ffffff"),
        ({"doodle": png(np.full((96, 128, 3), 255, np.uint8))}, "the doodle.*#ffffff"),
        ({"picture": png(painted(flat(20, 96, [SKY])))}, "20x96 px"),
        ({"toml": b"\xff\xfe"}, "not in order"),
        ({"toml": TOML.replace("Alice", "A\u202elice").encode()}, "U\\+202E"),
        ({"toml": (TOML + 'slug = "../../x"\n').encode()}, "slug"),
        ({"toml": (TOML + "#" * 40_000).encode()}, "32 KiB"),
    ],
)
def test_a_pack_not_in_order_is_refused_in_one_sentence(changes: dict[str, bytes | None], says: str) -> None:
    with pytest.raises(StyleError, match=says) as raised:
        pack_from_files(pack_files(**changes))
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    ("name", "slug"), [("Con", "con-style"), ("NUL", "nul-style"), ("COM1", "com1-style"), ("Console", "console")]
)
def test_no_folder_has_a_name_that_windows_keeps_for_itself(name: str, slug: str) -> None:
    assert pack_from_files(pack_files(toml=TOML.replace("Two fields", name).encode())).slug == slug


@pytest.mark.parametrize(
    "name",
    ["../b.png", "/etc/passwd", "a/../../x", "a\\b.png", "C:b.png", "a\x1b[2J.png", "a//b", "x" * 200, "\u202ea", "\n"],
)
def test_names_that_lead_away_or_lie_are_refused(name: str) -> None:
    with pytest.raises(StyleError, match="file named") as raised:
        pack_from_zip(zipped({**pack_files(), name: b"x"}))
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("name", ["evil.exe", "picture.svg", "picture.png.exe", "style.toml.bak", "pictures.png"])
def test_files_that_no_style_has_are_refused(name: str) -> None:
    with pytest.raises(StyleError, match="takes picture, map, doodle"):
        pack_from_zip(zipped({**pack_files(), name: b"x"}))


@pytest.mark.parametrize("name", ["picture.jpg", "PICTURE.PNG", "Picture.png", "\u017ftyle.toml"])
def test_two_files_for_one_part_are_refused(name: str) -> None:
    with pytest.raises(StyleError, match="two files for the"):
        pack_from_zip(zipped({**pack_files(), name: b"x"}))


def test_one_name_twice_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in pack_files().items():
            archive.writestr(name, data)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("map.png", b"another")
    with pytest.raises(StyleError, match="twice"):
        pack_from_zip(out.getvalue())


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_in_a_zip_are_refused(kind: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo("picture.png")
        entry.create_system, entry.external_attr = 3, (kind | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(StyleError, match="link or a device"):
        pack_from_zip(out.getvalue())


def test_links_folders_and_pipes_in_a_folder_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(pack_files()["picture.png"])
    makers: list[Callable[[Path], None]] = [lambda path: path.symlink_to(secret), Path.mkdir, os.mkfifo]
    for number, make in enumerate(makers):
        folder = write_folder(tmp_path / str(number), pack_files(picture=None))
        make(folder / "picture.png")
        with pytest.raises(StyleError, match="folder, a link or a device"):
            pack_from_folder(folder)


def test_several_folders_in_a_zip_are_refused() -> None:
    with pytest.raises(StyleError, match="several folders"):
        pack_from_zip(zipped({"a/picture.png": b"x", "b/map.png": b"x"}))


def test_a_bomb_is_stopped_while_it_is_read_and_costs_little_memory() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("picture.png", "w") as file:
        for _ in range(MAX_BYTES // 2**20 + 2):
            file.write(bytes(2**20))
    tracemalloc.start()
    with pytest.raises(StyleError, match="unpacks to more than the 64 MiB"):
        pack_from_zip(out.getvalue())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3 * MAX_BYTES


def test_a_header_that_lies_about_the_size_is_not_believed() -> None:
    data = bytearray(zipped({"picture.png": bytes(10_000)}))
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<L", 5)  # says that five bytes come out
    with pytest.raises(StyleError, match=r"damaged|lacks|no PNG"):
        pack_from_zip(bytes(data))


@pytest.mark.parametrize("count", [25, 100_000])
def test_too_many_files_are_refused_before_they_are_listed(count: int) -> None:
    name = b"a.png"
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<HHH", len(name), 0, 0) + bytes(12) + name
    directory = entry * count
    # 22 bytes at the end, with a count that lies
    end = b"PK\x05\x06" + bytes(4) + struct.pack("<HHLLH", 1, 1, len(directory), 4, 0)
    data = b"PK\x03\x04" + directory + end
    tracemalloc.start()
    with pytest.raises(StyleError, match="24"):
        unzipped(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**20


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_odd_compression_is_refused(kind: int) -> None:
    with pytest.raises(StyleError, match="deflate"):
        pack_from_zip(zipped(pack_files(), kind=kind))


def test_a_locked_file_is_refused() -> None:
    data = bytearray(zipped(pack_files()))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    with pytest.raises(StyleError, match="password"):
        pack_from_zip(bytes(data))


@pytest.mark.parametrize("data", [b"", b"PK", b"hello" * 20, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(StyleError, match=r"zip|lacks"):
        pack_from_zip(data)


def test_too_large_a_zip_is_refused() -> None:
    with pytest.raises(StyleError, match="64 MiB"):
        pack_from_zip(bytes(MAX_BYTES + 1))


WHOLE = zipped(pack_files(), "s/")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12), st.booleans())
def test_damage_of_any_kind_becomes_one_sentence(changes: list[tuple[int, int]], at_the_end: bool) -> None:
    damaged = bytearray(WHOLE)
    for place, value in changes:
        # the table of contents is small, and the likeliest to lie
        damaged[-1 - place % 400 if at_the_end else place % len(damaged)] = value
    try:
        pack_from_zip(bytes(damaged))
    except StyleError as error:
        assert str(error).isprintable()  # noqa: PT017 - most changes do harm, some do not


def test_a_photo_sent_as_a_map_is_refused_in_little_memory() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (750, 1000, 3)).astype(np.uint8)
    description = pack_from_files(pack_files()).description
    tracemalloc.start()
    with pytest.raises(StyleError, match="no label names"):
        make_pack(description, png(noise), png(noise))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200 * 2**20
