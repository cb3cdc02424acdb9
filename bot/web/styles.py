"""Styles as the pages and the API show them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from bot.community import Community, LibraryStyle, StyleData
from bot.desk.reading import decode, measure
from bot.web.visitor import Visitor

DRAWN_SIDE = 512  # px: the longer side of a new doodle


@dataclass(frozen=True, slots=True)
class StyleView:
    """A style with what a page shows beside it."""

    style: LibraryStyle
    shares: tuple[float, ...]  # of the map, by label
    width: int  # of a new doodle, px
    height: int

    @property
    def address(self) -> str:
        """Its name in addresses: the slug of the house's own, else the key."""
        return self.style.slug if self.style.scope == "house" else self.style.key

    def changed_by(self, visitor: Visitor) -> bool:
        """True for who may rename and delete it: its owner, or whoever added it to a server."""
        return self.style.scope != "house" and visitor.person in (self.style.owner, self.style.added_by)

    def said(self) -> dict[str, Any]:
        """As the API tells it."""
        style = self.style
        return {
            "key": style.key,
            "slug": style.slug,
            "name": style.name,
            "artist": style.artist,
            "licence": style.licence,
            "source": style.source,
            "width": self.width,
            "height": self.height,
            "labels": [
                {"name": label.name, "colour": label.colour, "share": round(share, 4)}
                for label, share in zip(style.labels, self.shares, strict=True)
            ],
            "picture": picture_address(style.picture),
            "map": picture_address(style.map),
            "doodle": None if style.doodle is None else picture_address(style.doodle),
            "studio": f"/studio/{self.address}",
        }


def picture_address(digest: str) -> str:
    """Where a picture is found by whoever may see it."""
    return f"/picture/{digest}"


class StyleBook:
    """The community's styles, looked at once."""

    def __init__(self, community: Community) -> None:
        """`community`: where they are kept."""
        self.community = community
        self._look = lru_cache(maxsize=512)(self._looked)

    def get(self, name: str, visitor: Visitor) -> StyleView:
        """By key, slug or name. Raises NotThereError."""
        return self.view(self.community.styles.get(name, visitor.person or "", visitor.server))

    def visible(self, visitor: Visitor) -> list[StyleView]:
        """All that this visitor may paint in, their own first, then those of the server that they come from."""
        return [self.view(style) for style in self.community.styles.visible(visitor.person or "", visitor.server)]

    def view(self, style: LibraryStyle) -> StyleView:
        """With shares and the size of a new doodle."""
        return self._look(style)

    def data(self, style: LibraryStyle) -> StyleData:
        """The style's pictures."""
        return self.community.styles.data(style)

    def _looked(self, style: LibraryStyle) -> StyleView:
        data = self.data(style)
        found = _shares(data.map)
        counts = [found.get(label.rgb, 0.0) for label in style.labels]
        if data.doodle is not None:
            width, height = measure(data.doodle, "The doodle", stored=True)
        else:
            scale = DRAWN_SIDE / max(style.width, style.height)
            width, height = round(style.width * scale), round(style.height * scale)
        return StyleView(style, tuple(counts), width, height)


@lru_cache(maxsize=256)
def _shares(style_map: bytes) -> dict[tuple[int, ...], float]:
    """Share of each colour that fills at least a thousandth of a map; a thumbnail tells it well enough."""
    pixels = decode(style_map, "The style map", stored=True)[::2, ::2].reshape(-1, 3).astype(np.int32)
    codes, counts = np.unique(pixels @ (1 << 16, 1 << 8, 1), return_counts=True)
    large = counts > len(pixels) / 1000
    return {
        (int(code) >> 16, int(code) >> 8 & 255, int(code) & 255): float(count) / len(pixels)
        for code, count in zip(codes[large], counts[large], strict=True)
    }
