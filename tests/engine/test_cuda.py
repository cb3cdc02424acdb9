"""On a real CUDA device; the same code is tested on the processor everywhere else."""

import pytest
import torch

import engine
from engine.settings import Method
from tests.engine.fast.scene import draw_doodle, paint_style

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")


def paint(method: Method, device: engine.settings.Device) -> engine.Painting:
    style, style_map = paint_style()
    return engine.paint(
        style, style_map, draw_doodle(), engine.Settings(method=method, preset="draft", device=device, evaluations=6)
    )


@pytest.mark.parametrize("method", ["fast", "paper", "gram"])
def test_the_same_bytes_twice_and_the_processors_picture(method: Method) -> None:
    first, again, slow = paint(method, "cuda"), paint(method, "cuda"), paint(method, "cpu")
    assert first.device == "cuda"
    assert torch.equal(first.picture, again.picture)
    blur = torch.nn.functional.avg_pool2d
    assert float((blur(first.picture, 8) - blur(slow.picture, 8)).abs().mean()) < 0.05


def test_too_little_memory_is_told() -> None:
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(1e-5)
    try:
        with pytest.raises(engine.ResourceError, match="ran out of memory"):
            paint("paper", "cuda")
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
