"""`twobit map suggest`: a first map for a painting or a photograph, to be drawn over or edited."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twobit import files, options
from twobit.engine_room import engine_room
from twobit.errors import BadInputError
from twobit.settings import load_settings
from twobit.show import duration
from worker.contract import PictureError
from worker.contract.maps.named import NamedMap, clean, write_named
from worker.contract.maps.names import hex_of, unlike
from worker.contract.pictures import decode

if TYPE_CHECKING:
    import engine


@click.command("suggest")
@click.argument("picture", type=options.PATH)
@click.option("-o", "--out", type=options.PATH, required=True, help="Where to write the map (PNG).")
@click.option(
    "--labels", type=click.IntRange(2, 32), help="How many labels; else as many as the picture seems to have."
)
@click.option("--name", "names", multiple=True, help="Names of the labels, the largest first; may be repeated.")
@click.option(
    "--segmenter",
    type=click.Choice(("regions", "torchvision")),
    default="regions",
    show_default=True,
    help="torchvision: photographs, labels named by class; its weights are fetched once.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the map.")
@click.option("--data", type=options.PATH, help="Folder of downloaded networks. [TWOBIT_DATA]")
def command(
    picture: Path,
    out: Path,
    labels: int | None,
    names: tuple[str, ...],
    segmenter: str,
    as_json: bool,
    data: Path | None,
) -> None:
    """Suggest a semantic map for PICTURE: flat colours, one for each region."""
    files.check_writable(out)
    title = f"The picture {picture}"
    encoded = files.read_picture(picture, title)
    try:
        pixels = decode(encoded, title)
    except PictureError as error:
        raise BadInputError(str(error)) from error
    found, named = _annotate(pixels, labels, segmenter, load_settings(data=data).networks)
    named = _named(named, names)
    files.write_out(out, write_named(named))
    report = legend(named)
    if as_json:
        whole = {"out": str(out), "seconds": round(found.seconds, 3), "segmenter": found.segmenter, "labels": report}
        click.echo(json.dumps(whole, ensure_ascii=False))
        return
    show(report)
    click.echo(f"{out}  {pixels.shape[1]}x{pixels.shape[0]}, {found.count} labels in {duration(found.seconds)}")


def _annotate(pixels: Any, labels: int | None, segmenter: str, networks: Path) -> "tuple[engine.Suggestion, NamedMap]":
    with engine_room():
        import engine
        from worker.engine_painter import to_named, to_tensor

        found = engine.annotate(to_tensor(pixels), labels, segmenter=segmenter, cache_dir=networks)
        return found, to_named(found)


def _named(named: NamedMap, names: tuple[str, ...]) -> NamedMap:
    """The labels called as --name says, in their order. Raises BadInputError."""
    count = len(named.names)
    if len(names) > count:
        raise BadInputError(f"--name is given {len(names)} times and the map has {count} labels: leave some out")
    given = [clean(name) for name in names]
    if not all(given) or len({name.casefold() for name in given}) < len(given):
        raise BadInputError("--name: give each label a name of its own")
    return NamedMap(named.labels, named.colours, unlike([*given, *named.names[len(given) :]]))


def legend(named: NamedMap) -> list[dict[str, Any]]:
    """Name, colour and share of each label."""
    rows = zip(named.names, named.colours, named.shares(), strict=True)
    return [{"name": name, "colour": hex_of(colour), "share": round(share, 4)} for name, colour, share in rows]


def show(report: list[dict[str, Any]]) -> None:
    """The legend, for people."""
    for row in report:
        click.echo(f"  {row['colour']}  {row['share']:6.1%}  {row['name']}")
