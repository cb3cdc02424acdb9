"""Suggested maps against maps made by hand: `python -m benchmarks.suggest [--samples DIR] [--sheets DIR] [--no-house]`.

For each picture with a map: the best one-to-one matching of labels (exact), IoU of each label of the map made by hand,
and their mean; a label that nothing is matched to counts 0. Once with as many labels as the map has, once with the
number left open. The house styles are measured too; their labels of under 1 % (eyes, lips) count like all others.
"""

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

import engine
from benchmarks.cases import HOUSE, Case, find_cases, load_picture
from benchmarks.report import format_table, write_report
from engine.maps import find_palette, snap

GOAL = 0.60


@dataclass(frozen=True, slots=True)
class Row:
    """One picture, both ways."""

    name: str
    labels: int  # of the map made by hand
    given: float  # mean IoU with that number given
    chosen: float  # mean IoU with the number left open
    count: int  # the number then chosen
    wall: float  # seconds by the clock for the one left open
    cpu: float  # of processor time for the same
    pixels: int


def main() -> None:
    """Measure, print, write benchmarks/results/suggest.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, help="folder of pictures with maps, see benchmarks/cases.py")
    parser.add_argument("--sheets", type=Path, help="write picture, map and both suggestions side by side here")
    parser.add_argument("--house", action=argparse.BooleanOptionalAction, default=True, help="measure the house styles")
    chosen = parser.parse_args()
    groups = {"Samples": chosen.samples, "House styles": HOUSE if chosen.house else None}
    pages = []
    for title, folder in groups.items():
        if folder is not None:
            pages.append(f"## {title}\n\n{page([measure(case, chosen.sheets) for case in unique(folder)])}")
    body = f"Goal on the samples: {GOAL:.2f}.\n\n" + "\n".join(pages)
    print(body)
    write_report("suggest", "Suggested maps against maps made by hand", body)


def unique(folder: Path) -> list[Case]:
    """One case for each picture, whatever doodles it has."""
    return list({case.style: case for case in find_cases(folder)}.values())


def measure(case: Case, sheets: Path | None) -> Row:
    """Both suggestions for one picture."""
    picture = load_picture(case.style)
    truth, palette = true_labels(case, picture)
    given = engine.annotate(picture, len(palette))
    began, busy = time.perf_counter(), time.process_time()
    free = engine.annotate(picture)
    wall, cpu = time.perf_counter() - began, time.process_time() - busy
    if sheets is not None:
        write_sheet(sheets / f"{case.style.stem}-{case.style.parent.name}.png", picture, palette[truth], given, free)
    score, open_score = mean_iou(truth, given.labels), mean_iou(truth, free.labels)
    name = case.style.parent.name if case.style.stem == "picture" else case.style.stem
    return Row(name, len(palette), score, open_score, free.count, wall, cpu, truth.numel())


def true_labels(case: Case, picture: Tensor) -> tuple[Tensor, Tensor]:
    """(H, W) int64 labels of the map made by hand, at the picture's size, and its palette (L, 3) in [0, 1]."""
    painted = load_picture(case.style_map, (picture.shape[3], picture.shape[2]))[0]
    palette = find_palette(painted)
    label = snap(painted, palette)
    used, label = torch.unique(label, return_inverse=True)
    return label, palette[used]


def mean_iou(truth: Tensor, found: Tensor) -> float:
    """Mean IoU over the labels of `truth` after the best one-to-one matching with those of `found`."""
    rows, columns = int(truth.max()) + 1, int(found.max()) + 1
    both = torch.bincount(truth.flatten() * columns + found.flatten().long(), minlength=rows * columns)
    both = both.view(rows, columns).double()
    iou = (both / (both.sum(1, keepdim=True) + both.sum(0) - both)).numpy()
    return best_matching(iou) / rows


def best_matching(gain: NDArray[np.float64]) -> float:
    """Largest total gain of pairing rows with columns, each at most once; exact, over all subsets of the fewer side."""
    if gain.shape[0] < gain.shape[1]:
        gain = gain.T
    best = np.full(1 << gain.shape[1], -np.inf)
    best[0] = 0.0
    for row in gain:
        grown = best.copy()
        for column, value in enumerate(row):
            without = np.flatnonzero(~(np.arange(len(best)) >> column) & 1)
            taken = without | 1 << column
            grown[taken] = np.maximum(grown[taken], best[without] + value)
        best = grown
    return float(best.max())


def page(rows: list[Row]) -> str:
    """The table and its means."""
    heads = (
        "picture",
        "labels",
        "IoU, number given",
        "IoU, number left open",
        "chosen",
        "seconds",
        "CPU-s",
        "megapixels",
    )
    lines = [
        (
            r.name,
            str(r.labels),
            f"{r.given:.3f}",
            f"{r.chosen:.3f}",
            str(r.count),
            f"{r.wall:.1f}",
            f"{r.cpu:.1f}",
            f"{r.pixels / 1e6:.2f}",
        )
        for r in rows
    ]
    given, free = (float(np.mean([getattr(row, name) for row in rows])) for name in ("given", "chosen"))
    return format_table(heads, [*lines, ("mean", "", f"{given:.3f}", f"{free:.3f}", "", "", "", "")])


def write_sheet(path: Path, picture: Tensor, truth: Tensor, *suggestions: engine.Suggestion) -> None:
    """Picture, map made by hand, and the suggestions, side by side at full size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tiles = [(picture[0].permute(1, 2, 0) * 255).round().byte(), (truth * 255).round().byte()]
    tiles += [found.palette[found.labels.long()] for found in suggestions]
    Image.fromarray(torch.cat(tiles, 1).numpy()).save(path)


if __name__ == "__main__":
    main()
