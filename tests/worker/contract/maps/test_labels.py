"""Soft edges, noise and small things: every pixel gets the label that was meant."""

import io
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tests.worker.contract.maps.drawings import (
    BLACK,
    DARK_RED,
    GREY,
    PALETTES,
    RED,
    WHITE,
    coloured,
    far_apart,
    right,
    saved,
    scene,
    with_eyes,
)
from worker.contract.maps.labels import LabelMap, label_map
from worker.contract.maps.reading import read_map

WIDTH, HEIGHT = 384, 288


def read(data: bytes) -> LabelMap:
    return label_map(read_map(data, "The map"))


@pytest.mark.parametrize("subsampling", [0, 2])
@pytest.mark.parametrize("quality", [50, 65, 80, 95])
@pytest.mark.parametrize("name", sorted(PALETTES))
def test_a_jpeg_gives_the_five_labels_back(name: str, quality: int, subsampling: int) -> None:
    meant = scene(quality, 512, 384, 5)
    found = read(saved(coloured(meant, PALETTES[name]), "JPEG", quality=quality, subsampling=subsampling))
    assert len(found.colours) == 5
    assert right(found.labels, found.colours, meant, PALETTES[name]) >= 0.99


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_lossy_map_saved_again_as_png_is_understood_as_well(kind: str) -> None:
    palette = PALETTES["painter's"]
    meant = scene(5, WIDTH, HEIGHT, 5)
    with Image.open(io.BytesIO(saved(coloured(meant, palette), kind, quality=60))) as lossy:
        found = read(saved(lossy.convert("RGB")))
    assert len(found.colours) == 5
    assert right(found.labels, found.colours, meant, palette) >= 0.99


@pytest.mark.parametrize("settings", [{}, {"quality": 50}, {"quality": 80}, {"quality": 95}])
def test_eyes_survive(settings: dict[str, int]) -> None:
    palette = [*PALETTES["painter's"][:4], (250, 250, 250)]
    meant = with_eyes(scene(2, 512, 384, 4), 4)
    share = float((meant == 4).mean())
    assert 0.0028 < share < 0.0032
    found = read(saved(coloured(meant, palette), "JPEG" if settings else "PNG", **settings))
    assert len(found.colours) == 5
    eye = int(np.abs(found.colours.astype(int) - 250).sum(1).argmin())
    agree = ((found.labels == eye) & (meant == 4)).sum() / ((found.labels == eye) | (meant == 4)).sum()
    assert agree > 0.8


@pytest.mark.parametrize("quality", [50, 65])
@pytest.mark.parametrize("seed", [7, 14, 20, 27, 36])
def test_eyes_of_any_colour_survive_a_hard_jpeg(seed: int, quality: int) -> None:
    palette = far_apart(np.random.default_rng(seed), 5)
    meant = with_eyes(scene(seed, 512, 384, 4), 4)
    found = read(saved(coloured(meant, palette), "JPEG", quality=quality, subsampling=2))
    nearest = ((found.colours[:, None].astype(int) - np.asarray(palette)[None]) ** 2).sum(-1).argmin(1)
    assert (nearest[found.labels] == meant)[meant == 4].mean() > 0.8


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_soft_edges_are_no_labels(name: str) -> None:
    palette = PALETTES[name]
    large = scene(3, WIDTH * 4, HEIGHT * 4, 5)
    meant = large[2::4, 2::4]
    picture = Image.fromarray(coloured(large, palette)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    assert len(np.unique(np.asarray(picture).reshape(-1, 3), axis=0)) > 300
    found = read(saved(picture))
    assert len(found.colours) == 5
    assert right(found.labels, found.colours, meant, palette) > 0.99


def test_a_brush_of_soft_edge_is_no_label() -> None:
    meant = scene(4, WIDTH, HEIGHT, 5)
    picture = Image.fromarray(coloured(meant, PALETTES["loud"])).filter(ImageFilter.GaussianBlur(2))
    found = read(saved(picture))
    assert len(found.colours) == 5
    assert right(found.labels, found.colours, meant, PALETTES["loud"]) > 0.98


@pytest.mark.parametrize("times", [2, 3, 5])
def test_soft_edges_of_an_enlarged_map_are_no_labels(times: int) -> None:
    large = scene(6, 800, 600, 4)
    palette = [RED, WHITE, DARK_RED, BLACK]
    small = Image.fromarray(coloured(large, palette)).resize((200, 150), Image.Resampling.LANCZOS)
    found = read(saved(small.resize((200 * times, 150 * times), Image.Resampling.NEAREST)))
    assert len(found.colours) == 4


def test_black_white_and_grey_are_labels() -> None:
    meant = scene(7, WIDTH, HEIGHT, 3)
    found = read(saved(coloured(meant, [BLACK, GREY, WHITE])))
    assert len(found.colours) == 3
    assert right(found.labels, found.colours, meant, [BLACK, GREY, WHITE]) == 1


@pytest.mark.parametrize("step", [1, 3, 10])
def test_near_colours_of_an_exact_file_stay_two(step: int) -> None:
    palette = [(100, 100, 100), (100 + step, 100, 100), (30, 30, 200)]
    meant = scene(8, WIDTH, HEIGHT, 3)
    found = read(saved(coloured(meant, palette)))
    assert len(found.colours) == 3
    assert right(found.labels, found.colours, meant, palette) == 1


def test_near_colours_of_a_lossy_file_stay_two_beyond_the_noise() -> None:
    palette = [(170, 60, 60), (200, 60, 60), (60, 60, 200)]
    meant = scene(9, WIDTH, HEIGHT, 3)
    assert len(read(saved(coloured(meant, palette), "JPEG", quality=80)).colours) == 3
    palette[1] = (172, 61, 60)
    assert len(read(saved(coloured(meant, palette), "JPEG", quality=80)).colours) == 2


def test_a_thin_line_is_a_label() -> None:
    meant = np.zeros((HEIGHT, WIDTH), np.uint8)
    meant[100:102, 20:300] = 1
    found = read(saved(coloured(meant, [WHITE, BLACK])))
    assert right(found.labels, found.colours, meant, [WHITE, BLACK]) == 1


def test_the_share_that_was_moved_is_known() -> None:
    meant = scene(1, WIDTH, HEIGHT, 3)
    picture = coloured(meant, [RED, WHITE, BLACK])
    assert read(saved(picture)).moved == 0
    picture[10, 10] = (1, 2, 3)
    assert read(saved(picture)).moved == pytest.approx(1 / meant.size)


def painting(seed: int) -> Image.Image:
    """Strokes of a brush: what a photo or painting has in common, and no map."""
    rng = np.random.default_rng(seed)
    base = coloured(scene(seed, WIDTH, HEIGHT, 5), PALETTES["painter's"]).astype(float)
    grain = rng.normal(0, 60, (HEIGHT, WIDTH, 3))
    for _ in range(2):
        grain = (grain + np.roll(grain, 1, 1) + np.roll(grain, 2, 1)) / 2.2
    return Image.fromarray(np.clip(base + grain, 0, 255).astype(np.uint8))


def landscape(seed: int) -> Image.Image:
    """Soft light and no flat spot, as a photo out of focus has."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (9, 12, 3)).astype(np.uint8))
    return small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photo_or_painting_is_recognised(seed: int, kind: str) -> None:
    assert read(saved(painting(seed), kind)).painted
    assert read(saved(painting(seed).convert("L"), kind)).painted
    assert read(saved(landscape(seed), kind)).painted or read(saved(landscape(seed), kind)).crowded


def test_a_noisy_scan_is_no_photo() -> None:
    meant = scene(1, WIDTH, HEIGHT, 4)
    noise = np.random.default_rng(0).normal(0, 4, (HEIGHT, WIDTH, 3))
    palette = [RED, WHITE, BLACK, (0, 0, 255)]
    found = read(saved(np.clip(coloured(meant, palette) + noise, 0, 255).astype(np.uint8)))
    assert not found.painted
    assert len(found.colours) == 4
    assert right(found.labels, found.colours, meant, palette) > 0.99


def test_a_megapixel_takes_a_fraction_of_a_second() -> None:
    data = saved(coloured(scene(1, 1152, 912, 5), PALETTES["loud"]), "JPEG", quality=75)
    began = time.process_time()
    read(data)
    assert time.process_time() - began < 1.5


HOUSE = sorted((Path(__file__).parents[4] / "bot" / "styles" / "house").glob("*/picture.png"))


def photos() -> list[tuple[str, Image.Image]]:
    """Paintings, and what is left of them small, grey, out of focus, of little contrast."""
    found = []
    for path in HOUSE[::2]:
        with Image.open(path) as file:
            image = file.convert("RGB")
        image.thumbnail((300, 300))
        faint = Image.blend(image, Image.new("RGB", image.size, "#808080"), 0.75)
        blurred = image.filter(ImageFilter.GaussianBlur(4))
        grey = image.convert("L")
        kinds = {"whole": image, "grey": grey, "blurred": blurred, "faint": faint, "grey, blurred, faint": faint}
        kinds["grey, blurred, faint"] = faint.convert("L").filter(ImageFilter.GaussianBlur(2))
        found += [(f"{path.parent.name}, {name}", made) for name, made in kinds.items()]
    return found


@pytest.mark.parametrize(("name", "image"), photos())
def test_no_photo_is_taken_for_a_map(name: str, image: Image.Image) -> None:
    for data in (saved(image), saved(image, "JPEG", quality=70)):
        found = read(data)
        assert found.painted or found.crowded, (name, len(found.colours), found.noise)


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_a_dithered_map_is_understood(name: str) -> None:
    meant = scene(11, 512, 384, 4)
    palette = PALETTES[name][:4]
    dithered = Image.fromarray(coloured(meant, palette)).convert("P", palette=Image.Palette.WEB)
    found = read(saved(dithered, "GIF"))
    assert not found.painted
    assert right(found.labels, found.colours, meant, palette) > 0.97


@pytest.mark.parametrize("noise", [6, 10])
def test_a_grainy_scan_is_understood(noise: float) -> None:
    meant, palette = scene(12, 512, 384, 5), PALETTES["painter's"]
    grain = np.random.default_rng(1).normal(0, noise, (384, 512, 3))
    found = read(saved(np.clip(coloured(meant, palette) + grain, 0, 255).astype(np.uint8)))
    assert not found.painted
    assert right(found.labels, found.colours, meant, palette) > 0.98


@pytest.mark.parametrize("size", [(64, 48), (96, 64)])
@pytest.mark.parametrize("quality", [50, 90])
def test_a_tiny_map_is_understood(size: tuple[int, int], quality: int) -> None:
    meant, palette = scene(13, *size, 3), PALETTES["painter's"][1:4]
    found = read(saved(coloured(meant, palette), "JPEG", quality=quality))
    assert not found.painted
    assert right(found.labels, found.colours, meant, palette) > 0.95


@pytest.mark.parametrize(("kind", "quality"), [("JPEG", 50), ("JPEG", 80), ("WEBP", 40)])
def test_a_map_of_many_labels_is_no_photo_out_of_focus(kind: str, quality: int) -> None:
    palette = [(red, green, blue) for red in (0, 85, 170, 255) for green in (0, 128, 255) for blue in (0, 128, 255)]
    meant = scene(14, 800, 600, len(palette))
    found = read(saved(coloured(meant, palette), kind, quality=quality))
    assert not found.painted
    assert len(found.colours) >= 30
    assert right(found.labels, found.colours, meant, palette) > 0.95


@pytest.mark.parametrize("quality", [50, 80])
def test_eyes_survive_lossy_webp(quality: int) -> None:
    palette = [*PALETTES["painter's"][:4], (250, 250, 250)]
    meant = with_eyes(scene(2, 512, 384, 4), 4)
    found = read(saved(coloured(meant, palette), "WEBP", quality=quality))
    eye = int(np.abs(found.colours.astype(int) - 250).sum(1).argmin())
    agree = ((found.labels == eye) & (meant == 4)).sum() / ((found.labels == eye) | (meant == 4)).sum()
    assert agree > 0.8
