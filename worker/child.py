"""The painter's own process: warm, alone with the pictures, and replaceable.

Started by worker.warm as `python -m worker.child ... FD`; reads jobs from the pipe until it closes.
"""

import argparse
import dataclasses
import signal
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from worker import pipe, trim
from worker.contract import Job, SuggestJob, task_from_json
from worker.orphan import die_with_parent
from worker.painter import Painted, Painter, PaintingFailed, Pictures, Progress, Subject

IDLE_SECONDS = 0.25  # before memory is given back: that takes 18 ms, and the next job of many needs most of it again


def serve(connection: Connection, painter: Painter) -> None:
    """Answer each job on the pipe with steps and one end; returns when the worker closes the pipe.

    Once nothing has come for a moment, what the last job has freed goes back to the system.
    """
    pipe.send(connection, {"type": "ready"})
    while True:
        try:
            if not connection.poll(IDLE_SECONDS):
                trim.give_back()
            header, parts = pipe.receive(connection)
        except (EOFError, OSError):
            return
        _answer(connection, painter, task_from_json(header["job"]), parts)


def _answer(connection: Connection, painter: Painter, job: Job | SuggestJob, parts: list[bytes]) -> None:
    def on_progress(progress: Progress) -> None:
        header = dataclasses.asdict(progress)
        preview = header.pop("preview")
        pipe.send(connection, {"type": "step", **header}, *(() if preview is None else (preview,)))

    try:
        painted = _done(painter, job, parts, on_progress)
    except PaintingFailed as failed:
        pipe.send(connection, {"type": "failed", "failure": failed.failure, "message": str(failed)})
        return
    header = {
        "type": "done",
        "width": painted.width,
        "height": painted.height,
        "seconds": painted.seconds,
        "notes": painted.notes,
        "memory": None if painted.memory is None else dataclasses.asdict(painted.memory),
    }
    pipe.send(connection, header, painted.png)


def _done(
    painter: Painter, job: Job | SuggestJob, parts: list[bytes], on_progress: Callable[[Progress], None]
) -> Painted:
    if isinstance(job, SuggestJob):
        return painter.suggest(job, Subject(*parts))
    return painter.paint(job, Pictures(*parts), on_progress)


def start(make_painter: Callable[[Path | None], Painter], arguments: Sequence[str] | None = None) -> None:
    """Entry point of a painter's process: `[--networks DIR] FD`, the pipe's file descriptor."""
    die_with_parent()
    # Ctrl-C in a terminal reaches the whole group; the worker decides when the painter ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", type=Path)
    parser.add_argument("descriptor", type=int)
    chosen = parser.parse_args(arguments)
    serve(Connection(chosen.descriptor), make_painter(chosen.networks))


def _engine(networks: Path | None) -> Painter:
    import engine  # noqa: F401 - before torch, whose threads it asks to wait asleep
    from worker.engine_painter import EnginePainter

    return EnginePainter(cache_dir=networks)


if __name__ == "__main__":
    start(_engine)
