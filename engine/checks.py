"""Refuse what can't be painted before any dear work, with the numbers and the way out."""

import torch
from torch import Tensor
from torch.nn import functional

from engine.errors import InputError
from engine.maps import refuse_strangers
from engine.request import Request
from engine.settings import MAX_PIXELS, MIN_SIDE, Settings

CELL = 8  # px to each position of conv4_1
TOO_LARGE = 1e38  # the difference of two such values is beyond float32
ASPECT_TOLERANCE = 0.02  # a map drawn on a screenshot is off by a pixel or two; more is another picture


def check_inputs(
    style: Tensor, style_map: Tensor, target_map: Tensor, settings: Settings, content: Tensor | None = None
) -> tuple[int, int]:
    """Height and width of the painting, once all is found in order; shapes as in `engine.paint`.

    Raises InputError for a wrong shape or type, a side below MIN_SIDE, more than MAX_PIXELS, NaN or Inf,
    a picture outside [0, 1], M that differs, and an aspect off by more than 2 %. Labels are not its business.
    """
    check_picture("style", style)
    check_map("style map", style_map)
    check_map("doodle", target_map)
    if style_map.shape[1] != target_map.shape[1]:
        raise InputError(
            f"the style map has {style_map.shape[1]} channels and the doodle {target_map.shape[1]}: "
            "draw both in the same colours and save both the same way"
        )
    check_aspect("style map", size_of(style_map), "style", size_of(style))
    size = output_size(target_map, settings)
    check_aspect("painting asked for", size, "doodle", size_of(target_map))
    if content is not None:
        check_picture("content", content)
        check_aspect("content", size_of(content), "doodle", size_of(target_map))
    return size


def make_request(
    style: Tensor,
    style_map: Tensor,
    target_map: Tensor,
    settings: Settings,
    device: torch.device,
    content: Tensor | None = None,
) -> Request:
    """The inputs of `engine.paint`, checked, on `device`, the maps resized nearest. Raises InputError."""
    height, width = check_inputs(style, style_map, target_map, settings, content)
    request = Request(
        style=place(style, device),
        style_map=resize_map(place(style_map, device), size_of(style)),
        target_map=resize_map(place(target_map, device), (height, width)),
        content=None if content is None else resize_picture(place(content, device), (height, width)),
        settings=settings,
    )
    check_work(request)
    # `fast` makes labels of the maps in any case, and refuses what it can't place; `mrf` looks at no map
    if settings.method in ("paper", "gram") and settings.gamma > 0 and settings.beta > 0:
        refuse_strangers(request.style_map, request.target_map)
    return request


def check_work(request: Request) -> None:
    """Raise InputError where a method has nothing to do, or not one patch to compare."""
    settings = request.settings
    if settings.method == "fast":
        return
    if settings.beta == 0 and (request.content is None or settings.alpha == 0):
        raise InputError("beta 0 leaves the style out, and there is no content instead: give one, or raise beta")
    least = CELL * settings.patch
    for name, size in (("style", size_of(request.style)), ("painting", request.size)):
        if settings.method != "gram" and min(size) < least:
            raise InputError(
                f"the {name} is {size[1]}x{size[0]} px: patches of {settings.patch} need {least} px a side, "
                "so make it larger or the patches smaller"
            )


def output_size(target_map: Tensor, settings: Settings) -> tuple[int, int]:
    """Height and width of the painting: the settings', else the target map's. Raises InputError."""
    if settings.height is None or settings.width is None:
        return size_of(target_map)
    check_pixels("painting asked for", settings.height, settings.width)
    return settings.height, settings.width


def check_picture(name: str, picture: Tensor) -> None:
    """Raise InputError unless `picture` is (1, 3, H, W) float in [0, 1] of a size that can be painted."""
    check_tensor(name, picture)
    if picture.shape[1] != 3:
        raise InputError(f"the {name} has {picture.shape[1]} channels: give it as RGB, 3 channels")
    low, high = picture.min().item(), picture.max().item()
    if low < 0 or high > 1:
        raise InputError(f"the {name} has values from {low:.4g} to {high:.4g}: scale it to 0..1")


def check_map(name: str, semantic_map: Tensor) -> None:
    """Raise InputError unless `semantic_map` is (1, M, H, W) float, M >= 1, of a size that can be painted."""
    check_tensor(name, semantic_map)
    if semantic_map.shape[1] < 1:
        raise InputError(f"the {name} has no channels: give at least one")


def check_tensor(name: str, tensor: Tensor) -> None:
    """Raise InputError unless `tensor` is (1, C, H, W), float, finite, not too small and not too large."""
    if tensor.ndim != 4 or tensor.shape[0] != 1:
        raise InputError(
            f"the {name} has shape {tuple(tensor.shape)}: give one picture as (1, channels, height, width)"
        )
    if not tensor.is_floating_point():
        raise InputError(f"the {name} is of type {tensor.dtype}: give it as float32")
    height, width = size_of(tensor)
    if min(height, width) < MIN_SIDE:
        raise InputError(f"the {name} is {width}x{height} px: make each side at least {MIN_SIDE} px")
    check_pixels(name, height, width)
    finite = tensor.float().abs() < TOO_LARGE  # false for NaN; float32, as it will be painted from, has no 1e39
    if not finite.all().item():
        bad = int((~finite).sum().item())
        raise InputError(f"the {name} has {bad} values that are NaN, Inf or too large: mend the file it came from")


def check_pixels(name: str, height: int, width: int) -> None:
    """Raise InputError above MAX_PIXELS."""
    if height * width > MAX_PIXELS:
        raise InputError(
            f"the {name} is {width}x{height} px, {height * width / 1e6:.1f} megapixels: "
            f"make it at most {MAX_PIXELS / 1e6:.1f} megapixels"
        )


def check_aspect(name: str, size: tuple[int, int], of: str, wanted: tuple[int, int]) -> None:
    """Raise InputError where two (height, width) differ in aspect by more than ASPECT_TOLERANCE."""
    off = size[1] * wanted[0] / (size[0] * wanted[1])
    off = max(off, 1 / off) - 1
    if off > ASPECT_TOLERANCE:
        raise InputError(
            f"the {name} is {size[1]}x{size[0]} px and the {of} {wanted[1]}x{wanted[0]} px, "
            f"{off:.1%} apart in aspect: bring them within {ASPECT_TOLERANCE:.0%}"
        )


def size_of(tensor: Tensor) -> tuple[int, int]:
    """Height and width of a (1, C, H, W) tensor."""
    return tensor.shape[-2], tensor.shape[-1]


def place(tensor: Tensor, device: torch.device) -> Tensor:
    """A detached, contiguous float32 copy or view of `tensor` on `device`."""
    return tensor.detach().to(device=device, dtype=torch.float32).contiguous()


def resize_map(semantic_map: Tensor, size: tuple[int, int]) -> Tensor:
    """(1, M, H, W) resized nearest, so that no colour appears that nobody drew."""
    if size_of(semantic_map) == size:
        return semantic_map
    return functional.interpolate(semantic_map, size=size, mode="nearest-exact")


def resize_picture(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """(1, 3, H, W) in [0, 1] resized with antialiasing."""
    if size_of(picture) == size:
        return picture
    resized = functional.interpolate(picture, size=size, mode="bilinear", antialias=True)
    return resized.clamp(0, 1)
