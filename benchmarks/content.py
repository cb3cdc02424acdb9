"""python -m benchmarks.content [--samples DIR] [--method fast]: semantic style transfer, picture onto picture.

A portrait is painted in every other house style, and each of two samples in the other's style, over several values of
beta. The content's map is told in the
style's labels: as it is where all its colours are found there, else each label in that of the style's larger labels
whose mean colour is nearest. The figures:
  edges         correlation of the size of the luminance's gradient in content and painting, both first blurred by
                1.5 px (sigma), as edge detectors do: finer than that lies the grain of brush strokes
  fine edges    the same without the blur: how much of the brush strokes follows the content too
  distance      content error of Eq. 1, with the VGG features at conv3_1 and conv4_1, over their mean square
  leak          see benchmarks/measures.py
"""

import argparse
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

import engine
from benchmarks.cases import HOUSE, Case, find_cases, load_picture, save_picture
from benchmarks.measures import mean, measure_leak
from benchmarks.report import format_table, write_report
from engine.errors import InputError
from engine.fast.light import blur, luminance
from engine.maps import Labels, find_labels, find_palette, snap
from engine.network import LAYERS, load_network, pick_device

BETAS = (10.0, 25.0, 50.0, 100.0, 250.0)
USUAL = 50.0
PORTRAIT = "portrait"
SIGMA = 1.5  # px
LARGE = 0.03  # share of a map
HEADS = (
    "content",
    "painted as",
    "size",
    "edges",
    "fine edges",
    "leak",
    "distance at beta 10, 25, 50, 100, 250",
    "rises",
)


class Source(NamedTuple):
    """A picture with its map."""

    name: str
    picture: Tensor  # (1, 3, H, W) in [0, 1]
    map: Tensor  # (1, 3, H, W) in [0, 1]


def main(arguments: list[str] | None = None) -> None:
    """Paint, measure, print, and write benchmarks/results/content-METHOD.md."""
    parser = argparse.ArgumentParser(prog="benchmarks.content", description=__doc__)
    parser.add_argument("--samples", type=Path, help="folder of two pictures or more, besides the house styles")
    parser.add_argument("--method", default="fast", help="fast or paper")
    parser.add_argument("--preset", default="fast", help="draft, fast or best")
    parser.add_argument("--side", type=int, default=512, help="px, the longest of the painting")
    parser.add_argument("--house", nargs="*", help="house styles to paint the portrait in; all when left out")
    parser.add_argument("--pictures", type=Path, help="keep the paintings here")
    chosen = parser.parse_args(arguments)
    house = {case.name: case for case in find_cases(HOUSE)}
    asked = chosen.house or [name for name in house if name != PORTRAIT]
    couples = [(house[PORTRAIT], house[name]) for name in asked]
    couples += [(other, one) for one, other in couples[:1]]
    if chosen.samples:
        one, other = list({case.style: case for case in find_cases(chosen.samples)}.values())[:2]
        couples += [(one, other), (other, one)]
    rows = []
    for content, style in couples:
        row = transfer(load(content, chosen.side), load(style, chosen.side), chosen)
        rows.append(row)
        print("  ".join(row), flush=True)
    note = f"Method {chosen.method}, preset {chosen.preset}, seed 0; edges and leak at beta {USUAL:g}, alpha 10.\n\n"
    table = format_table(HEADS, rows)
    print(f"\n{table}\nwritten to {write_report(f'content-{chosen.method}', 'Content', note + table)}")


def load(case: Case, side: int) -> Source:
    """A case's picture and map, the longest side `side` px."""
    name = case.style.parent.name if case.style.stem == "picture" else case.style.stem
    picture, drawn = load_picture(case.style), load_picture(case.style_map)
    height, width = picture.shape[2:]
    size = round(height * side / max(height, width)), round(width * side / max(height, width))
    picture = functional.interpolate(picture, size=size, mode="bilinear", antialias=True).clamp(0, 1)
    return Source(name, picture, functional.interpolate(drawn, size=size, mode="nearest-exact"))


def transfer(content: Source, style: Source, chosen: argparse.Namespace) -> list[str]:
    """One row of the table."""
    doodle, labels = told_in(content, style)
    distances, usual = [], content.picture
    for beta in BETAS:
        settings = engine.Settings(method=chosen.method, preset=chosen.preset, beta=beta)
        painted = engine.paint(style.picture, style.map, doodle, settings, content=content.picture).picture
        distances.append(content_distance(painted, content.picture))
        if beta == USUAL:
            usual = painted
        if chosen.pictures is not None:
            save_picture(painted, chosen.pictures / f"{content.name}_as_{style.name}_{chosen.method}_{beta:g}.png")
    return [
        content.name,
        style.name,
        f"{doodle.shape[3]}x{doodle.shape[2]}",
        f"{edge_likeness(usual, content.picture, SIGMA):.3f}",
        f"{edge_likeness(usual, content.picture, 0):.3f}",
        f"{measure_leak(style.picture, usual, labels):.3f}",
        ", ".join(f"{distance:.3f}" for distance in distances),
        "yes" if all(before < after for before, after in pairwise(distances)) else "no",
    ]


def told_in(content: Source, style: Source) -> tuple[Tensor, Labels]:
    """The content's map (1, 3, H, W) in the style map's colours, and the labels of both."""
    try:
        return content.map, find_labels(style.map, content.map)
    except InputError:
        palette, own = find_palette(style.map[0]), find_palette(content.map[0])
        label, style_label = snap(content.map[0], own), snap(style.map[0], palette)
        colours = mean_colours(style.picture, style_label, len(palette))
        colours[torch.bincount(style_label.flatten(), minlength=len(palette)) < LARGE * style_label.numel()] = torch.inf
        apart = torch.cdist(mean_colours(content.picture, label, len(own)), colours).nan_to_num(torch.inf)
        doodle = palette[apart.argmin(1)[label]].permute(2, 0, 1)[None].contiguous()
        return doodle, find_labels(style.map, doodle)


def mean_colours(picture: Tensor, label: Tensor, count: int) -> Tensor:
    """(count, 3) mean colour of each label (H, W) in a picture (1, 3, H, W)."""
    return torch.stack([picture[0][:, label == index].mean(1) for index in range(count)]).nan_to_num(torch.inf)


def edge_likeness(one: Tensor, other: Tensor, sigma: float) -> float:
    """Correlation of two pictures' edges, (1, 3, H, W) each; see above."""
    return float(torch.corrcoef(torch.stack([edges(one, sigma), edges(other, sigma)]))[0, 1])


def edges(picture: Tensor, sigma: float) -> Tensor:
    """(H * W,) size of the luminance's gradient, by Sobel's filters."""
    plane = luminance(picture)
    plane = functional.pad(blur(plane, sigma) if sigma else plane, (1, 1, 1, 1), mode="replicate")
    across = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    kernels = torch.stack([across, across.t()])[:, None]
    return functional.conv2d(plane, kernels).square().sum(1).sqrt().flatten()


def content_distance(painted: Tensor, content: Tensor) -> float:
    """Mean over two layers of the squared distance of their features, over the content's mean square."""
    network = load_network("embedded", pick_device("cpu"))
    with torch.no_grad():
        made, wanted = network.features(painted), network.features(content)
    return mean([float((made[at] - wanted[at]).square().mean() / wanted[at].square().mean()) for at in LAYERS])


if __name__ == "__main__":
    main()
