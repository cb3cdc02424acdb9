"""A painting over the upload limit, made smaller: first other encodings, then fewer pixels."""

import io
import json
from collections.abc import Sequence

from PIL import Image

from worker.contract.pictures import read_recipe

QUALITIES = (92, 85, 75, 60)
SCALES = (1.0, 0.75, 0.5, 0.35, 0.25)
IMAGE_DESCRIPTION = 0x010E  # EXIF
KINDS = {".webp": "WEBP", ".jpg": "JPEG"}


def shrunk(png: bytes, limit: int, endings: Sequence[str] = tuple(KINDS)) -> tuple[bytes, str] | None:
    """(bytes, file name ending) of at most `limit` bytes as WebP or JPEG, with the recipe; None when nothing fits."""
    recipe = read_recipe(png)
    exif = Image.Exif()
    if recipe is not None:
        exif[IMAGE_DESCRIPTION] = json.dumps(recipe, sort_keys=True)
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    for scale in SCALES:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        smaller = picture if scale == 1.0 else picture.resize(size, Image.Resampling.LANCZOS)
        for ending in endings:
            for quality in QUALITIES:
                out = io.BytesIO()
                smaller.save(out, KINDS[ending], quality=quality, exif=exif.tobytes())
                if out.tell() <= limit:
                    return out.getvalue(), ending
    return None
