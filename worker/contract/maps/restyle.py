"""A map in another map's labels: which of its labels becomes which, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from worker.contract.errors import PictureError
from worker.contract.maps.edit import find
from worker.contract.maps.named import NamedMap, clean
from worker.contract.maps.names import hex_of
from worker.contract.pictures import Rgb

Why = Literal["said", "same name", "nearest colour"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one label became."""

    name: str
    label: str  # of the style
    why: Why


def restyle(
    named: NamedMap, colours: Rgb, names: Sequence[str], said: Mapping[str, str]
) -> tuple[NamedMap, tuple[Assignment, ...]]:
    """The map in a style's labels, whose `colours` (L, 3) and `names` these are; several may become one.

    `said`: labels of the map, by name or colour, and what each becomes. Another becomes the label of its own name, else
    the one whose colour is nearest in RGB. Raises PictureError naming the labels that there are.
    """
    told: dict[int, int] = {}
    for word, label in said.items():
        told[find(named, word)] = _label(label, colours, names)
    into, assigned = [], []
    for place, name in enumerate(named.names):
        found, why = _found(named, place, told, colours, names)
        into.append(found)
        assigned.append(Assignment(name, names[found], why))
    table = np.array(into, np.uint8)
    whole = NamedMap(table[named.labels], colours, tuple(names))
    return whole.only(np.unique(table).tolist()), tuple(assigned)


def _found(named: NamedMap, place: int, told: Mapping[int, int], colours: Rgb, names: Sequence[str]) -> tuple[int, Why]:
    if place in told:
        return told[place], "said"
    for label, name in enumerate(names):
        if name.casefold() == named.names[place].casefold():
            return label, "same name"
    away = ((colours.astype(int) - named.colours[place].astype(int)) ** 2).sum(1)
    return int(away.argmin()), "nearest colour"


def _label(word: str, colours: Rgb, names: Sequence[str]) -> int:
    wanted = clean(word).casefold()
    for label, (name, colour) in enumerate(zip(names, colours, strict=True)):
        if wanted in (name.casefold(), hex_of(colour)):
            return label
    raise PictureError(f"the style has no label {word!r}: it has {', '.join(names)}")
