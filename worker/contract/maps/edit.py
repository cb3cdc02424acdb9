"""What a person does to a map: merge labels, rename one, split one. Each gives a new map; nothing is changed in place.

A label is named as the person names it: by its name, or by its colour as `#rrggbb`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from worker.contract.errors import PictureError
from worker.contract.maps.named import COLOUR, NamedMap, clean
from worker.contract.maps.names import hex_of, unlike
from worker.contract.maps.palette import MOST_LABELS
from worker.contract.maps.parts import parts_of
from worker.contract.pictures import Rgb

APART = 60.0  # RGB distance that a new colour keeps from all others; people tell them apart
SMALL = 0.002  # share of the picture below which a part stays with the largest one


def find(named: NamedMap, word: str) -> int:
    """The index of the label called `word`. Raises PictureError naming those there are."""
    wanted = clean(word).casefold()
    for place, (name, colour) in enumerate(zip(named.names, named.colours, strict=True)):
        if wanted in (name.casefold(), hex_of(colour)):
            return place
    known = ", ".join(f"{n} ({hex_of(c)})" for n, c in zip(named.names, named.colours, strict=True))
    raise PictureError(f"the map has no label {word!r}: it has {known}")


def merge(named: NamedMap, words: Sequence[str]) -> NamedMap:
    """All labels of `words` become one, with the first one's colour and name. Raises PictureError."""
    places = [find(named, word) for word in words]
    if len(set(places)) < 2:
        raise PictureError(f"merging {', '.join(words) or 'nothing'}: name at least two different labels")
    into = np.arange(len(named.names), dtype=np.uint8)
    into[places] = places[0]
    merged = NamedMap(into[named.labels], named.colours, named.names)
    return merged.only([place for place in range(len(into)) if place not in places[1:]])


def rename(named: NamedMap, word: str, new: str) -> NamedMap:
    """One label gets another name. Raises PictureError where it is empty, looks like a colour, or is taken."""
    place, name = find(named, word), clean(new)
    if not name:
        raise PictureError(f"{word} can't be renamed to nothing: give a name")
    if COLOUR.fullmatch(name) and name.lower() != hex_of(named.colours[place]):
        raise PictureError(f"{name} is a colour and can't be a label's name: give a word")
    if any(other.casefold() == name.casefold() for other in (*named.names[:place], *named.names[place + 1 :])):
        raise PictureError(f"the map has a label {name} already: give another name, or merge the two")
    return NamedMap(named.labels, named.colours, (*named.names[:place], name, *named.names[place + 1 :]))


def split(named: NamedMap, word: str) -> NamedMap:
    """One label becomes as many as it has connected parts; the largest keeps its colour and name.

    Parts below SMALL of the picture stay with the largest. Raises PictureError where there is one part only.
    """
    place = find(named, word)
    parts = parts_of(named.labels == place)
    sizes = np.bincount(parts.ravel())[1:]
    large = [int(k) for k in np.argsort(-sizes, kind="stable") if sizes[k] >= SMALL * parts.size]
    if len(large) < 2:
        raise PictureError(f"{named.names[place]} is one connected region: split it by features, with its picture")
    return assign(named, place, [parts == part + 1 for part in large[1:]])


def assign(named: NamedMap, place: int, masks: Sequence[NDArray[np.bool_]]) -> NamedMap:
    """Each (H, W) mask becomes a label of its own, called after the label at `place`. Raises PictureError."""
    if len(named.names) + len(masks) > MOST_LABELS:
        raise PictureError(
            f"the map would have {len(named.names) + len(masks)} labels and {MOST_LABELS} are taken: merge some first"
        )
    labels, colours, names = named.labels.copy(), named.colours, [*named.names]
    for number, mask in enumerate(masks, 2):
        labels[mask] = len(names)
        colours = np.concatenate([colours, new_colour(colours, colours[place])[None]])
        names.append(f"{named.names[place]} {number}")
    return NamedMap(labels, colours, unlike(names))


def new_colour(colours: Rgb, like: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The colour nearest to `like` that is APART from all others; where none is left, the one furthest from them."""
    steps = np.arange(0, 256, 15)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
    away = np.sqrt(((grid[:, None] - colours[None].astype(int)) ** 2).sum(2).min(1))
    free = grid[away >= APART]
    if not len(free):
        free = grid[away.argmax()][None]
    chosen: NDArray[np.uint8] = free[((free - like.astype(int)) ** 2).sum(1).argmin()].astype(np.uint8)
    return chosen
