"""`--style`: a file, or the name of a style that comes along or was added; and what a style calls its labels."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from bot.styles import Shelf, StyleError, read_style
from twobit.errors import BadInputError
from twobit.options import PictureFiles
from twobit.settings import ServiceSettings
from worker.contract.maps.named import read_names


def with_style(paths: PictureFiles, settings: ServiceSettings) -> PictureFiles:
    """`paths` with the files of the style that --style names; a file of that name goes first. Raises BadInputError."""
    if paths.style is None or paths.style.is_file():
        if paths.style_map is None:
            raise BadInputError(
                f"--map is missing: {paths.style} is a picture, so name its semantic map too "
                f"(`twobit map suggest {paths.style} -o map.png` makes one)"
            )
        return paths
    if paths.style.suffix or "/" in str(paths.style):
        raise BadInputError(f"The style {paths.style} does not exist: check the file's name")
    try:
        style = Shelf(settings.styles).find(str(paths.style))
        called = {"style": f"The style {style.slug}", "style_map": f"The map of {style.slug}"}
        if paths.style_map is not None:
            del called["style_map"]
        return dataclasses.replace(paths, style=style.picture, style_map=paths.style_map or style.map, of_style=called)
    except StyleError as error:
        raise BadInputError(f"--style: {error}") from error


def map_names(paths: PictureFiles, encoded: Mapping[str, bytes]) -> dict[str, str]:
    """`label_names` of the map among the files of a painting."""
    return {} if paths.style_map is None else label_names(paths.style_map, encoded["style_map"])


def label_names(style_map: Path, data: bytes) -> dict[str, str]:
    """The labels' names by colour: those in the map's own file, and the style's where it lies in a style's folder."""
    names = read_names(data)
    if not (style_map.parent / "style.toml").is_file():
        return names
    try:
        return {**names, **{label.colour: label.name for label in read_style(style_map.parent.absolute()).label}}
    except StyleError:
        return names  # the map itself may be as it should
