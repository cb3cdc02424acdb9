"""python -m benchmarks.quality [--samples DIR] [--preset fast] [--seeds 3]: how good the paintings are.

Each case is painted with several seeds; the table has the medians. What the figures mean: benchmarks/measures.py.
Which folders can be given: benchmarks/cases.py. Without --samples the house styles are taken.
"""

import argparse
from pathlib import Path
from statistics import median

import engine
from benchmarks.cases import HOUSE, Case, find_cases, save_picture
from benchmarks.measures import Quality, measure
from benchmarks.report import format_table, write_report
from engine.maps import find_labels

HEADS = ("case", "size", "leak", "swd", "sharp", "reuse", "border", "64 px blocks", "seconds")


def main(arguments: list[str] | None = None) -> None:
    """Paint, measure, print, and write benchmarks/results/quality-METHOD-PRESET.md."""
    parser = argparse.ArgumentParser(prog="benchmarks.quality", description=__doc__)
    parser.add_argument("--samples", type=Path, default=HOUSE, help="folder of cases (default: the house styles)")
    parser.add_argument("--method", default="fast", help="fast, paper, gram or mrf")
    parser.add_argument("--preset", default="fast", help="draft, fast or best")
    parser.add_argument("--seeds", type=int, default=3, help="paintings per case")
    parser.add_argument("--pictures", type=Path, help="keep the paintings here")
    parser.add_argument("--results", default="quality", help="first part of the table's name")
    chosen = parser.parse_args(arguments)
    rows = []
    for case in find_cases(chosen.samples):
        row = judge(case, chosen.method, chosen.preset, chosen.seeds, chosen.pictures)
        print("  ".join(row), flush=True)
        rows.append(row)
    table = format_table(HEADS, rows)
    note = f"Median of {chosen.seeds} seeds, method {chosen.method}, preset {chosen.preset}.\n\n"
    path = write_report(f"{chosen.results}-{chosen.method}-{chosen.preset}", "Quality", note + table)
    print(f"\n{table}\nwritten to {path}")


def judge(case: Case, method: str, preset: str, seeds: int, pictures: Path | None) -> list[str]:
    """One row of the table."""
    style, style_map, doodle = case.load()
    labels = find_labels(style_map, doodle)
    found: list[Quality] = []
    seconds: list[float] = []
    for seed in range(seeds):
        settings = engine.Settings(method=method, preset=preset, seed=seed)  # type: ignore[arg-type]
        painting = engine.paint(style, style_map, doodle, settings)
        seconds.append(painting.seconds)
        # as a file has it: whole steps of 1/255
        picture = (painting.picture * 255).round() / 255
        if pictures is not None:
            save_picture(picture, pictures / f"{case.name.replace(' ', '_')}_{method}_{preset}_{seed}.png")
        found.append(measure(style, picture, labels))
    figures = [median(getattr(quality, name) for quality in found) for name in Quality.__slots__]
    size = f"{doodle.shape[3]}x{doodle.shape[2]}"
    return [
        case.name,
        size,
        *(f"{figure:.3f}" for figure in figures[:-1]),
        f"{figures[-1]:g}",
        f"{median(seconds):.1f}",
    ]


if __name__ == "__main__":
    main()
