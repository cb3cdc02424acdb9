"""Every format, mode and container that a map may come in."""

import io
import struct
import zipfile
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.worker.contract.maps.drawings import BLUE, RED, WHITE, coloured, saved, scene
from worker.contract import PictureError
from worker.contract.maps import check_maps, map_size, read_map
from worker.contract.maps.archive import UNPACKED
from worker.contract.pictures import encode_png, read_recipe

LABELS = scene(1, 64, 48, 3)
PICTURE = coloured(LABELS, [RED, WHITE, BLUE])


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__dot__", "."), content)
    return out.getvalue()


def npy(array: Any, **settings: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, array, **settings)
    return out.getvalue()


def npz(**arrays: Any) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "WEBP"])
def test_exact_formats(kind: str) -> None:
    found = read_map(saved(PICTURE, kind, **({"lossless": True} if kind == "WEBP" else {})), "The map")
    assert np.array_equal(found.values, PICTURE)
    assert (found.kind, found.lossy) == ("picture", False)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_formats_are_known(kind: str) -> None:
    assert read_map(saved(PICTURE, kind), "The map").lossy


@pytest.mark.parametrize("lossy", [True, False])
def test_a_png_of_ours_tells_whether_it_was_made_of_a_lossy_file(lossy: bool) -> None:
    data = encode_png(PICTURE, {"seed": 1}, lossy=lossy)
    assert read_map(data, "The map").lossy is lossy
    assert read_recipe(data) == {"seed": 1}


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_palettes_of_any_depth(bits: int) -> None:
    two = coloured(LABELS // 2, [RED, BLUE])
    found = read_map(saved(Image.fromarray(two).quantize(2), "PNG", bits=bits), "The map")
    assert np.array_equal(found.values, two)


def test_sixteen_bits_grey_and_colour() -> None:
    grey = (LABELS.astype(np.uint16) + 1) * 20000
    found = read_map(saved(grey), "The map").values[..., 0]
    assert len(np.unique(found)) == 3
    lines = b"".join(b"\0" + row.tobytes() for row in (PICTURE.astype(">u2") * 257))
    assert np.array_equal(read_map(png(64, 48, 16, 2, lines), "The map").values, PICTURE)


def test_a_tiff_of_sixteen_bits_a_channel() -> None:
    deep = PICTURE.astype("<u2") * 257
    assert np.array_equal(read_map(tiff(deep), "The map t.tif").values, PICTURE)


def tiff(deep: np.ndarray[Any, Any]) -> bytes:
    """The bytes of a plain TIFF, (H, W, 3) little-endian uint16."""
    height, width, _ = deep.shape
    pixels, bits = 8, 8 + deep.nbytes
    tags = [(256, 4, width), (257, 4, height), (259, 3, 1), (262, 3, 2), (273, 4, pixels), (277, 3, 3)]
    tags = sorted([*tags, (278, 4, height), (279, 4, deep.nbytes), (284, 3, 1)])
    entries = [struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags]
    entries.insert(2, struct.pack("<HHII", 258, 3, 3, bits))
    directory = struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", bits + 6) + deep.tobytes() + struct.pack("<HHH", 16, 16, 16) + directory


def png(width: int, height: int, depth: int, kind: int, lines: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def test_alpha_lies_over_white_in_labels_and_is_kept_on_request() -> None:
    clear = np.dstack([PICTURE, np.where(LABELS == 1, 0, 255).astype(np.uint8)])
    assert (read_map(saved(clear), "The map").values[LABELS == 1] == 255).all()
    assert read_map(saved(clear), "The map", keep=True).channels == 4
    assert read_map(saved(Image.fromarray(PICTURE).convert("LA")), "The map").channels == 3


def test_grey_is_kept_on_request() -> None:
    grey = saved(Image.fromarray(PICTURE).convert("L"))
    assert read_map(grey, "The map").channels == 3
    assert read_map(grey, "The map", keep=True).channels == 1


def test_a_map_taken_sideways_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(PICTURE, "JPEG", exif=exif)
    assert map_size(data, "The map") == read_map(data, "The map").size == (48, 64)


def test_cmyk() -> None:
    found = read_map(saved(Image.fromarray(PICTURE).convert("CMYK"), "TIFF"), "The map")
    assert np.abs(found.values.astype(int) - PICTURE).max() <= 2


def masks() -> dict[str, np.ndarray[Any, np.dtype[np.uint8]]]:
    return {name: np.where(index == LABELS, np.uint8(255), np.uint8(0)) for index, name in enumerate("abc")}


def stack(name: str) -> bytes:
    if name == "tiff":
        first, *rest = (Image.fromarray(mask) for mask in masks().values())
        return saved(first, "TIFF", save_all=True, append_images=rest)
    if name == "zip":
        return zipped(**{f"{label}.png": saved(mask) for label, mask in masks().items()}, __dot__hidden=b"x")
    if name == "npz":
        return npz(**masks())
    if name == "npz of booleans":
        return npz(**{label: mask > 0 for label, mask in masks().items()})
    one_hot = np.stack(list(masks().values()), -1) > 0
    return npy({"npy": one_hot, "npy first": one_hot.transpose(2, 0, 1), "npy floats": one_hot.astype(float)}[name])


@pytest.mark.parametrize("name", ["tiff", "zip", "npz", "npz of booleans", "npy", "npy first", "npy floats"])
def test_stacks_of_masks(name: str) -> None:
    data = stack(name)
    found = read_map(data, "The map")
    assert found.kind == "masks"
    assert np.array_equal(found.values.argmax(2), LABELS)
    assert map_size(data, "The map") == (64, 48)
    if name in ("zip", "npz"):
        assert found.names == ("a", "b", "c")


def test_a_tiff_with_a_thumbnail_is_one_picture() -> None:
    thumbnail = Image.fromarray(PICTURE).resize((32, 24))
    found = read_map(saved(Image.fromarray(PICTURE), "TIFF", save_all=True, append_images=[thumbnail]), "The map")
    assert np.array_equal(found.values, PICTURE)


@pytest.mark.parametrize("kind", ["<f2", "<f4", ">f8"])
@pytest.mark.parametrize("channels", [1, 5])
def test_embeddings(kind: str, channels: int) -> None:
    values = np.random.default_rng(0).normal(size=(48, 64, channels)).astype(kind)
    for data in (npy(values), npz(x=values), npy(np.asfortranarray(values))):
        found = read_map(data, "The map")
        assert found.kind == "vectors"
        assert np.allclose(found.values, values.astype(np.float32))


def test_label_numbers() -> None:
    assert len(np.unique(read_map(npy(LABELS.astype(np.int64)), "The map").values)) == 3
    far = read_map(npy(LABELS.astype(np.int64) * 70_000), "The map")
    assert len(np.unique(far.values.reshape(-1, 3), axis=0)) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 nonsense", "damaged"),
        (zipped(readme=b"hello"), "without pictures"),
        (zipped(**{f"{index}.png": b"" for index in range(70)}), "70 files and 64"),
        (zipped(**{"a.png": saved(LABELS), "b.png": saved(LABELS[:40])}), "different sizes"),
        (zipped(**{"a.npy": bytes(UNPACKED + 2)}), "unpacks to more than"),
        (npy(np.full((40, 40), np.nan)), "NaN"),
        (npy(np.full((40, 40), 1e300)), "32-bit"),
        (npy(np.array([["a"] * 40] * 40)), "type"),
        (npy(np.array([[None] * 40] * 40), allow_pickle=True), "type"),
        (npy(np.zeros((40, 40)))[:-8], "cut off"),
        (npy(np.zeros((2, 40, 40, 3))), "shape"),
        (npy(np.zeros(40)), "shape"),
        (npy(np.zeros((8, 40))), "px"),
        (npy(np.full((40, 40), -1)), "label numbers from -1"),
        (npy(np.zeros((40, 40), complex)), "type"),
        (npy(np.zeros((2, 2))).replace(b"(2, 2)", b"(99999, 99999)").replace(b" " * 10, b"", 1), "million|damaged"),
    ],
)
def test_what_can_not_be_read_is_refused_by_name(data: bytes, words: str) -> None:
    with pytest.raises(PictureError, match=words) as caught:
        read_map(data, "The map a.zip")
    assert "The map a.zip" in str(caught.value)
    assert "\n" not in str(caught.value)


TURNED = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}


@pytest.mark.parametrize("turn", sorted(TURNED))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_format_is_turned_as_its_exif_says(kind: str, turn: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    data = saved(PICTURE, kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
    upright = np.asarray(Image.fromarray(PICTURE).transpose(TURNED[turn]))
    found = read_map(data, "The map")
    assert map_size(data, "The map") == found.size == (upright.shape[1], upright.shape[0])
    if kind == "JPEG":  # turned the wrong way most pixels would be another label's
        assert np.abs(found.values.astype(int) - upright).mean() < 30
    else:
        assert np.array_equal(found.values, upright)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_counts(kind: str) -> None:
    frames = [Image.fromarray(np.roll(PICTURE, 20 * step, 1)) for step in (1, 2)]
    settings = {"lossless": True} if kind == "WEBP" else {}
    data = saved(Image.fromarray(PICTURE), kind, save_all=True, append_images=frames, duration=90, **settings)
    with Image.open(io.BytesIO(data)) as image:
        assert getattr(image, "n_frames", 1) == 3
    assert np.array_equal(read_map(data, "The map").values, PICTURE)


@pytest.mark.parametrize("colours", [2, 3, 40, 256])
def test_palettes_with_more_colours_than_labels(colours: int) -> None:
    wide = Image.fromarray(PICTURE).convert("P", palette=Image.Palette.ADAPTIVE, colors=colours)
    padded = [*wide.getpalette()[: 3 * 3], *([7, 8, 9] * (colours - 3))] if colours > 3 else wide.getpalette()  # type: ignore[index]
    wide.putpalette(padded or [])
    assert np.array_equal(read_map(saved(wide), "The map").values, np.asarray(wide.convert("RGB")))


@pytest.mark.parametrize("alpha", [False, True])
def test_a_clear_palette_colour_lies_over_white(alpha: bool) -> None:
    image = Image.fromarray(PICTURE).convert("P", palette=Image.Palette.ADAPTIVE, colors=3)
    clear = int(np.asarray(image)[0, 0])
    index = np.asarray(image) == clear
    found = read_map(saved(image, "PNG" if alpha else "GIF", transparency=clear), "The map").values
    assert (found[index] == 255).all()


def test_grey_with_alpha_lies_over_white() -> None:
    values = np.dstack([np.full(LABELS.shape, 40, np.uint8), np.where(LABELS == 0, 0, 255).astype(np.uint8)])
    found = read_map(saved(Image.fromarray(values, "LA")), "The map").values
    assert (found[LABELS == 0] == 255).all()
    assert (found[LABELS != 0] == 40).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_in_files(kind: str) -> None:
    deep = Image.fromarray((LABELS.astype(np.uint16) + 1) * 20000)
    assert np.unique(read_map(saved(deep, kind), "The map").values).tolist() == [77, 155, 233]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_label_numbers_in_deep_grey_are_not_merged(kind: str) -> None:
    near = (LABELS.astype(np.uint16) + 300) if kind == "PNG" else (LABELS.astype(np.int32) + 26_001) * 7
    found = read_map(saved(near, kind), "The map")
    assert np.array_equal(found.values, read_map(npy(near.astype(np.int64)), "The map").values)
    assert len(np.unique(found.values.reshape(-1, 3), axis=0)) == 3
    doodle = saved(near[:, ::-1], kind)
    report = check_maps(None, saved(near, kind), doodle)
    assert (report.ok, len(report.legend)) == (True, 3)


def test_grey_of_floats_is_white_at_one_and_whole_numbers_stay() -> None:
    for values, seen in (
        (LABELS / 2, [0, 128, 255]),
        (LABELS, [0, 1, 2]),
        (LABELS.clip(0, 1), [0, 1]),
        (LABELS * 100, [0, 100, 200]),
    ):
        found = read_map(saved(values.astype(np.float32), "TIFF"), "The map")
        assert np.unique(found.values).tolist() == seen
    with pytest.raises(PictureError, match="from -1 to 1"):
        read_map(saved(LABELS.astype(np.float32) - 1, "TIFF"), "The map")


def test_cmyk_in_a_jpeg() -> None:
    found = read_map(saved(Image.fromarray(PICTURE).convert("CMYK"), "JPEG", quality=95), "The map")
    assert np.abs(found.values.astype(int) - PICTURE).mean() < 5


def test_arrays_backwards_and_of_the_other_byte_order() -> None:
    turned = LABELS[::-1, ::-1]
    found = read_map(npy(turned.astype(">i4")), "The map").values[..., 0]
    assert np.array_equal(found, turned)
