"""A painter without an engine, for tests of everything around it; runs in the painter's process.

The job's seed says how it behaves, so that a test needs no other way in.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from worker.child import start
from worker.contract import Job, SuggestJob
from worker.painter import DeviceMemory, Painted, PaintingFailed, Pictures, Progress, Subject

COMMAND = (sys.executable, "-P", __file__)
QUICK, SLOW, REFUSES, DIES, HANGS, SHOWS, HANGS_IN_C, DEVICE_FAILS, SLOW_AND_NEW, SPRAWLS = range(10)
SHOWN = 5  # previews
MEMORY = DeviceMemory(peak=1_000, reserved=2_000, total=10_000)
SLOW_SECONDS = 3.0
SUGGEST_DIES = 31  # labels asked for
SPRAWL, BLOCK = 160 * 2**20, 64 * 2**10  # bytes that are used and freed, in blocks that malloc keeps for itself


def sprawl() -> bytearray:
    """Use and free a lot of memory, all but the last block: as long as that lives, the C library gives nothing back."""
    return [bytearray(b"x") * BLOCK for _ in range(SPRAWL // BLOCK)][-1]


class StubPainter:
    """Gives the doodle back as the painting."""

    def paint(self, job: Job, pictures: Pictures, on_progress: Callable[[Progress], None]) -> Painted:
        """See worker.painter.Painter."""
        on_progress(Progress(octave=1, octaves=1, iteration=1, iterations=2, done=0.5, seconds=0.1))
        how = job.options.seed
        if how == SHOWS:
            for number in range(SHOWN):
                time.sleep(0.15)
                on_progress(Progress(1, 1, 1, 2, 0.5, 0.1 * number, preview=b"preview %d" % number))
            time.sleep(0.3)
            on_progress(Progress(1, 1, 2, 2, 0.9, 1.0))
        if how in (SLOW, SLOW_AND_NEW):
            time.sleep(SLOW_SECONDS)
        elif how == REFUSES:
            raise PaintingFailed("input", "The doodle has a colour that the style map lacks.")
        elif how == DIES:
            os.kill(os.getpid(), signal.SIGKILL)
        elif how == HANGS:
            time.sleep(3600)
        elif how == HANGS_IN_C:
            ctypes.PyDLL(None).sleep(3600)  # holds the interpreter's lock: no thread and no signal handler runs
        elif how == DEVICE_FAILS:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")
        elif how == SPRAWLS:
            self.kept = sprawl()
        # The store has the doodle already, and does not write again what it has.
        png = pictures.doodle + os.urandom(8) if how == SLOW_AND_NEW else pictures.doodle
        return Painted(png=png, width=128, height=96, seconds=0.1, notes=("a note",), memory=MEMORY)

    def suggest(self, job: SuggestJob, subject: Subject) -> Painted:
        """The picture itself as its map."""
        if job.options.labels == SUGGEST_DIES:
            os.kill(os.getpid(), signal.SIGKILL)
        return Painted(png=subject.picture, width=96, height=72, seconds=0.1)


def make(_networks: Path | None) -> StubPainter:
    """For worker.child.start."""
    return StubPainter()


if __name__ == "__main__":
    start(make)
