"""`twobit style`: add, look at, share and remove styles."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import numpy as np
from pydantic import ValidationError

from bot.styles import (
    Description,
    Label,
    Pack,
    Shelf,
    Style,
    StyleError,
    blank_template,
    draw_sheet,
    label_shares,
    make_pack,
    pack_from_folder,
    pack_from_zip,
    palette_file,
    zip_of,
)
from bot.styles.description import not_in_order
from bot.styles.pack import CLOSE
from twobit import files, options
from twobit.errors import BadInputError
from twobit.settings import load_settings, make_data_folder
from worker.contract import PictureError
from worker.contract.maps import map_colours
from worker.contract.maps.named import read_names
from worker.contract.maps.names import colour_name, hex_of, unlike
from worker.contract.preview.labels import squared_distance

DATA = click.option("--data", type=options.PATH, help="Folder of everything that lasts. [TWOBIT_DATA]")
UNKNOWN = "unknown"
NOBODY, NO_LICENCE = "unknown artist", "licence unknown"
NO_FOLDER = (".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff", ".gpl", ".zip")  # endings that nobody gives a folder
GIVEN = "--name, --artist, --year, --licence, --source, --label"  # what a picture on the command line needs said


@click.group("style")
def command() -> None:
    """Add, look at, share and remove styles."""


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """What the command line says of a style, in place of a style.toml."""

    name: str | None = None
    artist: str = NOBODY
    year: int | None = None
    licence: str = NO_LICENCE
    source: str = UNKNOWN
    label: tuple[str, ...] = ()

    def description(self, style_map: bytes, where: str) -> Description:
        """Checked. Raises StyleError."""
        if self.name is None:
            raise StyleError("--name is missing: say what the style is called")
        try:
            given = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
            return Description(**{**given, "label": self._labels(style_map, where)})
        except ValidationError as error:
            raise not_in_order(error, "what was said of the style") from error

    def _labels(self, style_map: bytes, where: str) -> tuple[Label, ...]:
        """Those given; then each other colour of the map, called as in its file, or as the colour is called."""
        pairs = [text.partition("=") for text in self.label]
        unclear = next(("".join(pair) for pair in pairs if not all(part.strip() for part in pair)), None)
        if unclear is not None:
            raise StyleError(f"--label is {unclear[:60]!r}: give a colour and its name, like '#2b4a6f=sea'")
        given = [Label(name=name.strip(), colour=colour.strip().lower()) for colour, _, name in pairs]
        colours = map_colours(style_map, where)
        for label in given:
            colours = colours[squared_distance(colours, np.array(label.rgb, np.uint8)) > CLOSE**2]
        known = read_names(style_map)
        names = [known.get(hex_of(colour), colour_name(colour)) for colour in colours]
        names = list(unlike([label.name for label in given] + names))[len(given) :]
        others = [Label(name=name, colour=hex_of(colour)) for name, colour in zip(names, colours, strict=True)]
        return (*given, *others)


@command.command("add")
@click.argument("pack", type=options.PATH, required=False)
@click.option("--picture", type=options.PATH, help="A painting, in place of a pack.")
@click.option("--map", "style_map", type=options.PATH, help="Its semantic map.")
@click.option("--doodle", type=options.PATH, help="A doodle to begin with.")
@click.option("--name", help="What the style is called.")
@click.option("--artist", default=NOBODY, show_default=True)
@click.option("--year", type=int)
@click.option("--licence", default=NO_LICENCE, show_default=True)
@click.option("--source", default=UNKNOWN, show_default=True, help="Where the picture is from.")
@click.option("--label", multiple=True, help="'#2b4a6f=sea': a colour of the map and its name; again for more.")
@click.option("--slug", help="The name for commands; else the folder's, or made of --name.")
@DATA
def add(
    pack: Path | None,
    picture: Path | None,
    style_map: Path | None,
    doodle: Path | None,
    slug: str | None,
    data: Path | None,
    **given: Any,
) -> None:
    """Add a style: a folder or zip PACK, or --picture, --map and --name."""
    said: Said = options.take(Said, given)
    with _said_plainly():
        if pack is not None:
            if said != Said() or (picture, style_map, doodle) != (None, None, None):
                raise BadInputError(f"give a PACK, or --picture and --map with {GIVEN}; not both")
            found = _read_pack(pack)
        elif picture is not None and style_map is not None:
            found = _pack_of(picture, style_map, doodle, said)
        else:
            suggested = "" if picture is None else f"; `twobit map suggest {picture} -o map.png` makes a map"
            raise BadInputError(f"name a folder or zip, or give --picture, --map and --name{suggested}")
        style = _shelf(data, make=True).add(found, slug)
        count = f"{len(style.label)} label{'s' * (len(style.label) > 1)}"
        click.echo(f"added {style.slug}: {style.name}, {count}")
        click.echo(f"paint in it: twobit paint --style {style.slug} --doodle DOODLE --out painting.png", err=True)


@command.command("list")
@DATA
def list_(data: Path | None) -> None:
    """List the styles that can be named."""
    with _said_plainly():
        shelf = _shelf(data)
        styles = shelf.styles()
        wide = max(len(style.slug) for style in styles)
        for style in styles:
            click.echo(f"{style.slug:<{wide}}  {style.name} ({style.by_whom})")
        for fault in shelf.faults():
            click.echo(f"note: {' '.join(fault.split())}; left out", err=True)


@command.command("show")
@click.argument("name")
@click.option("-o", "--out", type=options.PATH, help="A folder for sheet, template and palette; or a PNG.")
@DATA
def show(name: str, out: Path | None, data: Path | None) -> None:
    """Show a style's labels; with --out, make the sheet that people draw from."""
    with _said_plainly():
        style = _shelf(data).find(name)
        if out is None:
            _tell(style)
        elif out.suffix.lower() == ".png" and not out.is_dir():
            files.check_writable(out)
            files.write_out(out, draw_sheet(style))
            click.echo(str(out))
        elif out.suffix.lower() in NO_FOLDER and not out.is_dir():
            raise BadInputError(f"--out {out} is no folder and no PNG: name a folder, or {out.with_suffix('.png')}")
        else:
            _write_sheet(style, out)


@command.command("export")
@click.argument("name")
@click.option("-o", "--out", type=options.PATH, required=True, help="Where to write the pack (zip).")
@DATA
def export(name: str, out: Path, data: Path | None) -> None:
    """Write a style as a pack that others can add; the same style gives the same bytes."""
    files.check_writable(out, "pack.zip", "packs are zip files")
    with _said_plainly():
        style = _shelf(data).find(name)
        files.write_out(out, zip_of(style))
        click.echo(f"{out}  {style.name}, licence: {style.licence}")


@command.command("remove")
@click.argument("name")
@DATA
def remove(name: str, data: Path | None) -> None:
    """Remove an added style. Paintings made in it stay."""
    with _said_plainly():
        _shelf(data).remove(name)
        click.echo(f"removed {name}")


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except (StyleError, PictureError) as error:
        raise BadInputError(str(error)) from error


def _shelf(data: Path | None, *, make: bool = False) -> Shelf:
    settings = load_settings(data=data)
    if make:
        make_data_folder(settings.data)
    return Shelf(settings.styles)


def _read_pack(path: Path) -> Pack:
    if path.is_dir():
        return pack_from_folder(path)
    if path.suffix.lower() != ".zip":
        raise BadInputError(f"{path} is no folder and no zip: name a style's folder or zip, or use --picture and --map")
    return pack_from_zip(files.read_picture(path, f"The pack {path}"))


def _pack_of(picture: Path, style_map: Path, doodle: Path | None, said: Said) -> Pack:
    encoded = {
        role: files.read_picture(path, f"The {role} {path}")
        for role, path in {"picture": picture, "map": style_map, "doodle": doodle}.items()
        if path is not None
    }
    description = said.description(encoded["map"], f"The map {style_map}")
    return make_pack(description, encoded["picture"], encoded["map"], encoded.get("doodle"))


def _tell(style: Style) -> None:
    click.echo(f"{style.name}\n{style.by_whom}\nsource: {style.source}")
    for extra in filter(None, (style.description, style.credits)):
        click.echo(extra)
    shares = label_shares(style)
    for label in style.label:
        swatch = click.style("    ", bg=label.rgb)  # taken out again where the output is no terminal
        click.echo(f"{swatch}{label.colour}  {shares[label.name]:6.1%}  {label.name}")


def _write_sheet(style: Style, folder: Path) -> None:
    made = {
        f"{style.slug}-sheet.png": draw_sheet(style),
        f"{style.slug}-template.png": blank_template(style),
        f"{style.slug}.gpl": palette_file(style.name, style.label),
    }
    if style.has_doodle:
        made[f"{style.slug}-doodle{style.doodle.suffix}"] = files.read_picture(style.doodle, "The doodle")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise BadInputError(f"--out {folder} can't be made a folder ({error.strerror}): name another") from error
    for name, data in made.items():
        files.write_out(folder / name, data)
        click.echo(str(folder / name))
