"""The engine as a painter: decodes, paints, encodes."""

import importlib.metadata
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch

import engine
from engine.network import Network, load_network, pick_device
from engine.settings import Device
from worker.contract import Job, PaintOptions, PictureError, SuggestJob
from worker.contract.fitting import Fitted, decode_fitting
from worker.contract.maps.named import NamedMap, write_named
from worker.contract.maps.names import placed_names, unlike
from worker.contract.maps.semantic_map import Values
from worker.contract.pictures import Rgb, decode, encode_png, encode_preview
from worker.contract.preview import METHOD, paint_preview
from worker.painter import DeviceMemory, Painted, PaintingFailed, Pictures, Progress, Subject
from worker.recipe import recipe_of

FIRST_PREVIEW = 1.0  # seconds: a painting that is there sooner needs none
PREVIEW_EVERY = 1.0
WARM_SIDE = 64  # px of a painting that nobody sees


class EnginePainter:
    """Keeps the network loaded between jobs."""

    def __init__(self, device: Device = "auto", cache_dir: Path | None = None) -> None:
        """Load the embedded network and the compiled loops at once, so that the first job is as fast as the next."""
        self.device: Device = device
        self.cache_dir = cache_dir
        network = load_network("embedded", pick_device(device), cache_dir)
        grey, label = torch.full((1, 3, WARM_SIDE, WARM_SIDE), 0.5), torch.zeros(1, 3, WARM_SIDE, WARM_SIDE)
        engine.paint(grey, label, label, engine.Settings(device=device, preset="draft"), network=network)

    def paint(self, job: Job, pictures: Pictures, on_progress: Callable[[Progress], None]) -> Painted:
        """See worker.painter.Painter."""

        if job.options.method == METHOD:
            return paint_at_once(job.options, pictures, job.label_names)
        _forget_peak()
        shown = FIRST_PREVIEW - PREVIEW_EVERY

        def on_step(step: engine.Step) -> None:
            nonlocal shown
            preview = None
            if step.preview is not None and step.done < 1 and step.seconds - shown >= PREVIEW_EVERY:
                shown = step.seconds
                preview = encode_preview(step.preview.permute(1, 2, 0).numpy())
            on_progress(
                Progress(step.octave, step.octaves, step.iteration, step.iterations, step.done, step.seconds, preview)
            )

        try:
            settings = engine.Settings(device=self.device, **job.options.for_engine())
            network = load_network(settings.features, pick_device(settings.device), self.cache_dir)
            fitted = decode_fitting(pictures.by_role(), job.options, label_names=job.label_names)
            painting = paint_fitted(fitted, settings, network, on_step)
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
            notes=(*fitted.notes, *painting.notes),
            memory=device_memory(),
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
        return Painted(png=write_named(to_named(found)), width=width, height=height, seconds=found.seconds)


def device_memory() -> DeviceMemory | None:
    """What the GPU's memory was used for since the last job began; None where no GPU was used."""
    if not torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        return None
    _, total = torch.cuda.mem_get_info()
    return DeviceMemory(torch.cuda.max_memory_allocated(), torch.cuda.memory_reserved(), total)


def _forget_peak() -> None:
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.reset_peak_memory_stats()


def paint_fitted(
    fitted: Fitted, settings: engine.Settings, network: Network, on_step: engine.OnStep | None
) -> engine.Painting:
    """What the engine makes of pictures that were read and brought to fit. Raises engine.EngineError."""
    return engine.paint(
        to_tensor(fitted.style),
        to_tensor(fitted.style_map),
        to_tensor(fitted.doodle),
        settings,
        content=None if fitted.content is None else to_tensor(fitted.content),
        on_step=on_step,
        network=network,
    )


def to_named(found: engine.Suggestion) -> NamedMap:
    """A suggestion as the map that travels: labels called by class, else by place and colour, to be renamed."""
    colours = found.palette.numpy()
    names = unlike(found.classes) if found.classes else placed_names(colours, found.places)
    return NamedMap(found.labels.numpy(), colours, names)


def paint_at_once(options: PaintOptions, pictures: Pictures, label_names: Mapping[str, str] | None = None) -> Painted:
    """Method `colour`, for which the engine is not asked. Raises PaintingFailed."""
    began = time.perf_counter()
    try:
        fitted = decode_fitting(pictures.by_role(), options, label_names=label_names)
    except PictureError as error:
        raise PaintingFailed("input", str(error)) from error
    picture = paint_preview(fitted, options)
    return Painted(
        png=encode_png(picture, recipe_of(pictures, options, None, importlib.metadata.version("twobit"))),
        width=picture.shape[1],
        height=picture.shape[0],
        seconds=time.perf_counter() - began,
        notes=fitted.notes,
    )


def to_tensor(picture: Values) -> torch.Tensor:
    """(H, W, M) to (1, M, H, W) float32: uint8 in [0, 1], floats as they are."""
    # Planes first while the pixels are still bytes: the floats are then contiguous, which the engine wants anyway.
    planes = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))).unsqueeze(0)
    return planes.float().div_(255) if planes.dtype == torch.uint8 else planes


def to_rgb(picture: torch.Tensor) -> Rgb:
    """(1, 3, H, W) float in [0, 1] to (H, W, 3) uint8, rounded."""
    pixels: Rgb = picture[0].clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).contiguous().cpu().numpy()
    return np.ascontiguousarray(pixels)
