"""`twobit grid`: the same doodle under many settings, on one labelled sheet (the paper's Figure 5)."""

import itertools
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twobit import files, options
from twobit.contact_sheet import Sheet, lay_out
from twobit.easel import Easel
from twobit.errors import BadInputError
from twobit.settings import load_settings
from twobit.show import Waiting, duration
from twobit.style_choice import map_names, with_style
from worker.contract import PaintOptions, PictureError
from worker.contract.fitting import Fitted, decode_fitting
from worker.contract.maps import map_size
from worker.contract.pictures import encode_png

if TYPE_CHECKING:
    import engine

MOST = 64  # paintings on one sheet
AXES = {"beta": "0,10,50,250", "gamma": "0,10,50,250", "alpha": "0,10,100", "seed": "1,2,3"}
NAMES = {"style": "style", "style_map": "map", "doodle": "doodle", "content": "content"}
LISTS = tuple(
    click.option(
        f"--{name}",
        default=str(getattr(options.DEFAULTS, name)).removesuffix(".0"),
        show_default=True,
        help=f"One value or several, like {example}.",
    )
    for name, example in AXES.items()
)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Which choice varies along which side; `columns` and `rows` hold the values by name."""

    columns: tuple[dict[str, str], ...]
    rows: tuple[dict[str, str], ...]

    @property
    def count(self) -> int:
        """How many paintings."""
        return len(self.columns) * len(self.rows)


@click.command("grid")
@options.with_options(options.PICTURES, options.MANNER, LISTS, options.MAP_CHOICES)
@click.option("--device", type=click.Choice(("auto", "cpu", "cuda")), default="auto", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the sheet.")
@click.option("--data", type=options.PATH, help="Folder of added styles and downloaded networks. [TWOBIT_DATA]")
def command(device: str, as_json: bool, data: Path | None, **given: Any) -> None:
    """Paint a doodle with every combination of the values given, onto one sheet."""
    began = time.monotonic()
    settings = load_settings(data=data)
    paths = with_style(options.take(options.PictureFiles, given), settings)
    files.check_writable(paths.out)
    sweep = sweep_of({name: given.pop(name) for name in AXES})
    encoded, names = files.read_pictures(paths), paths.named()
    try:
        doodle = map_size(encoded["doodle"], names["doodle"])
        choices = [[chosen(given, {**row, **column}).checked(doodle) for column in sweep.columns] for row in sweep.rows]
        fitted = decode_fitting(encoded, choices[0][0], names, map_names(paths, encoded))
    except PictureError as error:
        raise BadInputError(str(error)) from error
    with Waiting(silent=as_json) as waiting:
        sheet = paint_all(sweep, choices, fitted, Easel(device, settings.networks), waiting)
    files.write_out(paths.out, encode_png(sheet.pixels()))
    seconds = time.monotonic() - began
    if as_json:
        report = {"out": str(paths.out), "columns": sweep.columns, "rows": sweep.rows, "seconds": round(seconds, 3)}
        click.echo(
            json.dumps({**report, "notes": fitted.notes, "width": sheet.image.width, "height": sheet.image.height})
        )
        return
    for note in fitted.notes:
        click.echo(f"note: {note}", err=True)
    size = f"{sheet.image.width}x{sheet.image.height}"
    click.echo(f"{paths.out}  {size}, {sweep.count} paintings in {duration(seconds)}")


def sweep_of(given: dict[str, str]) -> Sweep:
    """From lists by name: the first with several values makes the columns, the rest the rows. Raises BadInputError."""
    values = {name: values_of(name, text) for name, text in given.items()}
    several = [name for name in AXES if len(values[name]) > 1] or ["beta"]
    across, down = several[0], [name for name in AXES if name != several[0]]
    shown = several[1:] or ["gamma" if across != "gamma" else "beta"]
    rows = [dict(zip(down, row, strict=True)) for row in itertools.product(*(values[name] for name in down))]
    sweep = Sweep(tuple({across: value} for value in values[across]), tuple(rows))
    if sweep.count > MOST:
        counts = " x ".join(str(len(values[name])) for name in several)
        raise BadInputError(f"{counts} values are {sweep.count} paintings and {MOST} are taken: give fewer values")
    ordered = [{name: row[name] for name in (*shown, *(n for n in down if n not in shown))} for row in rows]
    return Sweep(sweep.columns, tuple(ordered))


def values_of(name: str, text: str) -> list[str]:
    """The values in a list like `0,10,50`, checked to be numbers. Raises BadInputError."""
    parts = [part.strip() for part in text.split(",")]
    try:
        for part in parts:
            _ = int(part) if name == "seed" else float(part)
    except ValueError:
        raise BadInputError(f"--{name} is {text[:60]!r}: give numbers with commas between, like {AXES[name]}") from None
    if len(set(parts)) < len(parts):
        raise BadInputError(f"--{name} is {text[:60]!r}: the same value stands there twice")
    return parts


def chosen(manner: dict[str, Any], values: dict[str, str]) -> options.Choices:
    """One cell's choices."""
    numbers = {name: int(value) if name == "seed" else float(value) for name, value in values.items()}
    return options.Choices(**manner, **numbers)  # type: ignore[arg-type]  # the seed alone is an int


def paint_all(sweep: Sweep, choices: list[list[PaintOptions]], fitted: Fitted, easel: Easel, waiting: Waiting) -> Sheet:
    """Every painting at its place. Raises CommandError."""
    first = choices[0][0]
    height, width = fitted.doodle.shape[:2]
    fixed = [name for name in sweep.rows[0] if len({row[name] for row in sweep.rows}) == 1]
    named = [name for name in sweep.rows[0] if name not in fixed] or ["gamma" if "gamma" in fixed else "beta"]
    unshown = ", ".join(f"{name} {sweep.rows[0][name]}" for name in fixed if name not in named)
    sheet = lay_out(
        tuple(f"{name} {value}" for column in sweep.columns for name, value in column.items()),
        tuple("\n".join(f"{name} {row[name]}" for name in named) for row in sweep.rows),
        (first.width or width, first.height or height),
        {NAMES[role]: picture for role, picture in fitted.pictures().items()},
        f"method {first.method}, preset {first.preset}, {unshown}",
    )
    waiting.hint("loading the engine")
    for place, (row, column) in enumerate(itertools.product(range(len(sweep.rows)), range(len(sweep.columns)))):

        def on_step(step: "engine.Step", place: int = place) -> None:
            waiting.share((place + step.done) / sweep.count, f"painting {place + 1} of {sweep.count}")

        sheet.put(row, column, easel.paint(fitted, choices[row][column], on_step).picture)
        waiting.share((place + 1) / sweep.count, f"{place + 1} of {sweep.count} painted")
    return sheet
