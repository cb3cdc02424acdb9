"""What `twobit doctor` finds where there is no engine, as in the image of desk and bots."""

import importlib.util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from twobit.health import findings
from twobit.settings import load_settings


def test_where_the_engine_was_left_out_nobody_is_told_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec

    def without_engine(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "engine" else find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", without_engine)
    found = {finding.part: finding for finding in findings(load_settings(data=tmp_path))}
    assert found["engine"].state == "note"
    assert not {"torch", "torchvision", "weights", "speed"} & found.keys()
    assert found["database"].state == found["store"].state == "ok"
