"""What a GPU would see: how often a search makes the processor wait for a number. Counted on the processor."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from engine.fast import trial as trial_module
from engine.fast import vote as vote_module
from engine.fast.blocks import cut_cells
from engine.fast.effort import EFFORTS
from engine.fast.pyramid import build_pyramid
from engine.fast.search import Search
from engine.fast.space import build_space
from engine.fast.vote import vote
from engine.maps import find_labels
from engine.settings import Settings
from tests.engine.fast.scene import make_request

# each of them reads a size or a value back from the device
WAITING = ("local_scalar_dense", "nonzero", "bincount", "unique", "masked_select", "equal", "repeat_interleave")


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
    monkeypatch.setattr(trial_module, "is_compiled", lambda _: False)
    monkeypatch.setattr(vote_module, "is_compiled", lambda _: False)
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
