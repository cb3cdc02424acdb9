"""How long a worker waits for what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How patient a session is, in seconds."""

    tick: float = 0.25  # between looks at the pipe
    fence: float = 0.5  # between looks whether the job was cancelled; a cancel takes effect within this
    beat: float = 2.0  # between signs of life; the desk's lease is several of these
    step: float = 0.5  # between progress reports that are sent on
    silence: float = 300.0  # a painter that says nothing for so long hangs
    start: float = 600.0  # a new painter that can't take a job after so long never will
    job: float = 3 * 3600.0  # a painting that takes longer is ended
    service: float = 60.0  # retries of store and stream before the attempt is given up
