"""The colours at once, before any painter has looked at the doodle."""

import numpy as np
from PIL import Image

from bot.desk.reading import glance
from bot.web.styles import StyleBook, StyleView
from worker.contract.pictures import Rgb, encode_png

LONGEST = 384  # px: enough to see, quick to make


def instant(styles: StyleBook, view: StyleView, doodle: Rgb, *, lossy: bool) -> bytes:
    """WebP of the doodle (H, W, 3) uint8 in the style's colours; `lossy`: its file was.

    Raises PictureError where the maps don't fit.
    """
    data = styles.data(view.style)
    return glance(data.picture, data.map, encode_png(_smaller(doodle), lossy=lossy))


def _smaller(doodle: Rgb) -> Rgb:
    image = Image.fromarray(doodle)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.NEAREST)
    return np.asarray(image)
