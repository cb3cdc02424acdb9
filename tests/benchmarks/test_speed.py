"""What `python -m benchmarks.speed` measures with."""

import pytest

from benchmarks.speed import small_size
from engine.settings import MIN_SIDE


@pytest.mark.parametrize(("width", "height"), [(512, 384), (2048, 512), (300, 1200), (333, 250)])
def test_the_warm_up_is_small_and_can_be_painted(width: int, height: int) -> None:
    small = small_size(width, height)
    assert min(small) >= MIN_SIDE
    assert small[0] * small[1] < 48 * 48 * 5
    assert small[0] * height / (small[1] * width) == pytest.approx(1, abs=0.02)
