"""`twobit paint`: the engine alone, in this process, no queue."""

import importlib.metadata
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twobit import files, options
from twobit.easel import Easel, Painted
from twobit.errors import BadInputError
from twobit.settings import load_settings
from twobit.show import Waiting, duration
from twobit.style_choice import map_names, with_style
from worker.contract import PaintOptions, PictureError
from worker.contract.fitting import Fitted, decode_fitting
from worker.contract.maps import map_size
from worker.contract.pictures import encode_png
from worker.painter import Pictures
from worker.recipe import recipe_of

if TYPE_CHECKING:
    import engine

EARLY = 0.15  # share of the work


@click.command("paint")
@options.with_options(options.PICTURES, options.CHOICES)
@click.option("--device", type=click.Choice(("auto", "cpu", "cuda")), default="auto", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the painting.")
@click.option("--data", type=options.PATH, help="Folder of added styles and downloaded networks. [TWOBIT_DATA]")
def command(device: str, as_json: bool, data: Path | None, **given: Any) -> None:
    """Paint a doodle in this process: no queue, no server."""
    began = time.monotonic()
    settings = load_settings(data=data)
    paths = with_style(options.take(options.PictureFiles, given), settings)
    choices: options.Choices = options.take(options.Choices, given)
    files.check_writable(paths.out)
    encoded = files.read_pictures(paths)
    names = paths.named()
    try:
        checked = choices.checked(map_size(encoded["doodle"], names["doodle"]))
        fitted = decode_fitting(encoded, checked, names, map_names(paths, encoded))
    except PictureError as error:
        raise BadInputError(str(error)) from error
    with Waiting(silent=as_json) as waiting:
        painting = _paint(fitted, checked, device, settings.networks, waiting)
    report = _finish(painting, encoded, checked, paths.out)
    report["notes"] = [*painting.notes]
    report["total_seconds"] = round(time.monotonic() - began, 3)
    if as_json:
        click.echo(json.dumps(report))
        return
    for note in report["notes"]:
        click.echo(f"note: {note}", err=True)
    click.echo(f"{paths.out}  {report['width']}x{report['height']}, painted in {duration(painting.seconds)}")


def _paint(fitted: Fitted, choices: PaintOptions, device: str, networks: Path, waiting: Waiting) -> Painted:
    """The painting. Raises CommandError."""
    waiting.hint("loading the engine")

    def on_step(step: "engine.Step") -> None:
        # The first steps say little about the rest: warming up costs more than they do.
        rest = f", {duration(step.seconds * (1 - step.done) / step.done)} to go" if step.done > EARLY else ""
        waiting.share(step.done, f"octave {step.octave}/{step.octaves}{rest}")

    return Easel(device, networks).paint(fitted, choices, on_step)


def _finish(painting: Painted, encoded: dict[str, bytes], choices: PaintOptions, out: Path) -> dict[str, Any]:
    """Write the file; returns the report of `--json`."""
    picture = painting.picture
    release = importlib.metadata.version("twobit")
    recipe = recipe_of(Pictures(**encoded), choices, painting.network_sha256, release)
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
