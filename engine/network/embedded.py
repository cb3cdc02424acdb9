"""VGG-16 up to conv4_1, as it travels inside the package; see engine/weights/README.md."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from engine.errors import ResourceError
from engine.network.digest import sha256_of
from engine.network.network import Architecture, Network

FILE = Path(__file__).parent.parent / "weights" / "vgg16_conv4_1_fp16.safetensors"
SHA256 = "25d378f5c881f71b22c48bc50af8c9345604c9dd29e0e61fe24ba242081044f2"

VGG16 = Architecture(
    blocks=(2, 2, 3, 1),
    mean=(123.68 / 255, 116.779 / 255, 103.939 / 255),
    scale=(255.0, 255.0, 255.0),
    bgr=True,
)


def load_embedded(device: torch.device, file: Path = FILE, sha256: str = SHA256) -> Network:
    """The network of the package's own weights on `device`.

    Raises ResourceError where the file is gone or is not the one of that SHA-256.
    """
    try:
        found = sha256_of(file)
        if found != sha256:
            raise ResourceError(
                f"{file.name} has SHA-256 {found[:16]}..., not {sha256[:16]}...: install the package again"
            )
        weights = load_file(file)
    except (OSError, SafetensorError) as error:
        raise ResourceError(f"the network's weights can't be read ({error}): install the package again") from error
    return Network("embedded", sha256, VGG16, {name: tensor.to(device) for name, tensor in weights.items()})
