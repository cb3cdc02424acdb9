"""A style: a picture, its semantic map, the names of its labels, a doodle to begin with, and whose it is."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Rgb = tuple[int, int, int]

DEMO_STYLE = "night-harbour"  # the clearest borders and the boldest strokes of them all
NEAREST = 60.0  # least RGB distance between two labels' colours: a person must tell them apart at a glance


class StyleError(ValueError):
    """A style that is not there or not in order; the message says which and what to do."""


class Label(BaseModel):
    """One label of a style's map."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=40)]
    colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]

    @property
    def rgb(self) -> Rgb:
        """The colour as three numbers, 0 to 255."""
        red, green, blue = bytes.fromhex(self.colour[1:])
        return red, green, blue


class Style(BaseModel):
    """What style.toml says, and where the style lies. Every pixel of the map has exactly one of the labels' colours."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    folder: Path
    name: Annotated[str, Field(min_length=1, max_length=80)]
    artist: Annotated[str, Field(min_length=1, max_length=80)]
    year: Annotated[int, Field(ge=1, le=9999)]
    licence: Annotated[str, Field(min_length=1, max_length=80)]
    source: Annotated[str, Field(min_length=1, max_length=400)]
    description: Annotated[str, Field(min_length=1, max_length=400)]
    label: Annotated[tuple[Label, ...], Field(min_length=1, max_length=32)]

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        """Refuse two labels of one name, or of colours that people would mix up."""
        for index, one in enumerate(self.label):
            for other in self.label[:index]:
                if one.name == other.name:
                    raise ValueError(f"two labels are called {one.name!r}: name each one differently")
                far = sum((a - b) ** 2 for a, b in zip(one.rgb, other.rgb, strict=True)) ** 0.5
                if far < NEAREST:
                    raise ValueError(
                        f"{other.name} {other.colour} and {one.name} {one.colour} lie {far:.0f} apart in RGB:"
                        f" choose colours at least {NEAREST:.0f} apart"
                    )
        return self

    @property
    def picture(self) -> Path:
        """The painting, RGB PNG."""
        return self.folder / "picture.png"

    @property
    def map(self) -> Path:
        """The semantic map, of the picture's size, palette PNG without soft edges."""
        return self.folder / "map.png"

    @property
    def doodle(self) -> Path:
        """A doodle in the map's colours, of a size of its own."""
        return self.folder / "doodle.png"

    @property
    def palette(self) -> dict[str, Rgb]:
        """The labels' names and colours, 0 to 255, in the order of style.toml."""
        return {label.name: label.rgb for label in self.label}


def read_style(folder: Path) -> Style:
    """The style in `folder`. Raises StyleError where a file is missing or style.toml is not in order."""
    missing = [name for name in ("picture.png", "map.png", "doodle.png", "style.toml") if not (folder / name).is_file()]
    if missing:
        raise StyleError(f"the style {folder.name!r} lacks {', '.join(missing)}: add what is missing to {folder}")
    try:
        said = tomllib.loads((folder / "style.toml").read_text(encoding="utf-8"))
        return Style.model_validate({**said, "slug": folder.name, "folder": folder})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise StyleError(f"{folder / 'style.toml'} is not in order: {error}") from error


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
