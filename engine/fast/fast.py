"""The method itself: octave by octave, search and vote."""

import math
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from engine.errors import NumericalError
from engine.fast.blocks import cut_cells
from engine.fast.effort import EFFORTS, Effort
from engine.fast.field import upsample
from engine.fast.layout import STRETCHED, bring_home, layout
from engine.fast.paints import find_paints
from engine.fast.progress import Progress, StopAsked
from engine.fast.pyramid import Octave, build_pyramid
from engine.fast.seams import blend_tones
from engine.fast.search import Search
from engine.fast.shade import shade
from engine.fast.space import Space, build_space
from engine.fast.vote import vote
from engine.maps import Labels, find_labels
from engine.network import Network
from engine.request import Outcome, Request
from engine.step import OnStep

STRETCHED_REPEAT = 5  # times dearer are repeats in a painting larger than its style
BANDS = 2  # octaves below the finest at which tones are blended
FINAL_SIGMA = 0.7  # px, of the last vote: joins between copies are blended over about two pixels


def paint_fast(request: Request, network: Network | None, on_step: OnStep | None) -> Outcome:  # noqa: ARG001
    """Paint a checked request by voted patch copies; the network is not needed.

    Raises InputError where the doodle has a label that the style map lacks, NumericalError.
    """
    effort = EFFORTS[request.settings.preset]
    if request.target_map[0, 0].numel() > STRETCHED * request.style[0, 0].numel():
        effort = replace(effort, repeat_weight=STRETCHED_REPEAT * effort.repeat_weight)
    labels = labels_of(request)
    octaves = build_pyramid(request.style, labels, request.content if request.settings.alpha else None)
    progress = Progress(on_step, octaves, effort)
    painter = Painter(octaves, effort, request, progress)
    try:
        painter.run()
    except StopAsked:
        return Outcome(picture=painter.finish(lambda: None), stopped=True)
    return Outcome(picture=painter.finish(progress.finish), stopped=False)


def labels_of(request: Request) -> Labels:
    """The labels of the maps; all one at gamma 0, which ignores them. Raises InputError."""
    if request.settings.gamma > 0:
        return find_labels(request.style_map, request.target_map)
    style, target = (
        torch.zeros(plane.shape[2:], dtype=torch.long, device=plane.device)
        for plane in (request.style_map, request.target_map)
    )
    return Labels(style=style, target=target, palette=request.style_map.new_zeros(1, request.style_map.shape[1]))


class Painter:
    """The state of one painting: how far it is, and the field found so far."""

    def __init__(self, octaves: list[Octave], effort: Effort, request: Request, progress: Progress) -> None:
        """Nothing is painted yet; the field is laid out in the coarsest octave."""
        self.octaves = octaves
        self.effort = effort
        self.settings = request.settings
        self.thrift = request.thrift
        self.generator = torch.Generator().manual_seed(request.settings.seed)
        self.progress = progress
        self.at = 0
        self.space = self.build(0, lambda: None)  # there is nothing to show yet
        self.field = layout(self.space, effort.jitter, self.generator, self.thrift)

    def build(self, index: int, tick: Callable[[], None]) -> Space:
        """The space of octave `index`; `tick` see build_space."""
        return build_space(self.octaves[index], self.effort, self.settings, index, self.generator, tick)

    def run(self) -> None:
        """All octaves."""
        for index in range(len(self.octaves)):
            if index:
                self.climb()
                self.space = self.build(index, lambda: self.progress.tick(0))
                self.progress.tick(0)  # here and below: in a large painting each of these steps takes most of a second
            self.refine()

    def climb(self) -> None:
        """Carry the field to the next octave."""
        self.field = upsample(self.field, self.octaves[self.at], self.octaves[self.at + 1])
        self.at += 1

    def refine(self) -> None:
        """Search and vote in the present octave."""
        octave = self.octaves[self.at]
        finest = self.at == len(self.octaves) - 1
        scale = 2 ** (len(self.octaves) - 1 - self.at)
        cells = cut_cells(self.space, scale, self.settings.seed)
        search = Search(self.space, self.effort, self.progress.tick, cells, self.thrift)
        picture = vote(octave, self.field)
        for turn in range(self.effort.fine_votes if finest else self.effort.coarse_votes):
            self.progress.show(self.at, turn, picture)
            query = self.space.query(picture)
            self.progress.tick(0)
            best = search.everywhere(query, self.field) if search.exact_is_cheap else None
            self.field = search.nearby(query, self.field, window=turn == 0, also=best)
            if turn == 0:
                self.field = bring_home(self.field, self.space, self.generator)
            self.progress.tick(0)
            loss = float((query - self.space.table[self.field]).square_().sum(1).mean())
            if not math.isfinite(loss):
                raise NumericalError("NaN or Inf among the patches: look at the maps' values, and tell the makers")
            self.progress.tick(0)
            picture = vote(octave, self.field)
            self.progress.step(self.at, turn, loss, picture)

    def finish(self, tick: Callable[[], None]) -> Tensor:
        """The picture of the field as it stands, (1, 3, H, W) in [0, 1], at full size; `tick` see blend_tones."""
        while self.at < len(self.octaves) - 1:
            self.climb()
        picture = vote(self.octaves[-1], self.field, FINAL_SIGMA)
        tick()
        picture = blend_tones(picture, self.field, self.octaves, BANDS, tick).clamp(0, 1)
        octave = self.octaves[-1]
        if octave.target_light is None:
            return picture
        paints = find_paints(octave.style, octave.style_label, octave.style_share.shape[1])
        return shade(picture, octave.target_light, octave.target_label, paints, self.settings)
