"""`twobit map check`: what Twobit understands of a style map and a doodle, before anything is painted."""

from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from twobit import files, options
from twobit.errors import BadInputError
from twobit.options import PictureFiles
from twobit.settings import load_settings
from twobit.style_choice import map_names, with_style
from worker.contract.maps import MapReport, draw_preview, understand
from worker.contract.maps.words import share_text
from worker.contract.options import MapOptions


@click.command("check")
@click.option("--style", type=options.PATH, help="The painting, to see whether the map fits it; or a style's name.")
@click.option("--map", "style_map", type=options.PATH, help="The style's semantic map; a style's name brings its own.")
@click.option("--doodle", type=options.PATH, required=True, help="The doodle.")
@options.with_options(options.MAP_CHOICES)
@click.option("--data", type=options.PATH, help="Folder of added styles. [TWOBIT_DATA]")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option("--preview", type=options.PATH, help="Draw what was understood (PNG).")
def command(
    style: Path | None,
    style_map: Path | None,
    doodle: Path,
    data: Path | None,
    as_json: bool,
    preview: Path | None,
    **given: Any,
) -> None:
    """Tell which labels a map and a doodle have, and what keeps them from being painted (exit code 2)."""
    if preview is not None:
        files.check_writable(preview, "check.png", option="--preview")
    if style is None and style_map is None:
        raise BadInputError("--map is missing: name the style's semantic map, or a style by --style")
    paths = PictureFiles(style, style_map, doodle, out=doodle, content=None)  # nothing is written there
    if style is not None:
        paths = with_style(paths, load_settings(data=data))
    names, encoded = paths.named(), files.read_pictures(paths)
    understood = understand(
        encoded.get("style"),
        encoded["style_map"],
        encoded["doodle"],
        names=names,
        options=_map_options(given),
        label_names=map_names(paths, encoded),
    )
    if preview is not None:
        files.write_out(preview, draw_preview(understood), "--preview")
    report = understood.report
    if as_json:
        click.echo(report.model_dump_json(indent=2))
    else:
        show(report, Console(highlight=False))
    if len(report.problems) > 1:
        raise BadInputError(f"there are {len(report.problems)} problems, listed above: mend them and check again")
    if report.problems:
        raise BadInputError(report.problems[0].text)


def show(report: MapReport, console: Console) -> None:
    """The legend as a table with swatches where the terminal has colours, then what is wrong or doubtful.

    A single problem is left to the line on stderr that ends the command.
    """
    if report.legend:
        table = Table(box=None, pad_edge=False)
        for title, justify in (
            ("", "left"),
            ("label", "left"),
            ("colour", "left"),
            ("map", "right"),
            ("doodle", "right"),
        ):
            table.add_column(title, justify=justify)  # type: ignore[arg-type]
        for entry in report.legend:
            swatch = Text("    ", style=f"on {entry.colour}") if console.color_system else Text()
            name = Text(f"{entry.name}  (not in the style map)" if entry.problem else entry.name)
            shares = [share_text(share) if share else "-" for share in (entry.style, entry.doodle)]
            table.add_row(swatch, name, entry.colour, *shares, style="bold red" if entry.problem else "")
        console.print(table)
    elif report.ok:
        console.print(f"{report.channels} channels a pixel, kept as they are")
    problems = report.problems if len(report.problems) > 1 else ()
    for kind, findings in (("problem", problems), ("note", report.warnings)):
        for finding in findings:
            console.print(f"{kind}: {finding.text}", soft_wrap=True, markup=False)
    if report.ok:
        console.print("This can be painted.")


def _map_options(given: dict[str, Any]) -> MapOptions:
    """Raises BadInputError naming the option."""
    try:
        return MapOptions(mode=given["map_mode"], smooth=given["map_smooth"], fit=given["fit"])
    except ValidationError as error:
        raise options.bad_choice(error) from error
