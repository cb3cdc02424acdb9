"""Maps that are kept as they are, painted: colours between labels, and embeddings."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.test_command_line import twobit
from tests.pictures import painted, png

HAIR, STUBBLE, SKIN = (40, 30, 20), (130, 105, 80), (220, 180, 140)
WIDTH, HEIGHT = 96, 72


def bands(order: list[int]) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    """(H, W) three upright bands of label numbers."""
    return np.repeat(np.array(order)[None], HEIGHT, 0).repeat(WIDTH // len(order), 1)


def write(folder: Path, mode: str) -> list[str | Path]:
    """A style of dark hair, middling stubble and light skin, and a doodle in another order."""
    colours = np.array([HAIR, STUBBLE, SKIN], np.uint8)
    style, doodle = bands([0, 1, 2]), bands([2, 1, 0])
    (folder / "style.png").write_bytes(png(painted(colours[style])))
    if mode == "colours":
        (folder / "map").write_bytes(png(colours[style]))
        (folder / "doodle").write_bytes(png(colours[doodle]))
    else:
        vectors = np.array([[0, 0, 1, 0.5, 0], [0.5, 0, 0.5, 0.5, 0], [1, 0, 0, 0.5, 0]], np.float32)
        for name, map_ in (("map", style), ("doodle", doodle)):
            with (folder / name).open("wb") as file:
                np.save(file, vectors[map_])
    named = {"--style": "style.png", "--map": "map", "--doodle": "doodle"}
    return [word for option, name in named.items() for word in (option, folder / name)]


@pytest.mark.parametrize("method", ["paper", "fast"])
@pytest.mark.parametrize("mode", ["colours", "embedding"])
def test_what_lies_between_two_labels_is_painted_between_them(tmp_path: Path, mode: str, method: str) -> None:
    words = (*write(tmp_path, mode), "--map-mode", mode, "--method", method, "--preset", "draft")
    done = twobit("paint", *words, "--out", tmp_path / "out.png")
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "out.png") as image:
        light = np.asarray(image.convert("L"), float)
    skin, stubble, hair = (light[8:-8, left + 8 : left + 24].mean() for left in (0, 32, 64))
    assert skin > stubble + 15
    assert stubble > hair + 15
