"""The paints of each label: which hue the style's painter gave to which tone there.

A copy drawn lighter or darker by the content's light takes the hue of the label's own lighter or darker paint with it:
sunlit trees are yellower than those in shade, and one that were merely greyed would belong to no label at all.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.light import luminance

TONES = 48  # steps of a label's scale, of as many pixels each
SMOOTH = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)  # weights of neighbouring steps
FEWEST = 2 * TONES  # pixels, below which a label has no scale of its own
NARROWEST = 1e-6  # between two tones of a scale


@dataclass(frozen=True, slots=True)
class Paints:
    """A scale for each of L labels."""

    light: Tensor = field(repr=False)  # (L, TONES) luminance in [0, 1], rising
    hue: Tensor = field(repr=False)  # (L, TONES, 3) mean colour less its luminance

    def change(self, label: Tensor, before: Tensor, after: Tensor) -> Tensor:
        """(1, 3, H, W) to add to a colour of luminance `before` for the paint at `after`, (1, 1, H, W) each.

        label  (H, W) int64 of each pixel. Beyond a scale's ends the hue stays as there, so the change is grey.
        """
        moved = torch.zeros_like(before).expand(1, 3, *before.shape[2:]).clone()
        for index in range(len(self.light)):
            inside = label == index
            old, new = before[0, 0][inside], after[0, 0][inside]
            moved[0][:, inside] = new - old + (self.hue_at(index, new) - self.hue_at(index, old)).t()
        return moved

    def hue_at(self, index: int, light: Tensor) -> Tensor:
        """(N, 3) hue of a label's paint at each luminance (N,), between two steps by their distance."""
        steps, hue = self.light[index], self.hue[index]
        above = torch.searchsorted(steps, light.contiguous()).clamp(1, TONES - 1)
        width = (steps[above] - steps[above - 1]).clamp_min(NARROWEST)
        share = ((light - steps[above - 1]) / width).clamp(0, 1)[:, None]
        return hue[above - 1] * (1 - share) + hue[above] * share


def find_paints(style: Tensor, label: Tensor, count: int) -> Paints:
    """The paints of `count` labels (Hs, Ws) in a style (1, 3, Hs, Ws); a label of hardly a pixel takes the style's."""
    colours, light = style[0].flatten(1), luminance(style).flatten()
    scales = []
    for index in range(count):
        mine = torch.nonzero(label.flatten() == index)[:, 0]
        mine = mine if len(mine) >= FEWEST else torch.arange(len(light), device=light.device)
        scales.append(scale(colours[:, mine], light[mine]))
    return Paints(light=torch.stack([steps for steps, _ in scales]), hue=torch.stack([hue for _, hue in scales]))


def scale(colours: Tensor, light: Tensor) -> tuple[Tensor, Tensor]:
    """(TONES,) luminances and (TONES, 3) hues of pixels (3, N) of luminance (N,)."""
    order = light.argsort(stable=True)
    steps = functional.adaptive_avg_pool1d(light[order][None], TONES)[0]
    means = functional.adaptive_avg_pool1d(colours[:, order][None], TONES)[0]
    hue = functional.pad((means - steps)[None], (2, 2), mode="replicate")
    weight = hue.new_tensor(SMOOTH).expand(3, 1, len(SMOOTH))
    return steps, functional.conv1d(hue, weight, groups=3)[0].t().contiguous()
