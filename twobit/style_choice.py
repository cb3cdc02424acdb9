"""`--style`: a file, or the name of a style that comes along or was added."""

import dataclasses

from bot.styles import Shelf, StyleError
from twobit.errors import BadInputError
from twobit.options import PictureFiles
from twobit.settings import ServiceSettings


def with_style(paths: PictureFiles, settings: ServiceSettings) -> PictureFiles:
    """`paths` with the files of the style that --style names; a file of that name goes first. Raises BadInputError."""
    if paths.style.is_file():
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
        return dataclasses.replace(paths, style=style.picture, style_map=paths.style_map or style.map)
    except StyleError as error:
        raise BadInputError(f"--style: {error}") from error
