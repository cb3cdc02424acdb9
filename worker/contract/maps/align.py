"""A style map and a doodle in mode `labels`, brought to one palette."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from worker.contract.maps.labels import LabelMap, label_shares
from worker.contract.maps.match import Match, match_colours, match_names
from worker.contract.maps.names import colour_names, hex_of, unlike
from worker.contract.maps.report import LegendEntry
from worker.contract.maps.snap import Labels

NAMED = 12.0  # RGB distance within which a label takes a name that was given for a colour
APART = 32.0  # RGB distance that keeps labels apart for the engine

Planes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two maps in one palette: the style map's labels, then those that only the doodle has."""

    style: Labels = field(repr=False)  # (Hs, Ws) uint8, index into colours
    doodle: Labels = field(repr=False)  # (H, W)
    colours: NDArray[np.uint8] = field(repr=False)  # (L, 3)
    names: tuple[str, ...]
    missing: tuple[int, ...]  # labels that the style map lacks
    masks: bool

    def legend(self) -> tuple[LegendEntry, ...]:
        """The labels that are met at all, as a person sees them, those of the style map first."""
        shares = [label_shares(map_, len(self.colours)) for map_ in self._maps()]
        return tuple(
            LegendEntry(
                name=self.names[label],
                colour=hex_of(self.colours[label]),
                style=float(shares[0][label]),
                doodle=float(shares[1][label]),
                problem=label in self.missing,
            )
            for label in range(len(self.colours))
            if shares[0][label] or shares[1][label]
        )

    def planes(self) -> tuple[Planes, Planes]:
        """(Hs, Ws, M) and (H, W, M) uint8 for the engine: colours where they lie well apart, else a channel a label."""
        table = self.colours if self._apart() else np.eye(len(self.colours), dtype=np.uint8) * np.uint8(255)
        return table.take(self.style, axis=0), table.take(self.doodle, axis=0)  # much faster than table[...]

    def _apart(self) -> bool:
        if self.masks or len(self.colours) < 2:
            return not self.masks
        wide = self.colours.astype(np.float64)
        away = np.sqrt(((wide[:, None] - wide[None]) ** 2).sum(2))
        np.fill_diagonal(away, np.inf)
        return bool(away.min() >= APART)

    def _maps(self) -> tuple[Labels, Labels]:
        return self.style, self.doodle


def align(style: LabelMap, doodle: LabelMap, named: Mapping[str, str] | None = None) -> tuple[Aligned, Match]:
    """Bring the doodle to the style map's labels; `named`: names that the style gives to colours `#rrggbb`."""
    masks = bool(style.names)
    match = match_names(style, doodle) if masks else match_colours(style, doodle)
    missing = np.flatnonzero(match.missing & (doodle.shares > 0))
    table = match.nearest.astype(np.uint8)
    table[missing] = len(style.colours) + np.arange(len(missing))
    colours = np.concatenate([style.colours, doodle.colours[missing]])
    own = (*style.names, *(doodle.names[label] for label in missing)) if masks else ()
    aligned = Aligned(
        style=style.labels,
        doodle=table[doodle.labels],
        colours=colours,
        names=own or label_names(colours, named or {}),
        missing=tuple(range(len(style.colours), len(colours))),
        masks=masks,
    )
    return aligned, match


def label_names(colours: NDArray[np.uint8], named: Mapping[str, str]) -> tuple[str, ...]:
    """A name for each of (L, 3): one given for its colour or one close by, else the colour's own."""
    names = colour_names(colours)
    for index, colour in enumerate(colours.astype(float)):
        away = {
            name: float(np.linalg.norm(colour - np.frombuffer(bytes.fromhex(code[1:]), np.uint8)))
            for code, name in named.items()
        }
        if away and min(away.values()) <= NAMED:
            names[index] = min(away, key=lambda name: away[name])
    return unlike(names)
