"""The space where patches of painting and style are compared: squared distance = colours + label guides + place."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from engine.fast.effort import Effort
from engine.fast.pyramid import PATCH, Octave, centre_labels, place
from engine.settings import Settings
from engine.windows import window_sum

SAMPLE = 8_000  # patches that the principal directions are found from
WIDE, WIDEST = 9, 15  # px, windows of the label guides beyond the patch itself
MOST_LIGHT = 20.0  # times the default weight of the content's light
DEEP = 0.99  # share of its own label around a patch that lies deep within
CROWD = 4.0  # such patches of the painting to one of the style, above which they need not lie deep in the style
FLATTEST = 1e-6  # variance of the patches of a style of one colour, which has nothing to compare


@dataclass(frozen=True, slots=True)
class Basis:
    """Principal directions of some patches: where they differ most, and so what is worth comparing."""

    kernel: Tensor = field(repr=False)  # (C, channels, side, side), directions times scale
    offset: Tensor = field(repr=False)  # (C,), minus the mean patch along them
    gap: int = 1  # px from one pixel of a patch to the next

    def rows(self, picture: Tensor) -> Tensor:
        """(N, C) coordinates of all patches of a picture (1, channels, H, W)."""
        picture = picture.contiguous(memory_format=torch.channels_last)  # twice as fast
        return rows(functional.conv2d(picture, self.kernel, self.offset, dilation=self.gap))


@dataclass(frozen=True, slots=True)
class Space:
    """One octave's table of style patches and what is fixed about the painting's patches."""

    table: Tensor = field(repr=False)  # (Ns, D) float32, a row per style patch
    guide: Tensor = field(repr=False)  # (N, G), the last G columns of the painting's rows
    near: Basis  # of the patches' colours
    far: Basis  # of their surroundings
    style_label: Tensor = field(repr=False)  # (Ns,) int64 at each patch's centre
    target_label: Tensor = field(repr=False)  # (N,) int64
    expected: Tensor = field(repr=False)  # (Ns,) uses of a style patch if its label's were spread evenly
    style_grid: tuple[int, int]
    target_grid: tuple[int, int]
    labels: int  # how many there are

    def query(self, picture: Tensor) -> Tensor:
        """(N, D) rows of the painting's patches, for a picture (1, 3, H, W)."""
        return torch.cat([self.near.rows(picture), self.far.rows(surroundings(picture)), self.guide], 1)


def build_space(
    octave: Octave,
    effort: Effort,
    settings: Settings,
    above: int,
    generator: torch.Generator,
    tick: Callable[[], None] = lambda: None,
) -> Space:
    """The space of an octave that is `above` octaves above the coarsest; see Effort for the weights.

    `tick` is called now and then: a large octave's space takes a second.
    """
    near = find_basis(octave.style, PATCH, effort.colours, 1.0, generator)
    around = surroundings(octave.style)
    far = find_basis(around, 3, effort.context, effort.context_weight, generator, gap=PATCH)
    tick()
    style_guides, target_guides = label_guides(octave, effort.guides, above < 2, tick)
    weight = math.sqrt(effort.guide_weight * settings.gamma / 50)
    tether = math.sqrt(effort.place_weight) * 0.5 ** max(above - 1, 0)
    device = octave.style.device
    style_columns = [style_guides * weight, rows(place(*octave.style_grid, device)) * tether]
    target_columns = [target_guides * weight, rows(place(*octave.target_grid, device)) * tether]
    if octave.style_light is not None and octave.target_light is not None:
        light = find_basis(octave.style_light, PATCH, effort.lights, light_weight(effort, settings), generator)
        style_columns.insert(0, light.rows(octave.style_light))
        target_columns.insert(0, light.rows(octave.target_light))
    tick()
    style_label, target_label = centre_labels(octave.style_label), centre_labels(octave.target_label)
    return Space(
        table=torch.cat([near.rows(octave.style), far.rows(around), *style_columns], 1),
        guide=torch.cat(target_columns, 1),
        near=near,
        far=far,
        style_label=style_label,
        target_label=target_label,
        expected=expected_uses(style_label, target_label, octave.style_share.shape[1]),
        style_grid=octave.style_grid,
        target_grid=octave.target_grid,
        labels=octave.style_share.shape[1],
    )


def light_weight(effort: Effort, settings: Settings) -> float:
    """Weight of the content's light: as alpha to beta (Eq. 1), within what still leaves a match to make."""
    return effort.light_weight * min(settings.alpha / 10 * 50 / max(settings.beta, 0.1), MOST_LIGHT)


def rows(planes: Tensor) -> Tensor:
    """(1, C, H, W) as (H * W, C)."""
    return planes[0].flatten(1).t()


def surroundings(picture: Tensor) -> Tensor:
    """What lies around each patch: (1, 3, H + 6, W + 6), 3x3 px means; of those 5 px apart nine belong to a patch."""
    return window_sum(functional.pad(picture, (4, 4, 4, 4), mode="replicate"), 3).div_(9)


def find_basis(
    picture: Tensor, side: int, count: int, spread: float, generator: torch.Generator, gap: int = 1
) -> Basis:
    """At most `count` directions in the patches, of side x side px `gap` px apart, of a picture (1, C, H, W).

    They are scaled so that the squared distance of two random patches is 4 * `spread` in the mean. What the style
    never varies in can't tell one of its patches from another, so little is lost by leaving it out.
    """
    height, width = (size - (side - 1) * gap for size in picture.shape[2:])
    pick = torch.randint(height * width, (min(SAMPLE, height * width),), generator=generator).to(picture.device)
    step = torch.arange(side, device=picture.device) * gap
    down = (pick // width)[:, None, None] + step[:, None]
    across = (pick % width)[:, None, None] + step
    patches = picture[0][:, down, across].permute(1, 0, 2, 3).flatten(1)
    mean = patches.mean(0)
    covariance = (patches - mean).t() @ (patches - mean) / len(patches)
    directions = torch.linalg.eigh(covariance.double())[1].flip(1)[:, :count].to(picture.dtype)
    scale = math.sqrt(2 * spread / max(float(covariance.trace()), FLATTEST))
    kernel = (directions * scale).t().reshape(-1, picture.shape[1], side, side)
    return Basis(kernel.contiguous(memory_format=torch.channels_last), -(mean @ directions) * scale, gap)


def label_guides(octave: Octave, count: int, widest: bool, tick: Callable[[], None]) -> tuple[Tensor, Tensor]:
    """(Ns, G) and (N, G): label shares in windows around each patch, in at most `count` principal directions.

    Windows, not single pixels, so that a patch near a border matches a patch as near to the same pair's border.
    """
    windows = [(PATCH, 1.0), (WIDE, 1.0)] + [(WIDEST, 2.0)] * widest
    style, target = (  # planes, which are read and written in one go: (G, Ns) and (G, N)
        torch.cat([window_share(share, side)[0].flatten(1).mul_(weight) for side, weight in windows])
        for share in (octave.style_share, octave.target_share)
    )
    tick()
    target = loosen(style, target, octave, windows[-1][1])
    tick()
    if len(style) <= count:
        return style.t(), target.t()
    mean = (style.mean(1) + target.mean(1))[:, None] / 2
    style, target = style.sub_(mean), target.sub_(mean)
    moments = style @ style.t() / style.shape[1] + target @ target.t() / target.shape[1]
    directions = torch.linalg.eigh(moments.double())[1].flip(1)[:, :count].to(style.dtype)
    return style.t() @ directions, target.t() @ directions


def loosen(style: Tensor, target: Tensor, octave: Octave, weight: float) -> Tensor:
    """The painting's shares (G, N) with those inside a label drawn to its mean in the style (G, Ns) where it is scarce.

    Who draws a forest in the colour of two slim firs asks a thousand times for what lies deep within a forest, and the
    style has a few such patches, if any. Copied again and again they are seen as a grid; so all firs will do.
    `weight` of the last planes, the shares in the widest windows.
    """
    count = octave.style_share.shape[1]
    labels = centre_labels(octave.style_label), centre_labels(octave.target_label)
    inside = [
        shares[-count:].gather(0, label[None])[0] > DEEP * weight
        for shares, label in zip((style, target), labels, strict=True)
    ]
    had, asked = (torch.bincount(label[deep], minlength=count) for label, deep in zip(labels, inside, strict=True))
    size = torch.bincount(labels[0], minlength=count)
    one = functional.one_hot(labels[0], count).to(style.dtype)  # a product, since index_add_ sums in any order on a GPU
    mean = style @ one / size.clamp_min(1)
    share = (CROWD * had.clamp_min(1) / asked.clamp_min(1)).clamp_max(1)
    share = torch.where(size > 0, share, 1)[labels[1]]
    return torch.lerp(mean[:, labels[1]], target, torch.where(inside[1], share, 1))


def window_share(share: Tensor, side: int) -> Tensor:
    """Mean of (1, L, H, W) over side x side windows around each patch's centre, on the patch grid."""
    margin = (side - PATCH) // 2
    padded = functional.pad(share, (margin,) * 4, mode="replicate")
    return window_sum(padded, side).div_(side**2)


def expected_uses(style_label: Tensor, target_label: Tensor, count: int) -> Tensor:
    """(Ns,) patches of the painting per patch of the style in each one's label, at least 1/4."""
    asked = torch.bincount(target_label, minlength=count).float()
    had = torch.bincount(style_label, minlength=count).float()
    return (asked / had.clamp_min(1)).clamp_min(0.25)[style_label]
