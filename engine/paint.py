"""The one door of the engine."""

from dataclasses import replace
from importlib import import_module
from time import perf_counter
from typing import Protocol, cast

import torch
from torch import Tensor

from engine.checks import make_request, size_of
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
    network     a loaded network to use again, on whose device is painted; None loads `settings.features` on
                `settings.device`

    Returns a Painting of settings.width x settings.height, or of the target map's size.
    Raises InputError before any dear work, NumericalError, ResourceError.
    """
    device = pick_device(settings.device) if network is None else network.device
    try:
        request = make_request(style, style_map, target_map, settings, device, content)
    except torch.OutOfMemoryError as error:
        raise no_room(device, size_of(target_map)) from error
    network = network or load_network(settings.features, device)
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
    thrifts = THRIFTS[:1] if request.settings.method == "gram" else THRIFTS  # Gram matrices have no pieces
    for thrift in thrifts:
        outcome = attempt(method, replace(request, thrift=thrift), network, on_step)
        if outcome is None:
            if network.device.type == "cuda":
                torch.cuda.empty_cache()
            continue
        if thrift == 1:
            return outcome
        note = f"memory ran short at {width}x{height} px: painted in pieces up to {thrift} times smaller"
        return replace(outcome, notes=(*outcome.notes, note))
    raise no_room(network.device, request.size)


def attempt(method: PaintMethod, request: Request, network: Network, on_step: OnStep | None) -> Outcome | None:
    """What `method` makes of `request`, or None where memory ran out: an error kept would keep what it held."""
    try:
        return method(request, network, on_step)
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if not is_shortage(error):
            raise
        return None


def no_room(device: torch.device, size: tuple[int, int]) -> ResourceError:
    """The error for a painting of `size` (height, width) that a device has no memory for."""
    return ResourceError(
        f"the {device.type} device ran out of memory at {size[1]}x{size[0]} px: ask for a smaller painting"
    )


def is_shortage(error: BaseException) -> bool:
    """True where there was too little memory; torch has no class of its own for the processor's."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(error)


class Onwards:
    """Passes steps on; a painting that is begun again is told as no less done than it was, and its time runs on."""

    def __init__(self, on_step: OnStep) -> None:
        """Nothing is done yet."""
        self.on_step = on_step
        self.started = perf_counter()
        self.done = 0.0

    def __call__(self, step: Step) -> bool | None:
        """See OnStep."""
        self.done = max(self.done, step.done)
        return self.on_step(replace(step, done=self.done, seconds=perf_counter() - self.started))


def find_method(settings: Settings) -> PaintMethod:
    """The method of `settings`, its module loaded only now. Raises InputError where it is missing."""
    module, name = ("engine.fast", "paint_fast") if settings.method == "fast" else ("engine.paper", "paint_paper")
    found = getattr(import_module(module), name, None)
    if found is None:
        raise InputError(f"method {settings.method} is not built in: choose another")
    return cast("PaintMethod", found)
