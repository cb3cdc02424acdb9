"""torchvision's LR-ASPP on MobileNetV3 (COCO with VOC's 21 classes), fetched once: things in photographs, by name.

torchvision itself is loaded only when asked for.
"""

import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, hub, nn
from torch.nn import functional

from engine.annotate.edges import to_edges
from engine.annotate.reduce import reduced
from engine.errors import InputError, ResourceError
from engine.network.digest import sha256_of
from engine.network.fetch import fetch

PRESENT = 0.005  # share of the pixels from which a class is a label
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, as its recipe says
WAY_OUT = "leave --segmenter torchvision out"


@dataclass(frozen=True, slots=True)
class Segmenter:
    """A network that tells things apart, and what it calls them."""

    model: nn.Module = field(repr=False)
    classes: tuple[str, ...]


def load_segmenter(cache_dir: Path | None = None) -> Segmenter:
    """The segmenter, its file looked for in `cache_dir` (None: torchvision's own folder), fetched there if missing.

    Raises ResourceError; offline, OfflineError.
    """
    try:
        from torchvision.models.segmentation import LRASPP_MobileNet_V3_Large_Weights as Weights
    except (ImportError, RuntimeError) as error:
        raise ResourceError(f"segmenter torchvision needs torchvision: install it, or {WAY_OUT}") from error
    weights = Weights.COCO_WITH_VOC_LABELS_V1
    url = str(weights.url)
    file = (cache_dir or Path(hub.get_dir()) / "checkpoints") / url.rsplit("/", 1)[-1]
    # The publisher puts the first digits of the SHA-256 into the name: <model>-<digits>.pth
    prefix = file.stem.rsplit("-", 1)[-1]
    if not file.exists():
        fetch(url, file, prefix, "the segmenter's weights", WAY_OUT)
    names = ("background" if name.startswith("__") else name for name in weights.meta["categories"])
    return read_segmenter(file, prefix, tuple(names))


def read_segmenter(file: Path, prefix: str, classes: tuple[str, ...]) -> Segmenter:
    """The segmenter in torchvision's state dict at `file`, whose SHA-256 must begin with `prefix`."""
    from torchvision.models.segmentation import lraspp_mobilenet_v3_large

    try:
        digest = sha256_of(file)
        if not digest.startswith(prefix):
            raise ResourceError(
                f"{file} has SHA-256 {digest[:16]}..., not {prefix}...: delete it and it is fetched again"
            )
        state: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
        model: nn.Module = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=len(classes))
        model.load_state_dict(state)
    except (OSError, EOFError, RuntimeError, TypeError, AttributeError, pickle.UnpicklingError) as error:
        reason = (str(error).splitlines() or ["it ends too early"])[0]
        raise ResourceError(
            f"{file} is no LR-ASPP of torchvision ({reason}): delete it and it is fetched again"
        ) from error
    return Segmenter(model.eval(), classes)


def classes_of(segmenter: Segmenter, picture: Tensor, labels: int | None) -> tuple[Tensor, tuple[str, ...]]:
    """(H, W) int64 label of each pixel of (1, 3, H, W) and the labels' names; the `labels` largest classes at most.

    Raises InputError where there is one class only.
    """
    small = reduced(picture)
    mean, deviation = (small.new_tensor(values).view(1, 3, 1, 1) for values in (MEAN, DEVIATION))
    with torch.no_grad():
        belief = segmenter.model((small - mean) / deviation)["out"]
    belief = functional.interpolate(belief, size=small.shape[-2:], mode="bilinear")[0]
    sizes = torch.bincount(belief.argmax(0).flatten(), minlength=len(segmenter.classes))
    largest = torch.argsort(sizes, descending=True, stable=True)[:labels]
    kept = [k for k in largest.tolist() if sizes[k] >= PRESENT * sizes.sum()]
    if len(kept) < 2:
        raise InputError(
            f"the segmenter sees nothing but {segmenter.classes[kept[0]]} in this picture: "
            f"{WAY_OUT}, and regions are found instead"
        )
    label = to_edges(belief[kept].argmax(0), len(kept), small, picture)
    return label, tuple(segmenter.classes[k] for k in kept)
