"""A brush: its shape, its bristles and how it loads and leaves paint."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from bot.styles.generator.frame import Field, as_field

TEXTURE = 256  # rows (across the brush) and columns (along the stroke) of the bristle texture, a power of two


@dataclass(frozen=True, slots=True)
class Brush:
    """What a stroke looks like, apart from its size, place and colour."""

    corner: int = 4  # exponent of the outline: 2 an ellipse, 4 a filbert, 8 a square knife
    ragged: float = 0.6  # how far single bristles run over the outline, in outline units
    streak: float = 0.16  # lightness between the darkest and lightest bristle
    load: float = 0.6  # share of the second colour that streaks through the first
    dry: float = 0.35  # how much of the stroke's end the paint no longer covers
    body: float = 0.6  # thickness of the paint laid, in px of relief
    ridge: float = 0.5  # paint pushed up along the sides, in px of relief
    bristles: float = 14.0  # texture rows across the brush
    cover: float = 0.95  # opacity of the paint


DAB = Brush()
SWIRL = Brush(corner=6, ragged=0.7, streak=0.2, load=0.7, dry=0.25, body=0.8, ridge=0.9, bristles=18)
DOT = Brush(corner=4, ragged=0.35, streak=0.09, load=0.2, dry=0.0, body=0.6, ridge=0.6, bristles=7)
KNIFE = Brush(corner=8, ragged=1.2, streak=0.1, load=0.8, dry=0.45, body=0.9, ridge=1.5, bristles=9)
GOUACHE = Brush(corner=6, ragged=0.9, streak=0.09, load=0.3, dry=0.55, body=0.2, ridge=0.12, bristles=20)
INK = Brush(corner=4, ragged=0.9, streak=0.05, load=0.0, dry=0.3, body=0.0, ridge=0.0, bristles=6)


@cache
def bristle_texture() -> Field:
    """(TEXTURE, TEXTURE) in [0, 1], evenly spread, tiling: hairs that run along the columns."""
    rng = np.random.default_rng(1874)
    spectrum = np.fft.rfft2(rng.normal(size=(TEXTURE, TEXTURE)))
    down = np.fft.fftfreq(TEXTURE)[:, None]
    along = np.fft.rfftfreq(TEXTURE)[None, :]
    fine = np.exp(-((along * 90) ** 2) - (down * 2.5) ** 2)
    broad = 2.2 * np.exp(-((along * 60) ** 2) - (down * 14.0) ** 2)
    streaks = np.fft.irfft2(spectrum * (fine + broad), s=(TEXTURE, TEXTURE))
    ranks = np.argsort(np.argsort(streaks, axis=None)).reshape(streaks.shape)
    return as_field(ranks / ranks.max())
