"""Pictures made for tests."""

import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SKY, SEA, SAND = (80, 140, 230), (20, 60, 120), (230, 200, 120)


@dataclass(frozen=True)
class Scene:
    """Files of one small painting."""

    style: Path
    style_map: Path
    doodle: Path

    def arguments(self, out: Path) -> list[str]:
        """As options of `twobit paint` and `twobit submit`."""
        named = {"--style": self.style, "--map": self.style_map, "--doodle": self.doodle, "--out": out}
        return [word for name, path in named.items() for word in (name, str(path))]


def flat(width: int, height: int, bands: list[tuple[int, int, int]], slope: float = 0.0) -> NDArray[np.uint8]:
    """(H, W, 3) uint8: horizontal bands of flat colour, tilted by `slope`."""
    y, x = np.mgrid[0:height, 0:width]
    band = ((y + slope * x) / height * len(bands)).astype(int).clip(0, len(bands) - 1)
    colours: NDArray[np.uint8] = np.asarray(bands, np.uint8)
    picture: NDArray[np.uint8] = colours[band]
    return picture


def painted(label_map: NDArray[np.uint8], seed: int = 0) -> NDArray[np.uint8]:
    """A style for a map: each band in its colour with strokes of its own direction."""
    rng = np.random.default_rng(seed)
    height, width = label_map.shape[:2]
    noise = rng.normal(0, 1, (height, width))
    for _ in range(3):
        noise = (noise + np.roll(noise, 1, 1) + np.roll(noise, -1, 1)) / 1.9
    return np.clip(label_map + noise[..., None] * 22, 0, 255).astype(np.uint8)


def png(picture: NDArray[np.uint8]) -> bytes:
    """PNG bytes."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def write_scene(folder: Path, width: int = 128, height: int = 96) -> Scene:
    """A style with three bands, and a doodle with the same three in another layout."""
    folder.mkdir(parents=True, exist_ok=True)
    style_map = flat(width, height, [SKY, SEA, SAND])
    scene = Scene(folder / "style.png", folder / "map.png", folder / "doodle.png")
    scene.style.write_bytes(png(painted(style_map)))
    scene.style_map.write_bytes(png(style_map))
    scene.doodle.write_bytes(png(flat(width, height, [SKY, SEA, SAND], slope=0.35)))
    return scene
