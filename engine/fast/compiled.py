"""Loops compiled to machine code, and shared out over torch's threads.

Without Numba (which follows new Pythons late) everything runs through torch, with the same results but for rounding,
only slower.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar, cast

import torch

Function = TypeVar("Function", bound=Callable[..., Any])
CHOICES: dict[str, Any] = {
    "nogil": True,
    "fastmath": dict.fromkeys(("contract", "nsz", "reassoc"), True),
    "error_model": "numpy",
    # Counting who holds an array, on each look at one, took six sevenths of a search: an atomic step, that two threads
    # fight over. The caller holds all arrays; so none can be made within.
    "_nrt": False,
}

try:
    from numba import njit

    from engine.fast.kept import KeptCode
except ImportError:  # pragma: no cover - no Numba for this Python
    FOUND = False
else:
    FOUND = True


def is_compiled(device: torch.device) -> bool:
    """True where compiled loops can work on tensors of `device`."""
    return FOUND and device.type == "cpu"


def compiled(function: Function) -> Function:
    """`function` as machine code that lets other threads run; made once, kept on disk where that can be written.

    Sums may be taken in another order than written, the same one each time. The function makes no array of its own.
    """
    if not FOUND:  # pragma: no cover
        return function
    made = njit(**CHOICES)(function)
    with suppress(RuntimeError):  # neither beside its file nor in the user's own cache folder may anything be written
        made._cache = KeptCode(function, CHOICES)
    return cast("Function", made)


def share_out(work: Callable[[int, int], None], count: int, least: int) -> None:
    """Call `work(start, stop)` for parts of range(count), each on a thread of its own; none may touch another's.

    least  of a part, below which a thread costs more than it brings.
    """
    threads = max(1, min(torch.get_num_threads(), count // least))
    if threads == 1:
        work(0, count)
        return
    bounds = [count * part // threads for part in range(threads + 1)]
    for done in [pool(threads).submit(work, *part) for part in pairwise(bounds)]:
        done.result()


@cache
def pool(threads: int) -> ThreadPoolExecutor:
    """Threads that stay, since a search starts thousands of times."""
    return ThreadPoolExecutor(threads, thread_name_prefix="fast")
