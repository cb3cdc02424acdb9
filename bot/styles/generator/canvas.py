"""The canvas: wet colour and relief, strokes laid on it, and the light in which it hangs."""

from dataclasses import dataclass

import numpy as np

from bot.styles.generator.brush import TEXTURE, Brush, bristle_texture
from bot.styles.generator.colour import Colours, rgb
from bot.styles.generator.frame import Field, as_field, softened


@dataclass(frozen=True, slots=True)
class Stroke:
    """One touch of the brush; lengths in px, angles in radians from the x axis, y down."""

    x: float
    y: float
    angle: float
    curvature: float  # 1 / px
    length: float
    width: float
    colour: Colours  # (3,)
    second: Colours  # (3,) what else the brush carries
    offset: int  # where in the bristle texture this brush load lies


@dataclass(frozen=True, slots=True)
class Finish:
    """How the dry painting is lit and varnished."""

    weave: float = 0.12  # relief of the cloth in px
    light: float = 0.16  # strength of the raking light on the relief
    gloss: float = 0.06  # highlights on steep paint
    varnish: str = "#fff6e2"  # multiplies the picture


class Canvas:
    """colour (H, W, 3) in [0, 1] and relief (H, W) in px, changed by each stroke."""

    def __init__(self, primed: Colours) -> None:
        """A sheet primed with the picture `primed` (H, W, 3), which shows between the strokes."""
        self.colour = primed.copy()
        self.relief = np.zeros(primed.shape[:2], np.float32)

    def lay(self, stroke: Stroke, brush: Brush, mask: Field) -> None:
        """Lay one stroke where `mask` (H, W) in [0, 1] lets the paint stay."""
        cos, sin = np.cos(stroke.angle), np.sin(stroke.angle)
        half, wide = stroke.length / 2, stroke.width / 2
        sag = abs(stroke.curvature) * half * half / 2 + wide
        reach_x, reach_y = abs(cos) * half + abs(sin) * sag + 2, abs(sin) * half + abs(cos) * sag + 2
        top, bottom = max(0, int(stroke.y - reach_y)), min(mask.shape[0], int(stroke.y + reach_y) + 2)
        left, right = max(0, int(stroke.x - reach_x)), min(mask.shape[1], int(stroke.x + reach_x) + 2)
        if top >= bottom or left >= right:
            return
        allowed = mask[top:bottom, left:right]
        dx = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(stroke.x)
        dy = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(stroke.y)
        along = dx * np.float32(cos) + dy * np.float32(sin)
        across = dy * np.float32(cos) - dx * np.float32(sin)
        across -= along * along * np.float32(stroke.curvature / 2)
        s, t = as_field(along / np.float32(half)), as_field(across / np.float32(wide))
        hair = hairs(along, t, brush, stroke.offset)
        cover = outline(s, t, hair, brush, wide) * allowed
        self._paint((slice(top, bottom), slice(left, right)), stroke, brush, s, t, hair, cover)

    def _paint(
        self, where: tuple[slice, slice], stroke: Stroke, brush: Brush, s: Field, t: Field, hair: Field, cover: Field
    ) -> None:
        """Mix colour and relief into the window `where` by the opacity `cover`."""
        share = (np.clip((hair * 0.5 + t * 0.35 + 0.05) * 2.0, 0, 1) * np.float32(brush.load))[..., None]
        paint = stroke.colour + (stroke.second - stroke.colour) * share
        paint = paint + ((hair - 0.5) * np.float32(brush.streak))[..., None]
        opaque = cover[..., None]
        old = self.colour[where]
        old += (paint - old) * opaque
        edge = np.clip(np.maximum(np.abs(t), s) - 0.55, 0, 0.45)
        thick = np.float32(brush.body) * (0.35 + hair) + np.float32(brush.ridge * 2.2) * edge
        relief = self.relief[where]
        relief += (relief * -0.55 + thick) * cover

    def finished(self, finish: Finish, unit: float) -> Colours:
        """(H, W, 3) in [0, 1]: the painting in raking light from the upper left; `unit` px is 1/768 of the side."""
        height, width = self.colour.shape[:2]
        relief = softened(self.relief, 0.55 * unit) + finish.weave * weave(height, width, unit)
        slope_y, slope_x = np.gradient(relief, axis=0), np.gradient(relief, axis=1)
        lit = np.clip((slope_x * 0.6 + slope_y * 0.8) * finish.light * 2.2, -0.22, 0.26)
        shaded = self.colour * (1 + lit)[..., None] + (np.clip(lit - 0.1, 0, 1) * finish.gloss * 6)[..., None]
        return as_field(np.clip(shaded * rgb(finish.varnish), 0, 1))


def hairs(along: Field, t: Field, brush: Brush, offset: int) -> Field:
    """The bristle texture under each pixel of a stroke's window."""
    rows = (t * np.float32(brush.bristles / 2) + offset % 9973).astype(np.int32) & (TEXTURE - 1)
    columns = (along + offset % 7919).astype(np.int32) & (TEXTURE - 1)
    return as_field(bristle_texture()[rows, columns])


def outline(s: Field, t: Field, hair: Field, brush: Brush, wide: float) -> Field:
    """Opacity of a stroke over its window: a rounded box, frayed by the hairs, dry towards its end."""
    power_s, power_t = s * s, t * t
    for _ in range(int(np.log2(brush.corner / 2)) if brush.corner > 2 else 0):
        power_s, power_t = power_s * power_s, power_t * power_t
    inside = 1 - power_s - power_t + np.float32(brush.ragged) * (hair - 0.65)
    soft = np.clip(inside * np.float32(max(wide, 1.0) / brush.corner) + 0.4, 0, 1)
    if brush.dry > 0:
        soft = soft * np.clip((hair - np.float32(brush.dry) * (s * 0.6 + 0.3)) * 6 + 0.6, 0, 1)
    return np.asarray(soft * np.float32(brush.cover), dtype=np.float32)


def weave(height: int, width: int, unit: float) -> Field:
    """(H, W) in about [-1, 1]: threads of a cloth, uneven in thickness, about 3.2 units apart."""
    rng = np.random.default_rng(1888)
    pitch = 3.2 * unit
    drift_x = np.cumsum(rng.normal(0, 0.06, width)).astype(np.float32)
    drift_y = np.cumsum(rng.normal(0, 0.06, height)).astype(np.float32)
    warp = np.sin(2 * np.pi * np.arange(width) / pitch + drift_x)
    weft = np.sin(2 * np.pi * np.arange(height) / pitch + drift_y)
    return np.asarray(warp[None, :] * weft[:, None], dtype=np.float32)
