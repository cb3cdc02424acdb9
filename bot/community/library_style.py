"""A style of the library, as a front may show it."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal

from bot.community.tables import StyleRow
from bot.styles import Label, Style, StyleError, house_styles
from worker.contract.digest import digest_of
from worker.contract.pictures import picture_size

Scope = Literal["person", "server", "house"]
ORDER: tuple[Scope, ...] = ("person", "server", "house")  # who wins where two have one name


@dataclass(frozen=True, slots=True)
class StyleName:
    """What a list or an autocomplete shows."""

    key: str  # names it for ever: "house:coast-dusk" or "style:17"
    scope: Scope
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class LibraryStyle:
    """A style to paint in."""

    key: str
    scope: Scope
    owner: str  # "<front>:<id>" of the person or server; "" for the house
    slug: str
    name: str
    picture: str  # digests
    map: str
    doodle: str | None  # a template to draw over
    labels: tuple[Label, ...]
    artist: str
    licence: str
    source: str
    width: int  # of the picture, px
    height: int
    created: datetime | None  # UTC; None for the house
    added_by: str = ""

    @property
    def label_names(self) -> dict[str, str]:
        """What the labels are called, by colour `#rrggbb`."""
        return {label.colour: label.name for label in self.labels}

    @property
    def credit(self) -> str:
        """Who made it, under which licence, and where it is from, in one line."""
        return ", ".join(part for part in (self.artist, self.licence, self.source) if part)


@dataclass(frozen=True, slots=True)
class StyleData:
    """A style's pictures."""

    picture: bytes = field(repr=False)
    map: bytes = field(repr=False)
    doodle: bytes | None = field(repr=False)


def style_of_row(row: StyleRow) -> LibraryStyle:
    return LibraryStyle(
        key=f"style:{row.id}",
        scope="person" if row.scope == "person" else "server",
        owner=row.owner,
        slug=row.slug,
        name=row.name,
        picture=row.picture,
        map=row.map,
        doodle=row.doodle,
        labels=tuple(Label(**label) for label in row.labels),
        artist=row.artist,
        licence=row.licence,
        source=row.source,
        width=row.width,
        height=row.height,
        created=row.created_at,
        added_by=row.added_by,
    )


@cache
def house() -> tuple[LibraryStyle, ...]:
    try:
        return tuple(_of_house(style) for style in house_styles())
    except StyleError:
        return ()  # a broken installation must not take people's own styles away; `twobit doctor` says so


def _of_house(style: Style) -> LibraryStyle:
    data = style.picture.read_bytes()
    width, height = picture_size(data, style.name)
    return LibraryStyle(
        key=f"house:{style.slug}",
        scope="house",
        owner="",
        slug=style.slug,
        name=style.name,
        picture=digest_of(data),
        map=digest_of(style.map.read_bytes()),
        doodle=digest_of(style.doodle.read_bytes()),
        labels=style.label,
        artist=style.artist,
        licence=style.licence,
        source=style.source,
        width=width,
        height=height,
        created=None,
    )
