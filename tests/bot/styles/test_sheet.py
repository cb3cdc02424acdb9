"""What people draw from: sheet, blank template, palette."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.styles import Shelf, blank_template, draw_sheet, house_style, label_shares, pack_from_files, palette_file
from bot.styles.sheet import MARGIN, SWATCH, WIDTH
from tests.bot.styles.packs import MAP, TOML, pack_files
from tests.pictures import painted, png
from worker.contract.pictures import decode


def test_the_template_speaks_the_palette_in_the_doodles_size() -> None:
    style = house_style("portrait")
    with Image.open(io.BytesIO(blank_template(style))) as template:
        assert (template.mode, template.size) == ("P", (384, 512))
        palette = np.array((template.getpalette() or [])[: 3 * len(style.label)]).reshape(-1, 3)
        assert [tuple(colour) for colour in palette.tolist()] == list(style.palette.values())
        filled = np.unique(np.asarray(template.convert("RGB")).reshape(-1, 3), axis=0)
    assert [tuple(colour) for colour in filled.tolist()] == [style.palette["background"]]


def test_without_a_doodle_the_template_has_the_pictures_shape(tmp_path: Path) -> None:
    large = np.repeat(np.repeat(MAP, 8, axis=0), 8, axis=1)
    files = pack_files(picture=png(painted(large)), map=png(large), doodle=None)
    style = Shelf(tmp_path).add(pack_from_files(files))
    with Image.open(io.BytesIO(blank_template(style))) as template:
        assert template.size == (512, 384)


def test_shares_are_those_of_the_map(tmp_path: Path) -> None:
    style = Shelf(tmp_path).add(pack_from_files(pack_files()))
    assert label_shares(style) == pytest.approx({"sky": 1 / 3, "sea": 1 / 3, "sand": 1 / 3})


def test_every_label_has_its_swatch_on_the_sheet() -> None:
    style = house_style("night-harbour")
    sheet = decode(draw_sheet(style), "sheet")
    assert sheet.shape[1] == WIDTH
    legend = sheet[-900:]
    for place, colour in enumerate(style.palette.values()):
        x = MARGIN + place % 2 * (WIDTH - 2 * MARGIN) // 2
        column = legend[:, x + 20 : x + SWATCH - 20]
        assert (column == colour).all(axis=(1, 2)).sum() > SWATCH // 2, colour


@pytest.mark.parametrize("labels", [1, 32])
def test_the_sheet_has_room_for_few_labels_and_many_and_long_names(tmp_path: Path, labels: int) -> None:
    levels = (0, 85, 170, 255)
    colours = [(r, g, b) for r in levels for g in levels for b in levels[::2]][:labels]
    rows = np.arange(96) * labels // 96
    style_map = np.repeat(np.array(colours, np.uint8)[rows][:, None], 128, axis=1)
    head = TOML.split("[[label]]")[0].replace("Two fields", "N" * 80).replace("Alice", "W" * 80)
    toml = head + "".join(
        f'[[label]]\nname = "{"W" * 36} {n}"\ncolour = "#{bytes(c).hex()}"\n' for n, c in enumerate(colours)
    )
    files = pack_files(map=png(style_map), doodle=None, toml=toml.encode())
    sheet = decode(draw_sheet(Shelf(tmp_path).add(pack_from_files(files))), "sheet")
    paper = sheet[0, 0]
    assert (sheet[:, -MARGIN // 2 :] == paper).all()  # nothing runs over the edge
    assert (sheet[-MARGIN // 2 :] == paper).all()


def test_a_palette_for_gimp_and_krita() -> None:
    style = house_style("coast-dusk")
    head, *colours = palette_file(style.name, style.label).decode().split("#\n")
    assert head == "GIMP Palette\nName: Rocky coast at dusk\nColumns: 1\n"
    lines = [line.split("\t") for line in colours[0].splitlines()]
    assert {name: tuple(map(int, rgb.split())) for rgb, name in lines} == style.palette
