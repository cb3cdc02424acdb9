"""`twobit paint`: the engine alone, in this process, no queue."""

import importlib.metadata
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twobit import files, options
from twobit.errors import BadInputError, CommandError, OutOfReachServiceError
from twobit.settings import load_settings
from twobit.show import Waiting, duration
from worker.contract import PaintOptions, PictureError
from worker.contract.fitting import Fitted, decode_fitting
from worker.contract.maps import map_size
from worker.contract.pictures import encode_png

if TYPE_CHECKING:
    import engine

EARLY = 0.15  # share of the work


@click.command("paint")
@options.with_options(options.PICTURES, options.CHOICES)
@click.option("--device", type=click.Choice(("auto", "cpu", "cuda")), default="auto", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the painting.")
@click.option("--data", type=options.PATH, help="Folder of downloaded networks. [TWOBIT_DATA]")
def command(device: str, as_json: bool, data: Path | None, **given: Any) -> None:
    """Paint a doodle in this process: no queue, no server."""
    began = time.monotonic()
    paths: options.PictureFiles = options.take(options.PictureFiles, given)
    choices: options.Choices = options.take(options.Choices, given)
    files.check_writable(paths.out)
    encoded = files.read_pictures(paths)
    names = paths.named()
    try:
        checked = choices.checked(map_size(encoded["doodle"], names["doodle"]))
        fitted = decode_fitting(encoded, checked, names)
    except PictureError as error:
        raise BadInputError(str(error)) from error
    networks = load_settings(data=data).networks
    with Waiting(silent=as_json) as waiting:
        painting, sha256 = _paint(fitted, checked, device, networks, waiting)
    report = _finish(painting, encoded, checked, sha256, paths.out)
    report["notes"] = [*fitted.notes, *painting.notes]
    report["total_seconds"] = round(time.monotonic() - began, 3)
    if as_json:
        click.echo(json.dumps(report))
        return
    for note in report["notes"]:
        click.echo(f"note: {note}", err=True)
    click.echo(f"{paths.out}  {report['width']}x{report['height']}, painted in {duration(painting.seconds)}")


def _paint(
    fitted: Fitted, choices: PaintOptions, device: str, networks: Path, waiting: Waiting
) -> "tuple[engine.Painting, str]":
    """The painting, and the SHA-256 of its network. Raises CommandError."""
    waiting.hint("loading the engine")
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise CommandError(f"The engine can't be loaded ({error}): `pip install 'twobit[paint]'`") from error
    import engine
    from engine.network import load_network, pick_device
    from worker.engine_painter import to_tensor

    def on_step(step: "engine.Step") -> None:
        # The first steps say little about the rest: warming up costs more than they do.
        rest = f", {duration(step.seconds * (1 - step.done) / step.done)} to go" if step.done > EARLY else ""
        waiting.share(step.done, f"octave {step.octave}/{step.octaves}{rest}")

    try:
        # Settings checks what the type checker can't know of a word from the command line.
        settings = engine.Settings(device=device, **choices.for_engine())  # type: ignore[arg-type]
        network = load_network(settings.network, pick_device(settings.device), networks)
        painting = engine.paint(
            to_tensor(fitted.style),
            to_tensor(fitted.style_map),
            to_tensor(fitted.doodle),
            settings,
            content=None if fitted.content is None else to_tensor(fitted.content),
            on_step=on_step,
            network=network,
        )
    except engine.InputError as error:
        raise BadInputError(str(error)) from error
    except engine.OfflineError as error:
        raise OutOfReachServiceError(str(error)) from error
    except engine.EngineError as error:
        raise CommandError(str(error)) from error
    return painting, network.sha256


def _finish(
    painting: "engine.Painting", encoded: dict[str, bytes], choices: PaintOptions, sha256: str, out: Path
) -> dict[str, Any]:
    """Write the file; returns the report of `--json`."""
    from worker.engine_painter import to_rgb
    from worker.painter import Pictures
    from worker.recipe import recipe_of

    picture = to_rgb(painting.picture)
    recipe = recipe_of(Pictures(**encoded), choices, sha256, importlib.metadata.version("twobit"))
    files.write_out(out, encode_png(picture, recipe))
    return {
        "out": str(out),
        "seconds": round(painting.seconds, 3),
        "width": picture.shape[1],
        "height": picture.shape[0],
        "method": choices.method,
        "preset": choices.preset,
        "seed": choices.seed,
        "network": painting.network,
        "device": painting.device,
        "recipe": recipe,
    }
