"""The one door of the engine."""

from dataclasses import replace
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
from engine.step import OnStep, Step

THRIFTS = (1, 4, 16, 64)


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
    with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True):
        outcome = paint_thriftily(method, request, network, on_step and Onwards(on_step))
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


def paint_thriftily(method: PaintMethod, request: Request, network: Network, on_step: OnStep | None) -> Outcome:
    """What `method` makes of `request`, begun again in smaller pieces where memory runs out.

    Raises ResourceError where the smallest pieces are too large too.
    """
    height, width = request.size
    for thrift in THRIFTS:
        try:
            outcome = method(replace(request, thrift=thrift), network, on_step)
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if not is_shortage(error):
                raise
            shortage = error
        else:
            if thrift > 1:
                note = f"memory ran short at {width}x{height} px: painted in pieces {thrift} times smaller"
                outcome = replace(outcome, notes=(*outcome.notes, note))
            return outcome
        if network.device.type == "cuda":
            torch.cuda.empty_cache()
    raise ResourceError(
        f"the {network.device.type} device ran out of memory at {width}x{height} px: ask for a smaller painting"
    ) from shortage


def is_shortage(error: BaseException) -> bool:
    """True where there was too little memory; torch has no class of its own for the processor's."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)


class Onwards:
    """Passes steps on; a painting that is begun again is not told as less than it was."""

    def __init__(self, on_step: OnStep) -> None:
        """Nothing is done yet."""
        self.on_step = on_step
        self.done = 0.0

    def __call__(self, step: Step) -> bool | None:
        """See OnStep."""
        self.done = max(self.done, step.done)
        return self.on_step(replace(step, done=self.done))


def find_method(settings: Settings) -> PaintMethod:
    """The method of `settings`, its module loaded only now. Raises InputError where it is missing."""
    module, name = ("engine.fast", "paint_fast") if settings.method == "fast" else ("engine.paper", "paint_paper")
    found = getattr(import_module(module), name, None)
    if found is None:
        raise InputError(f"method {settings.method} is not built in: choose another")
    return cast("PaintMethod", found)
