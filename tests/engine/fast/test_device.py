"""What a GPU would see: how often a search waits for a number, which sums are in any order. Seen on the processor."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from engine.fast.blocks import cut_cells
from engine.fast.effort import EFFORTS
from engine.fast.fast import paint_fast
from engine.fast.pyramid import build_pyramid
from engine.fast.search import Search
from engine.fast.space import build_space
from engine.fast.vote import vote
from engine.maps import find_labels
from engine.settings import Settings
from tests.engine.fast.scene import in_torch, make_request

# each of them reads a size or a value back from the device
WAITING = ("local_scalar_dense", "nonzero", "bincount", "unique", "masked_select", "equal", "repeat_interleave")


# each of them adds up floats in the order in which a GPU's threads come; scatter_add is used for whole numbers alone
ANY_ORDER = ("index_add", "index_reduce", "scatter_reduce", "put", "cumsum", "histc")


class Waits(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the operations that would wait for a GPU."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.found: Counter[str] = Counter()

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        name = func.overloadpacket.__name__
        masked = "index" in name and any(
            isinstance(index, torch.Tensor) and index.dtype == torch.bool
            for given in args
            if isinstance(given, list | tuple)
            for index in given
        )
        if name.lstrip("_").startswith(WAITING) or masked:
            self.found[name] += 1
        return func(*args, **(kwargs or {}))


def test_a_round_of_search_and_vote_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    in_torch(monkeypatch)
    request = make_request()
    octave = build_pyramid(request.style, find_labels(request.style_map, request.target_map))[-1]
    space = build_space(octave, EFFORTS["fast"], Settings(), 2, torch.Generator().manual_seed(0))
    search = Search(space, EFFORTS["fast"], lambda _: None, cut_cells(space, 1, 0))
    field = torch.randint(len(space.table), (len(space.guide),), generator=torch.Generator().manual_seed(0))
    with Waits() as waits:
        query = space.query(vote(octave, field))
        best = search.everywhere(query, field)
        found = search.nearby(query, field, window=True, also=best)
        vote(octave, found)
    assert not waits.found
    with Waits() as waits:  # it does count
        torch.unique(field[field > 3]).sum().item()
    assert len(waits.found) == 3


class Order(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Collects the operations whose sums of floats a GPU takes in any order."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.found: set[str] = set()

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if name.startswith(ANY_ORDER) and isinstance(result, torch.Tensor) and result.is_floating_point():
            self.found.add(name)
        return result


def test_no_sum_depends_on_the_order_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    in_torch(monkeypatch)
    request = make_request(Settings(preset="draft"))
    with Order() as order:
        paint_fast(replace(request, content=request.target_map.mean(1, keepdim=True).expand(1, 3, -1, -1)), None, None)
    assert not order.found
    with Order() as order:  # it does see them
        torch.zeros(3).index_add_(0, torch.tensor([0, 0]), torch.ones(2))
    assert order.found == {"index_add_"}
