"""python -m benchmarks.claims: what the map costs in the paper's method, against the paper's own words.

Champandard (2016, section "Implementation") gives about 1 % more memory and 5 % more work for a map of three channels.
Paintings with and without map (mrf) take turns, each in a process of its own; of each the least is taken.
"""

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path
from time import process_time

import torch
from torch.nn import functional

import engine
from benchmarks.cases import HOUSE, find_cases
from benchmarks.report import format_table, write_report

METHODS = ("paper", "mrf")
HEADS = ("", "with map", "without", "more", "the paper says")


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, and write benchmarks/results/claims.md."""
    parser = argparse.ArgumentParser(prog="benchmarks.claims", description=__doc__)
    parser.add_argument("--samples", type=Path, default=HOUSE, help="folder of cases; the first is painted")
    parser.add_argument("--size", default="512x384", help="WIDTHxHEIGHT")
    parser.add_argument("--evaluations", type=int, default=6, help="per octave, a search in each")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--one", help=argparse.SUPPRESS)  # what a child process paints, as JSON
    chosen = parser.parse_args(arguments)
    if chosen.one:
        print(json.dumps(paint_one(chosen.samples, **json.loads(chosen.one))))
        return
    found: dict[str, list[dict[str, float]]] = {method: [] for method in METHODS}
    for _ in range(chosen.turns):
        for method in METHODS:
            asked = json.dumps({"method": method, "size": chosen.size, "evaluations": chosen.evaluations})
            command = [sys.executable, "-m", "benchmarks.claims", "--samples", str(chosen.samples), "--one", asked]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            found[method].append(json.loads(done.stdout))
    rows = []
    for figure, said in (("CPU-seconds", "5 %"), ("peak GB", "1 %")):
        mapped, plain = (min(run[figure] for run in found[method]) for method in METHODS)
        rows.append([figure, f"{mapped:.2f}", f"{plain:.2f}", f"{mapped / plain - 1:+.1%}", said])
    table = format_table(HEADS, rows)
    note = f"Method paper against mrf, {chosen.size}, 3 x {chosen.evaluations} evaluations, a search in each.\n\n"
    print(f"\n{table}\nwritten to {write_report('claims', 'What a map costs', note + table)}")


def paint_one(samples: Path, method: str, size: str, evaluations: int) -> dict[str, float]:
    """CPU-seconds and peak memory of one painting."""
    style, style_map, doodle = find_cases(samples)[0].load()
    width, height = (int(side) for side in size.split("x"))
    doodle = functional.interpolate(doodle, size=(height, width), mode="nearest-exact")
    settings = engine.Settings(method=method, device="cpu", evaluations=evaluations, nn_every=1, colour=0)  # type: ignore[arg-type]
    torch.set_num_threads(1)  # what several threads wait for each other would count as work
    worked = process_time()
    engine.paint(style, style_map, doodle, settings)
    return {
        "CPU-seconds": process_time() - worked,
        "peak GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,  # Linux counts in KiB
    }


if __name__ == "__main__":
    main()
