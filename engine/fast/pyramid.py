"""The octaves: pictures and label shares, halved until the smaller picture is about as small as can be matched."""

from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.light import luminance, match_light
from engine.maps import Labels

PATCH = 5  # px, side of a patch in every octave
COARSEST = 24  # px, the least side of the coarsest octave


@dataclass(frozen=True, slots=True)
class Octave:
    """One size of the pyramid; `grid` is the number of 5x5 patches down and across."""

    style: Tensor = field(repr=False)  # (1, 3, Hs, Ws) float32 in [0, 1]
    style_share: Tensor = field(repr=False)  # (1, L, Hs, Ws) share of each label in a pixel
    target_share: Tensor = field(repr=False)  # (1, L, H, W)
    style_label: Tensor = field(repr=False)  # (Hs, Ws) int64, the label with the greatest share
    target_label: Tensor = field(repr=False)  # (H, W) int64
    style_light: Tensor | None = field(default=None, repr=False)  # (1, 1, Hs, Ws), where there is a content picture
    target_light: Tensor | None = field(default=None, repr=False)  # (1, 1, H, W) that the content asks for

    @property
    def style_grid(self) -> tuple[int, int]:
        """Patches of the style, down and across."""
        return self.style.shape[2] - PATCH + 1, self.style.shape[3] - PATCH + 1

    @property
    def target_grid(self) -> tuple[int, int]:
        """Patches of the painting, down and across."""
        return self.target_share.shape[2] - PATCH + 1, self.target_share.shape[3] - PATCH + 1


def build_pyramid(style: Tensor, labels: Labels, content: Tensor | None = None) -> list[Octave]:
    """Octaves from the coarsest to the full size of `style` (1, 3, Hs, Ws), `labels` and `content` (1, 3, H, W)."""
    octave = Octave(
        style=style,
        style_share=label_share(labels.style, labels.count),
        target_share=label_share(labels.target, labels.count),
        style_label=labels.style,
        target_label=labels.target,
        style_light=None if content is None else luminance(style),
        target_light=None if content is None else match_light(content, style, labels),
    )
    octaves = [octave]
    while min(*octave.style.shape[2:], *octave.target_label.shape) >= 2 * COARSEST:
        light = None
        if octave.style_light is not None and octave.target_light is not None:
            light = halve(octave.style_light), halve(octave.target_light)
        octave = make_octave(halve(octave.style), halve(octave.style_share), halve(octave.target_share), light)
        octaves.append(octave)
    return octaves[::-1]


def make_octave(
    style: Tensor, style_share: Tensor, target_share: Tensor, light: tuple[Tensor, Tensor] | None
) -> Octave:
    """An octave with the labels of its shares; `light` is the style's and the one asked for."""
    return Octave(
        style=style,
        style_share=style_share,
        target_share=target_share,
        style_label=greatest(style_share[0])[1],
        target_label=greatest(target_share[0])[1],
        style_light=light[0] if light else None,
        target_light=light[1] if light else None,
    )


def label_share(label: Tensor, count: int) -> Tensor:
    """(1, L, H, W) float32 one-hot of a label image (H, W)."""
    share = torch.zeros(1, count, *label.shape, device=label.device)
    return share.scatter_(1, label[None, None], 1.0)  # one_hot() would make eight bytes for each of them first


def greatest(share: Tensor) -> tuple[Tensor, Tensor]:
    """(H, W) the greatest of each pixel's shares (L, H, W), and (H, W) int64 whose it is; of equal ones the first's.

    Plane by plane: max(0) goes through memory pixel by pixel, which takes several times as long.
    """
    most, label = share[0], torch.zeros(share.shape[1:], dtype=torch.int16, device=share.device)
    for index in range(1, len(share)):
        label.masked_fill_(share[index] > most, index)
        most = torch.maximum(most, share[index])
    return most, label.long()


def halve(picture: Tensor) -> Tensor:
    """(1, C, H, W) averaged over 2x2 px; an odd side is first continued by its last line."""
    height, width = picture.shape[2:]
    if height % 2 or width % 2:
        picture = functional.pad(picture, (0, width % 2, 0, height % 2), mode="replicate")
    return functional.avg_pool2d(picture, 2)


def centre_labels(label: Tensor) -> Tensor:
    """(N,) int64 label at the centre of each patch of a label image (H, W), row by row."""
    middle = PATCH // 2
    height, width = label.shape
    return label[middle : height - middle, middle : width - middle].flatten()


def place(height: int, width: int, device: torch.device) -> Tensor:
    """(1, 2, height, width) relative place down and half the relative place across.

    What is painted changes more from top to bottom (light, distance) than from side to side.
    """
    down = torch.linspace(0, 1, height, device=device)[:, None].expand(height, width)
    across = torch.linspace(0, 0.5, width, device=device)[None].expand(height, width)
    return torch.stack([down, across])[None]
