"""Small pictures made for messages: a row of thumbnails."""

import io
from collections.abc import Sequence

from PIL import Image

from worker.contract.pictures import decode

SIDE = 240  # px
GAP = 8


def row_of(pictures: Sequence[bytes]) -> bytes:
    """PNG of thumbnails side by side. Raises PictureError."""
    images = [Image.fromarray(decode(data, "The picture")) for data in pictures]
    for image in images:
        image.thumbnail((SIDE, SIDE))
    width = sum(image.width for image in images) + GAP * (len(images) - 1)
    sheet = Image.new("RGB", (max(1, width), max(image.height for image in images)), "white")
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + GAP
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()
