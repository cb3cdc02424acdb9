"""The real engine's painter on a device whose memory, or which itself, fails when the job's seed says so."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import engine
from worker.child import start
from worker.engine_painter import EnginePainter

COMMAND = (sys.executable, "-P", __file__)
WELL, SHORT_ONCE, SHORT, BROKEN = range(4)


def make(_networks: Path | None) -> EnginePainter:
    """For worker.child.start."""
    import torch

    door: Any = import_module("engine.paint")
    find = door.find_method

    def find_method(settings: engine.Settings) -> Any:
        whole = find(settings)

        def failing(request: Any, network: Any, on_step: Any) -> Any:
            if settings.seed == SHORT or (settings.seed == SHORT_ONCE and request.thrift == 1):
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
            if settings.seed == BROKEN:
                raise RuntimeError("CUDA error: an illegal memory access was encountered")
            return whole(request, network, on_step)

        return failing

    door.find_method = find_method
    return EnginePainter()


if __name__ == "__main__":
    start(make)
