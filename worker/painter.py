"""A painter: picture bytes in, picture bytes out. The engine is one; tests bring another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from worker.contract import Failure, Job


@dataclass(frozen=True, slots=True)
class Pictures:
    """The encoded pictures of one job, as a person sent them."""

    style: bytes = field(repr=False)
    style_map: bytes = field(repr=False)
    doodle: bytes = field(repr=False)
    content: bytes | None = field(default=None, repr=False)

    def parts(self) -> list[bytes]:
        """In the order of the fields, without what is not there."""
        parts = [self.style, self.style_map, self.doodle]
        return parts if self.content is None else [*parts, self.content]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a painting is; see engine.Step."""

    octave: int
    octaves: int
    iteration: int
    iterations: int
    done: float
    seconds: float
    preview: bytes | None = field(default=None, repr=False)  # JPEG, longest side 256 px at most; seldom


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished painting as PNG."""

    png: bytes = field(repr=False)
    width: int
    height: int
    seconds: float  # painting only
    notes: tuple[str, ...] = ()


class PaintingFailed(Exception):  # noqa: N818 - an outcome that a painter reports, not a fault of the program
    """No painting came of it; `failure` says whose fault, the message is one sentence for the person."""

    def __init__(self, failure: Failure, message: str) -> None:
        """See worker.contract.Failure for the kinds."""
        super().__init__(message)
        self.failure: Failure = failure


class Painter(Protocol):
    """What turns a job and its pictures into a painting."""

    def paint(self, job: Job, pictures: Pictures, on_progress: Callable[[Progress], None]) -> Painted:
        """Paint one job; raises PaintingFailed."""
        ...
