"""Sums and maxima over windows around each pixel, by doubling: a window of 15 takes six steps, not fourteen."""

from collections.abc import Callable

import torch
from torch import Tensor

Joining = Callable[[Tensor, Tensor], Tensor]


def window_sum(planes: Tensor, side: int) -> Tensor:
    """(..., H - side + 1, W - side + 1) sums over the side x side windows of planes (..., H, W)."""
    return slide(slide(planes, side, -2, torch.add), side, -1, torch.add)


def window_max(planes: Tensor, side: int) -> Tensor:
    """The same with the largest value of each window."""
    return slide(slide(planes, side, -2, torch.maximum), side, -1, torch.maximum)


def window_min(planes: Tensor, side: int) -> Tensor:
    """The same with the smallest value of each window."""
    return slide(slide(planes, side, -2, torch.minimum), side, -1, torch.minimum)


def slide(planes: Tensor, length: int, axis: int, joined: Joining) -> Tensor:
    """`joined` over `length` neighbours along `axis`, which gets length - 1 shorter; any associative operation.

    Runs of 1, 2, 4, ... are joined, and those put together that make up `length`.
    """
    count = planes.shape[axis] - length + 1
    run, size, start = planes, 1, 0
    result: Tensor | None = None
    while size <= length:
        if length & size:
            part = run.narrow(axis, start, count)
            result = part if result is None else joined(result, part)
            start += size
        if 2 * size <= length:
            more = run.shape[axis] - size
            run = joined(run.narrow(axis, 0, more), run.narrow(axis, size, more))
        size *= 2
    assert result is not None  # length >= 1
    return result
