"""The octaves: pictures and label shares, halved until the smaller picture is about as small as can be matched."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from engine.maps import Labels

PATCH = 5  # px, side of a patch in every octave
COARSEST = 24  # px, the least side of the coarsest octave


@dataclass(frozen=True, slots=True)
class Octave:
    """One size of the pyramid; `grid` is the number of 5x5 patches down and across."""

    style: Tensor = field(repr=False)  # (1, 3, Hs, Ws) float32 in [0, 1]
    style_share: Tensor = field(repr=False)  # (1, L, Hs, Ws) share of each label in a pixel
    target_share: Tensor = field(repr=False)  # (1, L, H, W)

    @property
    def style_grid(self) -> tuple[int, int]:
        """Patches of the style, down and across."""
        return self.style.shape[2] - PATCH + 1, self.style.shape[3] - PATCH + 1

    @property
    def target_grid(self) -> tuple[int, int]:
        """Patches of the painting, down and across."""
        return self.target_share.shape[2] - PATCH + 1, self.target_share.shape[3] - PATCH + 1


def build_pyramid(style: Tensor, labels: Labels) -> list[Octave]:
    """Octaves from the coarsest to the full size of `style` (1, 3, Hs, Ws) and `labels`."""
    octave = Octave(style, label_share(labels.style, labels.count), label_share(labels.target, labels.count))
    octaves = [octave]
    while min(*octave.style.shape[2:], *octave.target_share.shape[2:]) >= 2 * COARSEST:
        octave = Octave(halve(octave.style), halve(octave.style_share), halve(octave.target_share))
        octaves.append(octave)
    return octaves[::-1]


def label_share(label: Tensor, count: int) -> Tensor:
    """(1, L, H, W) float32 one-hot of a label image (H, W)."""
    return functional.one_hot(label, count).permute(2, 0, 1)[None].float()


def halve(picture: Tensor) -> Tensor:
    """(1, C, H, W) averaged over 2x2 px; an odd side is first continued by its last line."""
    height, width = picture.shape[2:]
    if height % 2 or width % 2:
        picture = functional.pad(picture, (0, width % 2, 0, height % 2), mode="replicate")
    return functional.avg_pool2d(picture, 2)


def centre_labels(share: Tensor) -> Tensor:
    """(N,) int64 label at the centre of each patch of (1, L, H, W), row by row."""
    middle = PATCH // 2
    height, width = share.shape[2] - PATCH + 1, share.shape[3] - PATCH + 1
    return share[0, :, middle : middle + height, middle : middle + width].argmax(0).flatten()


def place(height: int, width: int, device: torch.device) -> Tensor:
    """(1, 2, height, width) relative place down and half the relative place across.

    What is painted changes more from top to bottom (light, distance) than from side to side.
    """
    down = torch.linspace(0, 1, height, device=device)[:, None].expand(height, width)
    across = torch.linspace(0, 0.5, width, device=device)[None].expand(height, width)
    return torch.stack([down, across])[None]
