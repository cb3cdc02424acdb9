"""The door of this package: a picture in, a suggested map out."""

import time
from pathlib import Path

import torch
from torch import Tensor

from engine.annotate.cluster import borders, cluster
from engine.annotate.describe import describe
from engine.annotate.edges import to_edges
from engine.annotate.lab import to_lab
from engine.annotate.naming import pick_colours, word_of_place
from engine.annotate.parts import join_small
from engine.annotate.reduce import piece_count, reduced
from engine.annotate.suggestion import Suggestion
from engine.annotate.superpixels import superpixels
from engine.checks import check_picture, place
from engine.errors import InputError
from engine.network import Network, load_network

FEWEST, MOST = 2, 32  # labels that may be asked for
PLAIN = 4 / 255  # range of a picture that is one colour all over, saved as JPEG or not
SEGMENTERS = ("regions", "torchvision")


def annotate(
    picture: Tensor,
    labels: int | None = None,
    *,
    segmenter: str = "regions",
    network: Network | None = None,
    cache_dir: Path | None = None,
) -> Suggestion:
    """A semantic map for a picture (1, 3, H, W) float sRGB in [0, 1]; the same bytes each time.

    labels     how many, FEWEST..MOST; None: chosen, 3 to 8. Fewer may come of a picture that has not so many, and one
               of a single colour.
    segmenter  "regions" for paintings; "torchvision" for photographs of things that it knows, labels named by class
    network    None: the embedded one; used for regions, on the CPU
    cache_dir  folder for torchvision's weights; None: its own

    Raises InputError; with torchvision ResourceError, offline OfflineError.
    """
    check_picture("picture", picture)
    if labels is not None and not FEWEST <= labels <= MOST:
        raise InputError(f"{labels} labels are asked for: choose {FEWEST} to {MOST}, or none to let them be chosen")
    if segmenter not in SEGMENTERS:
        raise InputError(f"segmenter is {segmenter!r}: choose one of {', '.join(SEGMENTERS)}")
    picture = place(picture, torch.device("cpu"))
    if segmenter == "torchvision":
        from engine.annotate.classes import classes_of, load_segmenter  # torchvision comes with it

        model = load_segmenter(cache_dir)
        began = time.monotonic()
        label, names = classes_of(model, picture, labels)
        return _suggestion(label, picture, names, began, segmenter)
    network = network or load_network("embedded", torch.device("cpu"))
    began = time.monotonic()
    return _suggestion(regions(picture, labels, network), picture, (), began, segmenter)


def regions(picture: Tensor, labels: int | None, network: Network) -> Tensor:
    """(H, W) int64 labels of a checked picture: superpixels, described, joined, carried to the full picture's edges."""
    if float((picture.amax((2, 3)) - picture.amin((2, 3))).max()) <= PLAIN:
        return torch.zeros(picture.shape[2:], dtype=torch.int64)
    small = reduced(picture)
    lab = to_lab(small)
    pieces = superpixels(lab, piece_count(small))
    rows = describe(small, lab, pieces, network)
    found = cluster(rows, torch.bincount(pieces.flatten()).float(), borders(pieces), labels)
    return to_edges(found[pieces], int(found.max()) + 1, small, picture)


def _suggestion(label: Tensor, picture: Tensor, names: tuple[str, ...], began: float, segmenter: str) -> Suggestion:
    """Small parts joined, labels in order of size, colours of their own, where they lie; `names`: of classes, or ()."""
    label = join_small(label)
    sizes = torch.bincount(label.flatten())
    order = [k for k in torch.argsort(sizes, descending=True, stable=True).tolist() if sizes[k] > 0]
    rank = torch.zeros(len(sizes), dtype=torch.int64)
    rank[order] = torch.arange(len(order))
    label = rank[label]
    wanted = torch.stack([picture[0, :, label == k].mean(1) for k in range(len(order))]) * 255
    palette = pick_colours(wanted)
    places = tuple(word_of_place(label == k) for k in range(len(order)))
    classes = tuple(names[k] for k in order) if names else ()
    return Suggestion(label.to(torch.uint8), palette, places, classes, time.monotonic() - began, segmenter)
