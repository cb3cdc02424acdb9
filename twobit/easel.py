"""Paintings made in this process: the engine loaded once, its errors in a command's words."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from twobit.engine_room import engine_room
from worker.contract import PaintOptions
from worker.contract.fitting import Fitted
from worker.contract.pictures import Rgb
from worker.contract.preview import METHOD, paint_preview

if TYPE_CHECKING:
    import engine
    from engine.network import Network

OnStep = Callable[["engine.Step"], None]


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished painting, (H, W, 3) uint8, and how it came about."""

    picture: Rgb = field(repr=False)
    seconds: float  # painting only
    device: str
    network: str | None = None  # None: no network was asked
    network_sha256: str | None = None
    notes: tuple[str, ...] = ()


class Easel:
    """Keeps the network between paintings."""

    def __init__(self, device: str, networks: Path) -> None:
        """`networks`: folder of downloaded weights; nothing is loaded yet."""
        self.device = device
        self.networks = networks
        self._loaded: dict[str, Network] = {}

    def paint(self, fitted: Fitted, choices: PaintOptions, on_step: OnStep | None = None) -> Painted:
        """Paint what was read and brought to fit. Raises CommandError."""
        if choices.method == METHOD:
            began = time.perf_counter()
            picture = paint_preview(fitted, choices)
            return Painted(picture, time.perf_counter() - began, "cpu", notes=fitted.notes)
        return self._by_engine(fitted, choices, on_step)

    def _by_engine(self, fitted: Fitted, choices: PaintOptions, on_step: OnStep | None) -> Painted:
        with engine_room():
            import engine
            from worker.engine_painter import paint_fitted, to_rgb

            # Settings checks what the type checker can't know of a word from the command line.
            settings = engine.Settings(device=self.device, **choices.for_engine())  # type: ignore[arg-type]
            network = self._network(settings)
            painting = paint_fitted(fitted, settings, network, on_step)
        picture = to_rgb(painting.picture)
        notes = (*fitted.notes, *painting.notes)
        return Painted(picture, painting.seconds, painting.device, painting.network, network.sha256, notes)

    def _network(self, settings: "engine.Settings") -> "Network":
        from engine.network import load_network, pick_device

        if settings.features not in self._loaded:
            device = pick_device(settings.device)
            self._loaded[settings.features] = load_network(settings.features, device, self.networks)
        return self._loaded[settings.features]
