"""The engine as a painter: decodes, paints, encodes."""

import importlib.metadata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

import engine
from engine.network import load_network, pick_device
from engine.settings import Device
from worker.contract import Job, PictureError, SuggestJob
from worker.contract.maps.names import NamedMap, write_map
from worker.contract.pictures import Rgb, decode, encode_png
from worker.painter import Painted, PaintingFailed, Pictures, Progress, Subject
from worker.recipe import recipe_of


class EnginePainter:
    """Keeps the network loaded between jobs."""

    def __init__(self, device: Device = "auto", cache_dir: Path | None = None) -> None:
        """Load the embedded network at once, so that the first job is as fast as the next."""
        self.device: Device = device
        self.cache_dir = cache_dir
        load_network("embedded", pick_device(device), cache_dir)

    def paint(self, job: Job, pictures: Pictures, on_progress: Callable[[Progress], None]) -> Painted:
        """See worker.painter.Painter."""

        def on_step(step: engine.Step) -> None:
            on_progress(Progress(step.octave, step.octaves, step.iteration, step.iterations, step.done, step.seconds))

        try:
            settings = engine.Settings(device=self.device, **job.options.model_dump())
            network = load_network(settings.network, pick_device(settings.device), self.cache_dir)
            painting = engine.paint(
                to_tensor(decode(pictures.style, "The style")),
                to_tensor(decode(pictures.style_map, "The style map")),
                to_tensor(decode(pictures.doodle, "The doodle")),
                settings,
                content=None if pictures.content is None else to_tensor(decode(pictures.content, "The content")),
                on_step=on_step,
                network=network,
            )
        except (engine.InputError, PictureError) as error:
            raise PaintingFailed("input", str(error)) from error
        except engine.NumericalError as error:
            raise PaintingFailed("input", str(error)) from error
        except engine.ResourceError as error:
            raise PaintingFailed("resource", str(error)) from error
        picture = to_rgb(painting.picture)
        recipe = recipe_of(pictures, job.options, network.sha256, importlib.metadata.version("twobit"))
        return Painted(
            png=encode_png(picture, recipe),
            width=picture.shape[1],
            height=picture.shape[0],
            seconds=painting.seconds,
            notes=painting.notes,
        )

    def suggest(self, job: SuggestJob, subject: Subject) -> Painted:
        """See worker.painter.Painter."""
        try:
            found = engine.annotate(to_tensor(decode(subject.picture, "The picture")), job.options.labels)
        except (engine.InputError, PictureError) as error:
            raise PaintingFailed("input", str(error)) from error
        except engine.ResourceError as error:
            raise PaintingFailed("resource", str(error)) from error
        height, width = found.labels.shape
        return Painted(png=write_map(to_named(found)), width=width, height=height, seconds=found.seconds)


def to_named(found: engine.Suggestion) -> NamedMap:
    """A suggestion as the map that travels."""
    return NamedMap(found.labels.numpy(), found.palette.numpy(), found.names)


def to_tensor(picture: Rgb) -> torch.Tensor:
    """(H, W, 3) uint8 to (1, 3, H, W) float32 in [0, 1]."""
    # Planes first while the pixels are still bytes: the floats are then contiguous, which the engine wants anyway.
    planes = np.ascontiguousarray(picture.transpose(2, 0, 1))
    return torch.from_numpy(planes).unsqueeze(0).float().div_(255)


def to_rgb(picture: torch.Tensor) -> Rgb:
    """(1, 3, H, W) float in [0, 1] to (H, W, 3) uint8, rounded."""
    pixels: Rgb = picture[0].clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).contiguous().cpu().numpy()
    return np.ascontiguousarray(pixels)
