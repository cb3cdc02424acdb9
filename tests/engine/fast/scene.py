"""A small picture of three textures with its map, and a doodle unlike it."""

import pytest
import torch
from torch import Tensor

from engine.fast import seams, trial, vote
from engine.request import Request
from engine.settings import Settings

SKY, HILL, SEA = (1.0, 1.0, 1.0), (1.0, 0.2, 0.1), (0.0, 0.0, 1.0)


def paint_style(height: int = 96, width: int = 128) -> tuple[Tensor, Tensor]:
    """Style (1, 3, H, W) and map: pale sky with clouds, a brown speckled hill, a sea of dark waves."""
    random = torch.Generator().manual_seed(3)
    down = torch.linspace(0, 1, height)[:, None].expand(height, width)
    across = torch.linspace(0, 1, width).expand(height, width)
    hill = (across - 0.6).abs() * 1.5 + 0.2 < down
    sea = down > 0.65
    waves = 0.15 * torch.sin(down * 90 + 3 * torch.sin(across * 25))
    speckle = torch.rand(height, width, generator=random)
    cloud = 0.1 * torch.sin(across * 13 + down * 7)
    sky_colour = torch.stack([0.5 + 0.3 * down + cloud, 0.6 + 0.2 * down + cloud, 0.9 - 0.2 * down])
    hill_colour = torch.stack([0.5 * speckle + 0.2, 0.3 * speckle + 0.15, 0.15 * speckle + 0.05])
    sea_colour = torch.stack([0.1 + waves, 0.3 + waves, 0.4 + waves])
    style = torch.where(sea, sea_colour, torch.where(hill, hill_colour, sky_colour)).clamp(0, 1)
    return style[None], colour_map(hill, sea)


def draw_doodle(height: int = 80, width: int = 112) -> Tensor:
    """(1, 3, H, W): two hills over a lower sea."""
    down = torch.linspace(0, 1, height)[:, None].expand(height, width)
    across = torch.linspace(0, 1, width).expand(height, width)
    hill = ((across - 0.25).abs() < 0.12) & (down > 0.3) | ((across - 0.75).abs() * 2 + 0.1 < down)
    return colour_map(hill, down > 0.75)


def colour_map(hill: Tensor, sea: Tensor) -> Tensor:
    """(1, 3, H, W) map in the three colours."""
    colours = torch.tensor([SKY, HILL, SEA])
    return colours[torch.where(sea, 2, torch.where(hill, 1, 0))].permute(2, 0, 1)[None].contiguous()


def make_request(settings: Settings | None = None, content: Tensor | None = None) -> Request:
    """The scene as the door would hand it over."""
    style, style_map = paint_style()
    return Request(
        style=style,
        style_map=style_map,
        target_map=draw_doodle(),
        content=content,
        settings=settings or Settings(),
    )


def in_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """No compiled loop from here on, as on a device that has none."""
    for module in (trial, vote, seams):
        monkeypatch.setattr(module, "is_compiled", lambda _: False)
