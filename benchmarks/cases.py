"""Where the pictures of a benchmark come from.

Two layouts of a folder are understood, and may be mixed:
  NAME/picture.png  NAME/map.png  NAME/doodle.png        one case (the house styles are kept so)
  NAME.jpg or .png  NAME_map.png  NAME_doodle_WHICH.png   one case per doodle
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

HOUSE = Path(__file__).parents[1] / "bot" / "styles" / "house"


@dataclass(frozen=True, slots=True)
class Case:
    """Three files that a painting is made from."""

    name: str
    style: Path
    style_map: Path
    doodle: Path

    def load(self) -> tuple[Tensor, Tensor, Tensor]:
        """Style (1, 3, Hs, Ws), its map at the same size, and doodle (1, 3, H, W), in [0, 1]."""
        style = load_picture(self.style)
        return style, load_picture(self.style_map, (style.shape[3], style.shape[2])), load_picture(self.doodle)


def find_cases(folder: Path) -> list[Case]:
    """All cases of a folder, by name. Raises FileNotFoundError where there is none."""
    cases = [
        Case(path.parent.name, path.parent / "picture.png", path.parent / "map.png", path)
        for path in folder.glob("*/doodle.png")
    ]
    for doodle in folder.glob("*_doodle_*.png"):
        stem, which = doodle.stem.split("_doodle_")
        style = next((folder / f"{stem}{end}" for end in (".jpg", ".png") if (folder / f"{stem}{end}").exists()), None)
        if style is not None:
            cases.append(Case(f"{stem} {which}", style, folder / f"{stem}_map.png", doodle))
    if not cases:
        raise FileNotFoundError(f"{folder} holds no case: see the layouts in benchmarks/cases.py")
    return sorted(cases, key=lambda case: case.name)


def load_picture(path: Path, size: tuple[int, int] | None = None) -> Tensor:
    """(1, 3, H, W) float32 in [0, 1]; with `size` (width, height) resized nearest, as maps are."""
    with Image.open(path) as file:
        image = file.convert("RGB")
        if size is not None and image.size != size:
            image = image.resize(size, Image.Resampling.NEAREST)
        pixels = np.asarray(image, dtype=np.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous()


def save_picture(picture: Tensor, path: Path) -> None:
    """Write (1, 3, H, W) in [0, 1] as a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = (picture[0].permute(1, 2, 0).clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    Image.fromarray(pixels).save(path)
