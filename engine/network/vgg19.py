"""torchvision's VGG-19 (IMAGENET1K_V1), fetched once; torchvision itself is loaded only when asked for."""

import pickle
from pathlib import Path

import torch
from torch import Tensor, hub

from engine.errors import ResourceError
from engine.network.digest import sha256_of
from engine.network.fetch import fetch
from engine.network.network import Architecture, Network

VGG19 = Architecture(
    blocks=(2, 2, 4, 1),
    mean=(0.485, 0.456, 0.406),
    scale=(1 / 0.229, 1 / 0.224, 1 / 0.225),
    bgr=False,
)
# Where torchvision numbers those convolutions inside its `features`.
POSITIONS = (0, 2, 5, 7, 10, 12, 14, 16, 19)


def load_vgg19(device: torch.device, cache_dir: Path | None = None) -> Network:
    """VGG-19 up to conv4_1 on `device`, its file looked for in `cache_dir` and fetched there if missing.

    cache_dir  None: where torchvision itself keeps its files. Raises ResourceError; offline, OfflineError.
    """
    try:
        from torchvision.models import VGG19_Weights
    except ImportError as error:
        raise ResourceError("network vgg19 needs torchvision: install it, or choose embedded") from error
    url = str(VGG19_Weights.IMAGENET1K_V1.url)
    name = url.rsplit("/", 1)[-1]
    file = (cache_dir or Path(hub.get_dir()) / "checkpoints") / name
    # The publisher puts the first digits of the SHA-256 into the name: vgg19-<digits>.pth
    prefix = name.removesuffix(".pth").rsplit("-", 1)[-1]
    if not file.exists():
        fetch(url, file, prefix, "VGG-19", "choose network embedded")
    return read_vgg19(file, prefix, device)


def read_vgg19(file: Path, prefix: str, device: torch.device) -> Network:
    """The network in torchvision's state dict at `file`, whose SHA-256 must begin with `prefix`."""
    try:
        digest = sha256_of(file)
        if not digest.startswith(prefix):
            raise ResourceError(
                f"{file} has SHA-256 {digest[:16]}..., not {prefix}...: delete it and it is fetched again"
            )
        state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
        weights = {
            f"{layer}.{part}": state[f"features.{position}.{part}"].to(device)
            for layer, position in zip(VGG19.convolutions, POSITIONS, strict=True)
            for part in ("weight", "bias")
        }
    except (OSError, RuntimeError, KeyError, pickle.UnpicklingError) as error:
        raise ResourceError(
            f"{file} is no VGG-19 of torchvision ({error}): delete it and it is fetched again"
        ) from error
    return Network("vgg19", digest, VGG19, weights)
