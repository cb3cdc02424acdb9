"""python -m benchmarks.speed [--device cpu]: seconds, memory and the cost of watching, by preset and size.

Each painting is run in a process of its own after a warm-up at a small size, so that the peak of its memory is its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import torch
from torch.nn import functional

import engine
from benchmarks.cases import HOUSE, find_cases, save_picture
from benchmarks.report import format_table, write_report
from engine.fast.progress import Progress
from engine.paper.watch import Watch

SIZES = ("512x384", "1024x768", "2048x1536")
HEADS = (
    "preset",
    "size",
    "seconds",
    "CPU-seconds",
    "CPU times the first size's, per pixel",
    "peak GB",
    "watching",
    "longest s without a preview",
)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write benchmarks/results/speed-DEVICE.md."""
    parser = argparse.ArgumentParser(prog="benchmarks.speed", description=__doc__)
    parser.add_argument("--samples", type=Path, default=HOUSE, help="folder of cases; the first is painted")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--method", default="fast", help="fast, paper, gram or mrf")
    parser.add_argument("--presets", nargs="+", default=["draft", "fast", "best"])
    parser.add_argument("--sizes", nargs="+", default=list(SIZES), help="WIDTHxHEIGHT")
    parser.add_argument("--repeats", type=int, default=1, help="paintings of each size; the quickest counts")
    parser.add_argument("--results", default="speed", help="first part of the table's name")
    parser.add_argument("--picture", type=Path, help="keep the last painting here")
    parser.add_argument("--one", help=argparse.SUPPRESS)  # what a child process paints, as JSON
    chosen = parser.parse_args(arguments)
    if chosen.one:
        print(json.dumps(paint_one(chosen.samples, **json.loads(chosen.one))))
        return
    if chosen.device == "cuda" and not torch.cuda.is_available():
        body = "Not measured: no CUDA device here.\n"
    else:
        load = os.getloadavg()[0]
        body = format_table(HEADS, measure_all(chosen))
        body += f"\nThe quickest of {chosen.repeats}; load of the machine as it began: {load:.1f}.\n"
    path = write_report(f"{chosen.results}-{chosen.method}-{chosen.device}", "Speed", body)
    print(f"\n{body}\nwritten to {path}")


def measure_all(chosen: argparse.Namespace) -> list[list[str]]:
    """All rows of the table, each from a process of its own."""
    rows = []
    for preset in chosen.presets:
        per_pixel = 0.0
        for size in chosen.sizes:
            asked: dict[str, object] = {"method": chosen.method, "preset": preset, "size": size}
            asked |= {"device": chosen.device, "repeats": chosen.repeats}
            if chosen.picture:
                asked["picture"] = str(chosen.picture)
            command = [sys.executable, "-m", "benchmarks.speed", "--samples", str(chosen.samples)]
            done = subprocess.run([*command, "--one", json.dumps(asked)], check=True, stdout=subprocess.PIPE, text=True)
            found = json.loads(done.stdout)
            width, height = (int(side) for side in size.split("x"))
            cost = found["cpu_seconds"] / (width * height)
            per_pixel = per_pixel or cost
            row = [preset, size, f"{found['seconds']:.2f}", f"{found['cpu_seconds']:.1f}"]
            watching = f"{found['watching']:.2%}"
            row += [f"{cost / per_pixel:.2f}", f"{found['gigabytes']:.2f}", watching, f"{found['gap']:.2f}"]
            rows.append(row)
            print("  ".join(rows[-1]), flush=True)
    return rows


def paint_one(
    samples: Path, method: str, preset: str, size: str, device: str, repeats: int, picture: str | None = None
) -> dict[str, float]:
    """Seconds, CPU-seconds, peak memory (of the GPU where it paints), share of watching, longest time without a preview
    of one warm painting.
    """
    style, style_map, doodle = find_cases(samples)[0].load()
    width, height = (int(side) for side in size.split("x"))
    doodle = functional.interpolate(doodle, size=(height, width), mode="nearest-exact")
    warm_width, warm_height = small_size(width, height)
    warm = engine.Settings(method=method, preset=preset, device=device, width=warm_width, height=warm_height)  # type: ignore[arg-type]
    engine.paint(style, style_map, doodle, warm)
    settings = engine.Settings(method=method, preset=preset, device=device)  # type: ignore[arg-type]
    told = Telling()
    Progress.tell = told.timed(Progress.tell)  # type: ignore[method-assign]
    Watch.tell = told.timed(Watch.tell)  # type: ignore[method-assign]
    seconds = cpu_seconds = watching = gap = float("inf")
    for _ in range(repeats):
        told.seconds, started, worked = 0.0, perf_counter(), process_time()
        looks = Looks(started)
        painting = engine.paint(style, style_map, doodle, settings, on_step=looks)
        seconds, cpu_seconds = min(seconds, perf_counter() - started), min(cpu_seconds, process_time() - worked)
        watching = min(watching, told.seconds / (perf_counter() - started))
        gap = min(gap, looks.longest(perf_counter()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB
    if device == "cuda":
        peak = torch.cuda.max_memory_allocated()
    if picture is not None:
        save_picture(painting.picture, Path(picture))
    return {"seconds": seconds, "cpu_seconds": cpu_seconds, "gigabytes": peak / 2**30, "watching": watching, "gap": gap}


def small_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of the warm-up, px: of the same aspect, the shorter side 48."""
    return round(48 * width / min(width, height)), round(48 * height / min(width, height))


class Looks:
    """When the caller saw a preview."""

    def __init__(self, started: float) -> None:
        """`started`: `perf_counter` as the painting begins."""
        self.times = [started]

    def __call__(self, step: engine.Step) -> None:
        """As `engine.paint` calls it."""
        if step.preview is not None:
            self.times.append(perf_counter())

    def longest(self, ended: float) -> float:
        """Seconds between two of them, the start and the end counted as one."""
        return max(after - before for before, after in pairwise([*self.times, ended]))


class Telling:
    """Adds up the time that goes into telling the caller, previews included."""

    def __init__(self) -> None:
        """None yet."""
        self.seconds = 0.0

    def timed(self, tell: Callable[..., Any]) -> Callable[..., Any]:
        """`tell` with its time counted."""

        @wraps(tell)
        def timed_tell(*given: Any, **named: Any) -> Any:
            started = perf_counter()
            try:
                return tell(*given, **named)
            finally:
                self.seconds += perf_counter() - started

        return timed_tell


if __name__ == "__main__":
    main()
