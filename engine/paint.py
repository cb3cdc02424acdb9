"""The one door of the engine."""

from importlib import import_module
from time import perf_counter
from typing import Protocol, cast

import torch
from torch import Tensor

from engine.checks import make_request
from engine.errors import InputError, NumericalError, ResourceError
from engine.network import Network, load_network, pick_device
from engine.painting import Painting
from engine.request import Outcome, Request
from engine.settings import Settings
from engine.step import OnStep


class PaintMethod(Protocol):
    """What each method offers to the door."""

    def __call__(self, request: Request, network: Network, on_step: OnStep | None) -> Outcome:
        """Paint the checked `request`; raises NumericalError."""


def paint(
    style: Tensor,
    style_map: Tensor,
    target_map: Tensor,
    settings: Settings,
    *,
    content: Tensor | None = None,
    on_step: OnStep | None = None,
    network: Network | None = None,
) -> Painting:
    """Paint `target_map` in the manner of `style`.

    style       (1, 3, Hs, Ws) float in [0, 1], sRGB
    style_map   (1, M, Hs, Ws) float; of the style's aspect within 2 % (resized nearest otherwise)
    target_map  (1, M, Ht, Wt) float; the same M channels in the same meaning
    content     (1, 3, Hc, Wc) float in [0, 1], of the doodle's aspect within 2 %; None: synthesis by analogy
    on_step     told of each step; returning True stops within one step with the best picture so far
    network     a loaded network to use again; None loads `settings.network`

    Returns a Painting of settings.width x settings.height, or of the target map's size.
    Raises InputError before any dear work, NumericalError, ResourceError.
    """
    device = pick_device(settings.device) if network is None else network.device
    request = make_request(style, style_map, target_map, settings, device, content)
    network = network or load_network(settings.network, device)
    method = find_method(settings)
    started = perf_counter()
    try:
        with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True):
            outcome = method(request, network, on_step)
    except torch.OutOfMemoryError as error:
        height, width = request.size
        raise ResourceError(
            f"the {device.type} device ran out of memory at {width}x{height} px: ask for a smaller painting"
        ) from error
    if not torch.isfinite(outcome.picture).all().item():
        raise NumericalError("the painting has NaN or Inf: try another seed, and tell the makers")
    return Painting(
        picture=outcome.picture.detach().float().cpu(),
        seconds=perf_counter() - started,
        device=device.type,
        network=network.name,
        stopped=outcome.stopped,
        notes=outcome.notes,
    )


def find_method(settings: Settings) -> PaintMethod:
    """The method of `settings`, its module loaded only now. Raises InputError where it is missing."""
    module, name = ("engine.fast", "paint_fast") if settings.method == "fast" else ("engine.paper", "paint_paper")
    found = getattr(import_module(module), name, None)
    if found is None:
        raise InputError(f"method {settings.method} is not built in: choose another")
    return cast("PaintMethod", found)
