"""What the door does when memory runs out: smaller pieces, and a word about it."""

import weakref
from collections.abc import Callable
from importlib import import_module

import pytest
import torch
from torch import Tensor

import engine
from engine.network import Network
from engine.paper.match import bands, style_patches
from engine.request import Outcome, Request
from engine.step import OnStep, Step
from tests.engine.fast.scene import draw_doodle, paint_style

door = import_module("engine.paint")  # the package's own name `paint` is the function in it
SHORTAGES: list[Callable[[], Exception]] = [
    lambda: torch.OutOfMemoryError("CUDA out of memory"),
    lambda: RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
    MemoryError,
]


class Hungry:
    """A method that needs pieces at least so many times smaller than usual."""

    def __init__(self, need: int, error: Callable[[], Exception]) -> None:
        self.need, self.error = need, error
        self.tried: list[int] = []

    def __call__(self, request: Request, _network: Network, on_step: OnStep | None) -> Outcome:
        self.tried.append(request.thrift)
        if on_step is not None:
            on_step(Step(1, 2, 1, 1, 0.0, 0.0, 0.5 / request.thrift))
        if request.thrift < self.need:
            raise self.error()
        return Outcome(request.style.new_zeros(1, 3, *request.size), stopped=False, notes=("first note",))


def paint(method: Hungry, monkeypatch: pytest.MonkeyPatch, on_step: OnStep | None = None) -> engine.Painting:
    monkeypatch.setattr(door, "find_method", lambda _: method)
    style, style_map = paint_style()
    return engine.paint(style, style_map, draw_doodle(), engine.Settings(), on_step=on_step)


@pytest.mark.parametrize("error", SHORTAGES)
def test_a_shortage_is_met_with_smaller_pieces_and_told(
    error: Callable[[], Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    method = Hungry(16, error)
    steps: list[Step] = []
    painting = paint(method, monkeypatch, steps.append)
    assert method.tried == [1, 4, 16]
    assert painting.notes == ("first note", "memory ran short at 112x80 px: painted in pieces up to 16 times smaller")
    for told in ([step.done for step in steps], [step.seconds for step in steps]):
        assert told == sorted(told)
    assert steps[-1].seconds > steps[0].seconds  # though each attempt counts its own from 0


def test_a_shortage_that_does_not_end_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(engine.ResourceError, match="112x80 px: ask for a smaller painting"):
        paint(Hungry(10**6, SHORTAGES[0]), monkeypatch)


def test_another_fault_is_not_taken_for_a_shortage(monkeypatch: pytest.MonkeyPatch) -> None:
    method = Hungry(4, lambda: RuntimeError("device-side assert triggered"))
    with pytest.raises(RuntimeError, match="assert"):
        paint(method, monkeypatch)
    assert method.tried == [1]


@pytest.mark.parametrize("method", ["fast", "paper"])
def test_smaller_pieces_paint_as_well(method: engine.settings.Method, monkeypatch: pytest.MonkeyPatch) -> None:
    style, style_map = paint_style()
    settings = engine.Settings(method=method, preset="draft", evaluations=4)
    whole = engine.paint(style, style_map, draw_doodle(), settings).picture
    monkeypatch.setattr(door, "THRIFTS", (16,))
    pieces = engine.paint(style, style_map, draw_doodle(), settings)
    assert "16 times smaller" in pieces.notes[0]
    assert blurred_difference(whole, pieces.picture) < 0.03


def test_what_the_failed_attempt_held_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[weakref.ref[Tensor]] = []

    def method(request: Request, _network: Network, _on_step: OnStep | None) -> Outcome:
        assert all(reference() is None for reference in held)
        mine = torch.zeros(8)
        held.append(weakref.ref(mine))
        if request.thrift < 16:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return Outcome(request.style.new_zeros(1, 3, *request.size), stopped=False)

    monkeypatch.setattr(door, "find_method", lambda _: method)
    style, style_map = paint_style()
    engine.paint(style, style_map, draw_doodle(), engine.Settings())
    assert len(held) == 3


def test_bands_of_the_papers_search_do_get_smaller() -> None:
    style = style_patches(torch.rand(1, 4, 64, 64), 3)
    rows = [max(bottom - top for top, bottom in bands(style, 64, "cpu", thrift)) for thrift in (1, 4, 16)]
    assert rows[0] > 3 * rows[1] > 6 * rows[2]


def blurred_difference(one: Tensor, other: Tensor) -> float:
    blur = torch.nn.functional.avg_pool2d
    return float((blur(one, 8) - blur(other, 8)).abs().mean())
