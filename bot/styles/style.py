"""A style on disk: a picture, its semantic map, perhaps a doodle to begin with, and what style.toml says of them."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from bot.styles.description import MAX_TOML_BYTES, Description, not_in_order, parse
from bot.styles.errors import StyleError

DEMO_STYLE = "night-harbour"  # the clearest borders and the boldest strokes of them all
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TOML = "style.toml"


class Style(Description):
    """What style.toml says, and where the style lies. A house style's map has no pixel beside its labels' colours."""

    slug: Annotated[str, Field(pattern=SLUG, max_length=60)]
    folder: Path

    @property
    def picture(self) -> Path:
        """The painting."""
        return self._file("picture")

    @property
    def map(self) -> Path:
        """The semantic map, of the picture's shape."""
        return self._file("map")

    @property
    def doodle(self) -> Path:
        """A doodle in the map's colours, of a size of its own. Raises StyleError where there is none."""
        return self._file("doodle")

    @property
    def has_doodle(self) -> bool:
        """Whether a doodle to begin with comes along."""
        return find_file(self.folder, "doodle") is not None

    def _file(self, role: str) -> Path:
        found = find_file(self.folder, role)
        if found is None:
            raise StyleError(f"the style {self.slug!r} has no {role}")
        return found


def find_file(folder: Path, role: str) -> Path | None:
    """The picture file of that role, None where there is none."""
    paths = (folder / f"{role}{suffix}" for suffix in SUFFIXES)
    return next((path for path in paths if path.is_file()), None)


def read_style(folder: Path) -> Style:
    """The style in `folder`. Raises StyleError where a file is missing or style.toml is not in order."""
    missing = [f"{role}.png" for role in ("picture", "map") if find_file(folder, role) is None]
    missing += [TOML] if not (folder / TOML).is_file() else []
    if missing:
        raise StyleError(f"the style {folder.name!r} lacks {', '.join(missing)}: add what is missing to {folder}")
    where = str(folder / TOML)
    try:
        with (folder / TOML).open("rb") as file:
            said = parse(file.read(MAX_TOML_BYTES + 1), where)
        return Style.model_validate({**said, "slug": folder.name, "folder": folder})
    except OSError as error:
        raise StyleError(f"{where} can't be read ({error.strerror}): check its permissions") from error
    except ValidationError as error:
        raise not_in_order(error, where) from error


@cache
def house_styles() -> tuple[Style, ...]:
    """The styles that come with Twobit, by slug. Raises StyleError when the installed files are not in order."""
    house = Path(str(files("bot.styles").joinpath("house")))
    folders = sorted(path for path in house.iterdir() if path.is_dir()) if house.is_dir() else []
    return tuple(read_style(folder) for folder in folders)


def house_style(slug: str) -> Style:
    """The house style `slug`. Raises StyleError, which lists the known ones, for another."""
    for style in house_styles():
        if style.slug == slug:
            return style
    known = ", ".join(style.slug for style in house_styles())
    raise StyleError(f"there is no house style {slug!r}: choose one of {known}")
