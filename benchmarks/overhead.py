"""What a worker adds to the engine: `python -m benchmarks.overhead`.

Real painter process, real Valkey, pictures from the store and back. The painter's own clock runs inside
engine.paint; everything else that a job costs (fetching, the pipe, decoding, encoding, storing, telling) is overhead.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import write_report
from bot.styles import DEMO_STYLE, house_style
from twobit import valkey
from worker.contract import Done, EventStream, Job, JobQueue, PaintOptions, PictureStore
from worker.orphan import tied
from worker.session import Session
from worker.warm import WarmPainter

RUNS = 7


def main() -> None:
    """Measure, print, write benchmarks/results/overhead.md."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        with subprocess.Popen(valkey.command(data), env=tied(os.environ)) as server:
            try:
                valkey.wait_ready(valkey.url_of(data))
                rows = measure(data)
            finally:
                server.terminate()
    over = [wall - painting for wall, painting in rows]
    lines = ["| run | job | painting | overhead |", "|---|---|---|---|"]
    for number, (wall, painting) in enumerate(rows, 1):
        lines.append(f"| {number} | {wall:.3f} s | {painting:.3f} s | {(wall - painting) * 1000:.0f} ms |")
    median = statistics.median(over) * 1000
    lines.append(f"\nmedian overhead {median:.0f} ms, greatest {max(over) * 1000:.0f} ms (512x384, preset draft, warm)")
    page = "\n".join(lines) + "\n"
    print(page)
    write_report("overhead", "What a worker adds to the engine", page)
    sys.exit(0 if median <= 100 else 1)


def measure(data: Path) -> list[tuple[float, float]]:
    """(seconds of the whole job, seconds of the painting) for each warm run."""
    url, store = valkey.url_of(data), PictureStore((data / "pictures").as_uri())
    stream, painter = EventStream.at(url), WarmPainter()
    session = Session(worker="bench", painter=painter, store=store, queue=JobQueue.at(url), stream=stream)
    style = house_style(DEMO_STYLE)
    digests = [store.put(path.read_bytes()) for path in (style.picture, style.map, style.doodle)]
    rows = []
    try:
        for run in range(RUNS + 1):
            options = PaintOptions(preset="draft", seed=run)
            job = Job(
                id="bench000", attempt=1, style=digests[0], style_map=digests[1], doodle=digests[2], options=options
            )
            began = time.perf_counter()
            session.run(job.model_dump_json())
            wall = time.perf_counter() - began
            last = stream.read(10)[-1][1]
            assert isinstance(last, Done), last
            if run:  # the first one starts the painter
                rows.append((wall, last.seconds))
    finally:
        painter.kill()
    return rows


if __name__ == "__main__":
    main()
