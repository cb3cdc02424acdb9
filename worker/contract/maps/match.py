"""Which label of the style map each label of the doodle is."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from worker.contract.maps.labels import LabelMap

SAME = 40.0  # RGB distance within which two colours are one label, if no other label is in doubt
NOTHING = 12.0  # RGB distance that a lossy file makes of nothing: not worth a word


@dataclass(frozen=True, slots=True)
class Match:
    """For each of the doodle's labels the nearest of the style map's."""

    nearest: NDArray[np.intp] = field(repr=False)  # (L,) index into the style map's labels
    distance: NDArray[np.float64] = field(repr=False)  # (L,) in RGB units, 0 to 441
    limit: NDArray[np.float64] = field(repr=False)  # (L,) within which it counts as the same

    @property
    def missing(self) -> NDArray[np.bool_]:
        """(L,) True where the doodle has a label that the style map lacks."""
        return self.distance > self.limit


def match_colours(style: LabelMap, doodle: LabelMap) -> Match:
    """By the nearest colour. The limit is SAME, or half the way to the next label of the style map."""
    theirs = style.colours.astype(np.float64)
    away = _apart(doodle.colours.astype(np.float64), theirs)
    nearest = away.argmin(1)
    between = _apart(theirs, theirs)
    np.fill_diagonal(between, np.inf)
    limit = np.minimum(SAME, between.min(1) / 2)
    # Two lossy files stray from a colour in their own ways.
    limit = np.maximum(limit, min(NOTHING, SAME) if style.noise or doodle.noise else 0.0)
    return Match(nearest=nearest, distance=away[np.arange(len(away)), nearest], limit=limit[nearest])


def match_names(style: LabelMap, doodle: LabelMap) -> Match:
    """Masks, by their names; a name that the style map lacks is infinitely far from all."""
    places = {name: index for index, name in enumerate(style.names)}
    nearest = np.array([places.get(name, 0) for name in doodle.names])
    distance = np.array([0.0 if name in places else np.inf for name in doodle.names])
    return Match(nearest=nearest, distance=distance, limit=np.zeros(len(nearest)))


def _apart(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    distances: NDArray[np.float64] = np.sqrt(((one[:, None] - other[None]) ** 2).sum(2))
    return distances
