"""Machine code on disk: found again, told apart by how it was compiled, and never a painting's end."""

import resource
from collections.abc import Callable
from importlib import util
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.fast import compiled as module
from engine.fast.compiled import is_compiled

pytestmark = pytest.mark.skipif(not is_compiled(torch.device("cpu")), reason="Numba is not there for this Python")

SOURCE = "from engine.fast.compiled import compiled\n\n\n@compiled\ndef double(number):\n    return number * 2\n"


def load(folder: Path) -> Callable[..., Any]:
    """`double` of a module in `folder`, as a new process would load it."""
    file = folder / "doubling.py"
    if not file.exists():
        file.write_text(SOURCE)
    spec = util.spec_from_file_location("doubling", file)
    assert spec is not None
    assert spec.loader is not None
    made = util.module_from_spec(spec)
    spec.loader.exec_module(made)
    double: Callable[..., Any] = made.double
    return double


def hits(function: Any) -> int:
    return int(sum(function.stats.cache_hits.values()))


def test_code_is_kept_and_found_again(tmp_path: Path) -> None:
    first, again = load(tmp_path), load(tmp_path)
    assert (first(21), hits(first)) == (42, 0)
    assert (again(21), hits(again)) == (42, 1)


def test_code_compiled_otherwise_is_other_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(tmp_path)(21)
    monkeypatch.setitem(module.CHOICES, "fastmath", {"contract": True})
    other = load(tmp_path)
    assert (other(21), hits(other)) == (42, 0)


def test_a_full_disk_ends_nothing(tmp_path: Path) -> None:
    double = load(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # each write fails from here on
    try:
        assert double(21) == 42
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [file for file in tmp_path.rglob("*.nbc") if file.stat().st_size]


@pytest.mark.parametrize("kind", ["*.nbi", "*.nbc"])
def test_broken_files_are_compiled_anew(tmp_path: Path, kind: str) -> None:
    load(tmp_path)(21)
    for file in tmp_path.rglob(kind):
        file.write_bytes(file.read_bytes()[:20])
    double = load(tmp_path)
    assert (double(21), hits(double)) == (42, 0)


def test_a_folder_that_takes_nothing_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(module, "KeptCode", refuse)
    assert load(tmp_path)(21) == 42
