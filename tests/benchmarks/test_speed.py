"""What `python -m benchmarks.speed` measures with."""

import pytest
import torch

from benchmarks.speed import Looks, small_size
from engine import Step
from engine.settings import MIN_SIDE


@pytest.mark.parametrize(("width", "height"), [(512, 384), (2048, 512), (300, 1200), (333, 250)])
def test_the_warm_up_is_small_and_can_be_painted(width: int, height: int) -> None:
    small = small_size(width, height)
    assert min(small) >= MIN_SIDE
    assert small[0] * small[1] < 48 * 48 * 5
    assert small[0] * height / (small[1] * width) == pytest.approx(1, abs=0.02)


def test_the_longest_time_without_a_preview_counts_start_and_end(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([1.5, 2.0])
    monkeypatch.setattr("benchmarks.speed.perf_counter", lambda: next(now))
    looks = Looks(1.0)
    seen = torch.zeros(3, 2, 2, dtype=torch.uint8)
    for preview in (seen, None, seen):
        looks(Step(octave=1, octaves=1, iteration=1, iterations=3, loss=0, seconds=0.5, done=0.3, preview=preview))
    assert looks.times == [1.0, 1.5, 2.0]
    assert looks.longest(2.25) == 0.5
    assert looks.longest(3.0) == 1.0
