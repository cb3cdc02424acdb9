"""Makes the files of a house style: picture, map, doodle and their description."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.styles.generator.frame import Frame
from bot.styles.generator.painter import painted
from bot.styles.generator.scene import Labels, Scene

OVERSAMPLE = 1.5  # painted this much larger, then reduced: bristles finer than a pixel look like paint, not noise


@dataclass(frozen=True, slots=True)
class Rendered:
    """A painting (H, W, 3) uint8 and the label (H, W) of each of its pixels."""

    picture: NDArray[np.uint8]
    labels: Labels


def rendered(scene: Scene, shrink: float = 1.0) -> Rendered:
    """The scene's painting and labels at its size divided by `shrink`."""
    width, height = (round(side / shrink) for side in scene.size)
    frame = Frame(round(width * OVERSAMPLE), round(height * OVERSAMPLE), scene.seed)
    composition = scene.compose(frame)
    large = (painted(scene, composition, frame) * 255 + 0.5).astype(np.uint8)
    small = Image.fromarray(large).resize((width, height), Image.Resampling.LANCZOS)
    rows = ((np.arange(height) + 0.5) * frame.height / height).astype(np.intp)
    columns = ((np.arange(width) + 0.5) * frame.width / width).astype(np.intp)
    return Rendered(np.asarray(small), composition.labels[rows[:, None], columns[None, :]])


def palette_picture(scene: Scene, labels: Labels) -> Image.Image:
    """A palette picture in the colours of the scene's regions, no soft edges."""
    picture = Image.fromarray(labels, "P")
    picture.putpalette([int(region.colour[i : i + 2], 16) for region in scene.regions for i in (1, 3, 5)])
    return picture


def write(scene: Scene, folder: Path) -> None:
    """Write picture.png, map.png, doodle.png and style.toml of `scene` into `folder`, made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    result = rendered(scene)
    Image.fromarray(result.picture).save(folder / "picture.png", optimize=True)
    palette_picture(scene, result.labels).save(folder / "map.png", optimize=True)
    doodle = scene.doodle(Frame(*scene.doodle_size, scene.seed))
    palette_picture(scene, doodle).save(folder / "doodle.png", optimize=True)
    (folder / "style.toml").write_text(description(scene), encoding="utf-8")


def description(scene: Scene) -> str:
    """The text of style.toml."""
    lines = [
        f'name = "{scene.name}"',
        'artist = "Twobit"',
        "year = 2026",
        'licence = "CC0-1.0"',
        'source = "painted by a program for this project"',
        f'description = "{scene.description}"',
    ]
    for region in scene.regions:
        lines += ["", "[[label]]", f'name = "{region.name}"', f'colour = "{region.colour}"']
    return "\n".join(lines) + "\n"
