"""The colours at once, before any painter has looked at the doodle."""

import io

import numpy as np
from PIL import Image

from bot.web.styles import StyleBook, StyleView
from worker.contract import PaintOptions
from worker.contract.pictures import Rgb, decode
from worker.contract.preview import paint_preview

LONGEST = 384  # px: enough to see, quick to make


def instant(styles: StyleBook, view: StyleView, doodle: Rgb) -> bytes:
    """WebP of the doodle (H, W, 3) uint8 in the style's colours."""
    small = _smaller(doodle)
    data = styles.data(view.style)
    pictures = {
        "style": decode(data.picture, "The style"),
        "style_map": decode(data.map, "The style map"),
        "doodle": small,
    }
    out = io.BytesIO()
    Image.fromarray(paint_preview(pictures, PaintOptions())).save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _smaller(doodle: Rgb) -> Rgb:
    image = Image.fromarray(doodle)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.NEAREST)
    return np.asarray(image)
