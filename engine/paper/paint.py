"""The paper's method and the two it grew from, coarse to fine."""

from collections.abc import Callable

import torch
from torch import Tensor

from engine.network import Network
from engine.paper.energy import OctaveEnergy
from engine.paper.gram import GramTerm, label_masks
from engine.paper.lbfgs import minimise
from engine.paper.octaves import Octave, grow, plan_octaves, shrink
from engine.paper.semantic import SemanticPair, lift_maps
from engine.paper.terms import ContentTerm, PatchTerm, StyleTerm
from engine.paper.watch import Watch
from engine.request import Outcome, Request
from engine.settings import Preset, Settings
from engine.step import OnStep

EVALUATIONS: dict[Preset, int] = {"draft": 30, "fast": 100, "best": 200}  # per octave
NN_EVERY: dict[Preset, int] = {"draft": 10, "fast": 5, "best": 1}  # evaluations per search
PATCH_LAYERS = ("conv3_1", "conv4_1")
GRAM_LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1")
CONTENT_LAYERS = ("conv3_1", "conv4_1")
GRAM_PATCH = 3  # Gram matrices have no patches; their octaves are those of patches of this side
START_CONTRAST = 0.05  # standard deviation of the first noise


def paint_paper(request: Request, network: Network, on_step: OnStep | None) -> Outcome:
    """Paint by methods paper, mrf (gamma 0) or gram, from a random start. Raises NumericalError."""
    settings = request.settings
    nn_every = settings.nn_every or NN_EVERY[settings.preset]
    style_size = (request.style.shape[-2], request.style.shape[-1])
    patch = GRAM_PATCH if settings.method == "gram" else settings.patch
    octaves = plan_octaves(style_size, request.size, patch)
    evaluations = settings.evaluations or EVALUATIONS[settings.preset]
    watch = Watch(on_step, request.size, [octave.cost for octave in octaves])
    terms = TermMaker(request, network, watch.tick)
    picture = start(request, octaves[0].target)
    stopped = False
    for number, octave in enumerate(octaves, 1):
        picture = grow(picture, octave.target)
        watch.begin(number, evaluations, picture)
        finest = number == len(octaves)
        energy = OctaveEnergy(network, terms.styles(octave, finest), terms.contents(octave), settings, nn_every)

        def observe(iteration: int, loss: float, best: Tensor, number: int = number) -> bool:
            return watch.tell(number, iteration, evaluations, loss, best)

        found = minimise(energy, picture, evaluations, observe)
        picture, stopped = found.picture, found.stopped
        if stopped:
            break
    return Outcome(picture=grow(picture, request.size), stopped=stopped)


def start(request: Request, size: tuple[int, int]) -> Tensor:
    """(1, 3, h, w) of faint noise about the style's mean colour, or about the content where there is one.

    Drawn on the CPU: a seed means the same anywhere. Faint, because the features of wild noise are twice as long as
    any painting's, and because its dots survive to the end. With a content from noise alone its edges are not found.
    """
    settings = request.settings
    generator = torch.Generator().manual_seed(settings.seed)
    noise = torch.randn(1, 3, *size, generator=generator).to(request.style.device)
    middle = request.style.mean((2, 3), keepdim=True)
    if request.content is not None and settings.alpha > 0:
        middle = shrink(request.content, size)
    return (middle + START_CONTRAST * noise).clamp(0, 1)


class TermMaker:
    """Makes the energy's terms for each octave of one Request."""

    def __init__(self, request: Request, network: Network, tick: Callable[[], None]) -> None:
        """Lift the maps once; each layer pools them to its own size. `tick` see PatchTerm."""
        self._request, self._network, self._settings, self._tick = request, network, request.settings, tick
        self._maps = wanted_maps(request)

    def styles(self, octave: Octave, finest: bool) -> dict[str, StyleTerm]:
        """The style terms by layer."""
        if self._settings.beta == 0:
            return {}
        style = shrink(self._request.style, octave.style)
        if self._settings.method == "gram":
            return self._grams(style)
        layers = PATCH_LAYERS[:1] if finest and self._settings.finest == "conv3_1" else PATCH_LAYERS
        features = self._network.features(style, layers, self._tick)
        terms: dict[str, StyleTerm] = {}
        for layer in layers:
            self._tick()
            terms[layer] = PatchTerm(
                style, features[layer], self._maps, self._settings, self._request.thrift, self._tick
            )
        self._tick()
        return terms

    def contents(self, octave: Octave) -> dict[str, ContentTerm]:
        """The content term by layer; none without a content picture."""
        if self._request.content is None or self._settings.alpha == 0:
            return {}
        content = shrink(self._request.content, octave.target)
        features = self._network.features(content, CONTENT_LAYERS, self._tick)
        return {layer: ContentTerm(features[layer]) for layer in CONTENT_LAYERS}

    def _grams(self, style: Tensor) -> dict[str, StyleTerm]:
        maps = self._maps
        if maps is None:
            masks = style.new_ones(1, 1, 8, 8), style.new_ones(1, 1, 8, 8)
        else:
            masks = label_masks(maps.style, maps.target)
        features = self._network.features(style, GRAM_LAYERS, self._tick)
        return {layer: GramTerm(features[layer], *masks) for layer in GRAM_LAYERS}


def wanted_maps(request: Request) -> SemanticPair | None:
    """The lifted maps, or None where they are not to count: gamma 0, method mrf, or maps of one colour."""
    settings: Settings = request.settings
    if settings.gamma == 0 or settings.method == "mrf":
        return None
    return lift_maps(request.style_map, request.target_map)
