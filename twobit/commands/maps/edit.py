"""`twobit map edit`: merge, split and rename the labels of a map."""

import json
from pathlib import Path

import click
import numpy as np

from twobit import files, options
from twobit.commands.maps.suggest import legend, show
from twobit.engine_room import engine_room
from twobit.errors import BadInputError
from worker.contract import PictureError
from worker.contract.maps import edit
from worker.contract.maps.named import NamedMap, read_named, write_named
from worker.contract.pictures import decode


@click.command("edit")
@click.argument("map_file", metavar="MAP", type=options.PATH)
@click.option("-o", "--out", type=options.PATH, required=True, help="Where to write the new map (PNG).")
@click.option("--merge", "merges", multiple=True, metavar="A,B", help="Make these labels one, called like the first.")
@click.option("--split", "splits", multiple=True, metavar="A", help="Each connected part becomes a label of its own.")
@click.option("--picture", type=options.PATH, help="The map's picture: --split then cuts in two by what it shows.")
@click.option("--rename", "renames", multiple=True, metavar="OLD=NEW", help="Give a label another name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object about the map.")
def command(
    map_file: Path,
    out: Path,
    merges: tuple[str, ...],
    splits: tuple[str, ...],
    picture: Path | None,
    renames: tuple[str, ...],
    as_json: bool,
) -> None:
    """Merge, then split, then rename labels of MAP. A label is named by its name or its colour (#rrggbb)."""
    files.check_writable(out)
    if picture is not None and not splits:
        raise BadInputError("--picture is for --split alone: say which label to split, or leave it out")
    title = f"The map {map_file}"
    encoded = files.read_picture(map_file, title)
    try:
        named = read_named(encoded, title)
        for words in merges:
            named = edit.merge(named, [word for word in words.split(",") if word.strip()])
        for word in splits:
            named = edit.split(named, word) if picture is None else _split_by(named, word, picture)
        for pair in renames:
            old, equals, new = pair.partition("=")
            if not equals:
                raise BadInputError(f"--rename is {pair!r}: give OLD=NEW")
            named = edit.rename(named, old, new)
    except PictureError as error:
        raise BadInputError(str(error)) from error
    files.write_out(out, write_named(named))
    report = legend(named)
    if as_json:
        click.echo(json.dumps({"out": str(out), "labels": report}, ensure_ascii=False))
        return
    show(report)
    click.echo(f"{out}  {named.labels.shape[1]}x{named.labels.shape[0]}, {len(named.names)} labels")


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
