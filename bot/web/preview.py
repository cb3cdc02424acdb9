"""The colours at once, before any painter has looked at the doodle."""

import io

import numpy as np
from PIL import Image

from bot.web.styles import StyleBook, StyleView
from worker.contract import PaintOptions
from worker.contract.fitting import decode_fitting
from worker.contract.pictures import Rgb, encode_png
from worker.contract.preview import paint_preview

LONGEST = 384  # px: enough to see, quick to make


def instant(styles: StyleBook, view: StyleView, doodle: Rgb, *, lossy: bool) -> bytes:
    """WebP of the doodle (H, W, 3) uint8 in the style's colours; `lossy`: its file was.

    Raises PictureError where the maps don't fit.
    """
    data = styles.data(view.style)
    encoded = {"style": data.picture, "style_map": data.map, "doodle": encode_png(_smaller(doodle), lossy=lossy)}
    options = PaintOptions()
    out = io.BytesIO()
    painted = paint_preview(decode_fitting(encoded, options), options)
    Image.fromarray(painted).save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _smaller(doodle: Rgb) -> Rgb:
    image = Image.fromarray(doodle)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.NEAREST)
    return np.asarray(image)
