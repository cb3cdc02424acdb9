"""Packs made for tests."""

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.pictures import SAND, SEA, SKY, flat, painted, png

TOML = """name = "Two fields"
artist = "Alice"
year = 1887
licence = "CC0-1.0"
source = "drawn by hand"

[[label]]
name = "sky"
colour = "#508ce6"

[[label]]
name = "sea"
colour = "#143c78"

[[label]]
name = "sand"
colour = "#e6c878"
"""

MAP = flat(128, 96, [SKY, SEA, SAND])


def saved(picture: np.ndarray, kind: str, **options: object) -> bytes:
    """Bytes of a picture in some format."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, kind, **options)
    return out.getvalue()


def pack_files(**changes: bytes | None) -> dict[str, bytes]:
    """The files of a pack in order, by name; `changes`: by role, None takes one out."""
    files: dict[str, bytes | None] = {
        "picture.png": png(painted(MAP)),
        "map.png": png(MAP),
        "doodle.png": png(flat(96, 64, [SKY, SEA, SAND], slope=0.3)),
        "style.toml": TOML.encode(),
    }
    for role, data in changes.items():
        files["style.toml" if role == "toml" else f"{role}.png"] = data
    return {name: data for name, data in files.items() if data is not None}


def zipped(files: dict[str, bytes], folder: str = "", kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(folder + name, data)
    return out.getvalue()


def write_folder(folder: Path, files: dict[str, bytes] | None = None) -> Path:
    """A pack as a folder."""
    folder.mkdir(parents=True)
    for name, data in (files or pack_files()).items():
        (folder / name).write_bytes(data)
    return folder
