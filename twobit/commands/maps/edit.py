"""`twobit map edit`: merge, split and rename the labels of a map, and recolour it into a style's labels."""

import dataclasses
import json
from pathlib import Path

import click
import numpy as np

from bot.styles import Shelf, StyleError
from twobit import files, options
from twobit.commands.maps.suggest import legend, show
from twobit.engine_room import engine_room
from twobit.errors import BadInputError
from twobit.settings import load_settings
from twobit.style_choice import label_names
from worker.contract import PictureError
from worker.contract.maps import edit
from worker.contract.maps.align import label_names as called
from worker.contract.maps.named import NamedMap, read_named, write_named
from worker.contract.maps.restyle import Assignment, restyle
from worker.contract.pictures import Rgb, decode

HOW = {"said": "as said", "same name": "of the same name", "nearest colour": "nearest in colour; --as changes it"}


@click.command("edit")
@click.argument("map_file", metavar="MAP", type=options.PATH)
@click.option("-o", "--out", type=options.PATH, required=True, help="Where to write the new map (PNG).")
@click.option("--merge", "merges", multiple=True, metavar="A,B", help="Make these labels one, called like the first.")
@click.option("--split", "splits", multiple=True, metavar="A", help="Each connected part becomes a label of its own.")
@click.option("--picture", type=options.PATH, help="The map's picture: --split then cuts in two by what it shows.")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="Give a label another name.")
@click.option(
    "--to-style", metavar="STYLE", help="Recolour into the labels of this style: its name, or its map's file."
)
@click.option(
    "--as",
    "said",
    multiple=True,
    metavar="A=B",
    help="With --to-style: A becomes the style's label B. Others: their own name, else the nearest colour.",
)
@click.option("--data", type=options.PATH, help="Folder of added styles. [TWOBIT_DATA]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the map.")
def command(
    map_file: Path,
    out: Path,
    merges: tuple[str, ...],
    splits: tuple[str, ...],
    picture: Path | None,
    renames: tuple[str, ...],
    to_style: str | None,
    said: tuple[str, ...],
    data: Path | None,
    as_json: bool,
) -> None:
    """Merge, then split, then rename labels of MAP, then recolour it into a style's labels.

    A label is named by its name or its colour (#rrggbb).
    """
    files.check_writable(out)
    if picture is not None and not splits:
        raise BadInputError("--picture is for --split alone: say which label to split, or leave it out")
    if said and to_style is None:
        raise BadInputError("--as is for --to-style alone: name the style whose labels are meant, or leave it out")
    title = f"The map {map_file}"
    assigned: tuple[Assignment, ...] = ()
    encoded = files.read_picture(map_file, title)
    try:
        named = read_named(encoded, title)
        for words in merges:
            named = edit.merge(named, [word for word in words.split(",") if word.strip()])
        for word in splits:
            named = edit.split(named, word) if picture is None else _split_by(named, word, picture)
        for old, new in _pairs("--rename", "OLD=NEW", renames):
            named = edit.rename(named, old, new)
        if to_style is not None:
            colours, names = _labels_of(to_style, data)
            named, assigned = restyle(named, colours, names, dict(_pairs("--as", "A=B", said)))
    except PictureError as error:
        raise BadInputError(str(error)) from error
    files.write_out(out, write_named(named))
    report = legend(named)
    if as_json:
        became = {"assigned": [dataclasses.asdict(one) for one in assigned]} if assigned else {}
        click.echo(json.dumps({"out": str(out), "labels": report, **became}, ensure_ascii=False))
        return
    for one in assigned:
        click.echo(f"  {one.name} -> {one.label}  ({HOW[one.why]})")
    show(report)
    click.echo(f"{out}  {named.labels.shape[1]}x{named.labels.shape[0]}, {len(named.names)} labels")


def _pairs(option: str, form: str, given: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each A=B in two. Raises BadInputError."""
    pairs = [text.partition("=") for text in given]
    wrong = next(("".join(pair) for pair in pairs if not pair[1]), None)
    if wrong is not None:
        raise BadInputError(f"{option} is {wrong!r}: give {form}")
    return [(old, new) for old, _, new in pairs]


def _labels_of(style: str, data: Path | None) -> tuple[Rgb, tuple[str, ...]]:
    """Colours and names of a style's labels. Raises BadInputError, PictureError."""
    if Path(style).is_file():
        title = f"The style map {style}"
        encoded = files.read_picture(Path(style), title)
        colours = read_named(encoded, title).colours
        return colours, called(colours, label_names(Path(style), encoded))
    try:
        labels = Shelf(load_settings(data=data).styles).find(style).label
    except StyleError as error:
        raise BadInputError(f"--to-style: {error}") from error
    return np.array([label.rgb for label in labels], np.uint8), tuple(label.name for label in labels)


def _split_by(named: NamedMap, word: str, path: Path) -> NamedMap:
    """One label in two by what the picture shows. Raises CommandError, PictureError."""
    title = f"The picture {path}"
    pixels = decode(files.read_picture(path, title), title)
    place = edit.find(named, word)
    with engine_room():
        import torch

        import engine
        from worker.engine_painter import to_tensor

        part = engine.split_in_two(to_tensor(pixels), torch.from_numpy(np.equal(named.labels, place)))
    return edit.assign(named, place, [part.numpy()])
