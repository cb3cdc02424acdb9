"""One network per name and device in a process: loading costs more than a small painting."""

from functools import lru_cache
from pathlib import Path

import torch

from engine.errors import InputError
from engine.network.embedded import load_embedded
from engine.network.network import Network


def load_network(name: str, device: torch.device, cache_dir: Path | None = None) -> Network:
    """The network of `name` ("embedded" or "vgg19") on `device`, the same object each time.

    cache_dir  folder for vgg19's file; None: `twobit` in the person's own cache folder. Raises ResourceError.
    """
    if name not in ("embedded", "vgg19"):
        raise InputError(f"network is {name!r}: choose one of embedded, vgg19")
    return _load(name, str(device), cache_dir)


@lru_cache(maxsize=4)
def _load(name: str, device: str, cache_dir: Path | None) -> Network:
    if name == "embedded":
        return load_embedded(torch.device(device))
    from engine.network.vgg19 import load_vgg19  # torchvision comes with it

    return load_vgg19(torch.device(device), cache_dir)
