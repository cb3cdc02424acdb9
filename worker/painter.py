"""A painter: picture bytes in, picture bytes out. The engine is one; tests bring another."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from worker.contract import Failure, Job, SuggestJob


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

    def by_role(self) -> dict[str, bytes]:
        """By the names of the fields, without what is not there."""
        return dict(zip(("style", "style_map", "doodle", "content"), self.parts(), strict=False))


@dataclass(frozen=True, slots=True)
class Subject:
    """The one encoded picture that a map is to be suggested for."""

    picture: bytes = field(repr=False)

    def parts(self) -> list[bytes]:
        """As Pictures has it."""
        return [self.picture]


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
class DeviceMemory:
    """Of a GPU, bytes."""

    peak: int  # most that tensors took during the last job
    reserved: int  # what torch holds on to for the next one
    total: int

    def named(self) -> tuple[tuple[str, str, int], ...]:
        """(name, what it is, bytes) of each."""
        return (
            ("peak", "Most that the last job's tensors took on the device.", self.peak),
            ("reserved", "What the painter holds of the device between jobs.", self.reserved),
            ("total", "What the device has.", self.total),
        )


@dataclass(frozen=True, slots=True)
class Painted:
    """A finished painting or map as PNG."""

    png: bytes = field(repr=False)
    width: int
    height: int
    seconds: float  # of the work itself only
    notes: tuple[str, ...] = ()
    memory: DeviceMemory | None = None  # None where the device has none of its own


class PaintingFailed(Exception):  # noqa: N818 - an outcome that a painter reports, not a fault of the program
    """No painting came of it; `failure` says whose fault, the message is one sentence for the person."""

    def __init__(self, failure: Failure, message: str) -> None:
        """See worker.contract.Failure for the kinds."""
        super().__init__(message)
        self.failure: Failure = failure


class Painter(Protocol):
    """What turns a job and its pictures into a painting or a map."""

    def paint(self, job: Job, pictures: Pictures, on_progress: Callable[[Progress], None]) -> Painted:
        """Paint one job; raises PaintingFailed."""
        ...

    def suggest(self, job: SuggestJob, subject: Subject) -> Painted:
        """A map for one picture, its names inside; raises PaintingFailed."""
        ...
