"""Draws the content's structure over the copies: copies alone follow its light, but not the corner of an eye.

Tones wider than BROAD run towards the light asked for; finer ones take its place where it has an edge and the painting
has mere texture. Elsewhere the brush strokes stay as copied. What is drawn lighter or darker turns into the label's own
lighter or darker paint.
"""

from torch import Tensor

from engine.fast.light import blur, luminance
from engine.fast.paints import Paints
from engine.settings import Settings

BROAD = 1.5  # px (sigma), what parts wide tones from fine ones
EDGE, TEXTURE = 1.0, 4.0  # px (sigma), over which edges of the light, and the painting's texture, are gathered
WIDE_SHARE, FINE_SHARE = 0.8, 1.2  # of the way to the light asked for, at strength 1; half of them by default
STILL = 1e-3  # contrast that counts as none


def shade(picture: Tensor, light: Tensor, label: Tensor, paints: Paints, settings: Settings) -> Tensor:
    """The picture (1, 3, H, W) in [0, 1] with its luminance drawn towards `light` (1, 1, H, W).

    label  (H, W) int64, whose of the `paints` each pixel is made of
    """
    ratio = settings.alpha / 10 * 50 / max(settings.beta, 0.1)
    strength = ratio / (1 + ratio)
    now = luminance(picture)
    wide, wide_now = blur(light, BROAD), blur(now, BROAD)
    edge = blur((light - blur(light, 2 * BROAD)).abs(), EDGE)
    texture = blur((now - blur(now, 2 * BROAD)).abs(), TEXTURE)
    fine = edge / (edge + texture + STILL) * ((light - wide) - (now - wide_now))
    change = WIDE_SHARE * strength * (wide - wide_now) + min(1.0, FINE_SHARE * strength) * fine
    return (picture + paints.change(label, now, now + change)).clamp(0, 1)
