"""Where a job stands, as a front may show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["queued", "running", "done", "failed", "cancelled"]
Kind = Literal["paint", "suggest"]  # a painting, or a suggested map
WHAT: dict[str, str] = {"paint": "painting", "suggest": "suggested map"}  # in a sentence for the person
FINAL: tuple[State, ...] = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Ticket:
    """The receipt of an accepted request."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a painting is; see engine.Step."""

    octave: int
    octaves: int
    iteration: int
    iterations: int
    done: float  # share of the whole work, [0, 1]
    seconds: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One look at a job."""

    job_id: str
    state: State
    attempt: int
    created: datetime  # UTC
    ahead: int | None = None  # jobs that will start before this one; None once it has started
    eta_seconds: float | None = None  # until the painting is there; None while nothing is known
    progress: Progress | None = None
    result: str | None = None  # digest of the painting or map
    width: int | None = None
    height: int | None = None
    seconds: float | None = None  # painting only
    notes: tuple[str, ...] = ()
    failure: str | None = None  # see worker.contract.Failure, and "lost", "outdated" of the desk; None unless failed
    message: str | None = None  # one sentence for the person, when it failed
    kind: Kind = "paint"
    person: str = ""  # who asked for it
    preview: str | None = None  # digest of a small JPEG of it so far, see Desk.preview; None unless it runs

    @property
    def final(self) -> bool:
        """True when nothing will change any more."""
        return self.state in FINAL
