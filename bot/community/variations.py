"""Another painting like one that is there: a new seed, a weight up or down, larger."""

import secrets
from typing import Any

from bot.desk import RefusedError
from worker.contract import PaintOptions

SEEDS = 2**31
FACTOR = 2.0  # of one step of a weight
LEAST, MOST = 1.0, 1000.0  # a weight's range by steps
LARGER = 1.5
LARGEST_SIDE = 2048  # px; what a person may ask for
SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}  # as pydantic calls them


class NoFurtherError(RefusedError):
    """A choice is at its end already."""

    def __init__(self, name: str, value: str, reason: str) -> None:
        """`name` is now `value`, and `reason` says what it may be."""
        super().__init__(f"{name} is {value}: {reason}")
        self.name, self.value, self.reason = name, value, reason


def range_of(error: Any) -> str:
    """What a value has to be, by pydantic's error, in signs that need no language where there are some."""
    found = error.get("ctx", {})
    bounds = [f"{sign} {found[name]:.12g}" for name, sign in SIGNS.items() if name in found]
    return ", ".join(bounds) or str(found.get("expected") or error["msg"])


def rerolled() -> dict[str, Any]:
    """Another seed."""
    return {"seed": secrets.randbelow(SEEDS)}


def weighted(options: PaintOptions, name: str, *, up: bool) -> dict[str, Any]:
    """A weight (beta or gamma) one step up or down. Raises NoFurtherError."""
    now = float(getattr(options, name))
    new = min(max(now * FACTOR if up else now / FACTOR, LEAST), MOST)
    if new == now:
        raise NoFurtherError(name, f"{now:g}", f"≥ {LEAST:g}, ≤ {MOST:g}")
    return {name: new}


def larger(width: int, height: int) -> dict[str, Any]:
    """LARGER times the size of a painting, in px, as far as LARGEST_SIDE. Raises NoFurtherError."""
    scale = min(LARGER, LARGEST_SIDE / max(width, height))
    if scale <= 1.0:
        raise NoFurtherError("size", f"{max(width, height)} px", f"≤ {LARGEST_SIDE} px")
    return {"width": round(width * scale), "height": round(height * scale)}


def sized(width: int, height: int, side: int) -> dict[str, Any]:
    """A doodle's own shape with `side` px on its longest side."""
    scale = side / max(width, height)
    return {"width": round(width * scale), "height": round(height * scale)}
