"""Both layouts of a folder of cases are found and loaded."""

from pathlib import Path

import pytest
import torch

from benchmarks.cases import find_cases, load_picture, save_picture


def test_both_layouts(tmp_path: Path) -> None:
    picture = torch.rand(1, 3, 40, 50, generator=torch.Generator().manual_seed(0))
    for name in ("lake/picture", "lake/map", "lake/doodle", "hill", "hill_map", "hill_doodle_one", "hill_doodle_two"):
        save_picture(picture, tmp_path / f"{name}.png")
    cases = find_cases(tmp_path)
    assert [case.name for case in cases] == ["hill one", "hill two", "lake"]
    style, style_map, doodle = cases[0].load()
    assert style.shape == style_map.shape == doodle.shape == (1, 3, 40, 50)
    assert float((style - picture).abs().max()) <= 0.5 / 255 + 1e-6


def test_maps_are_resized_to_the_style(tmp_path: Path) -> None:
    save_picture(torch.tensor([0.0, 1.0]).view(1, 1, 1, 2).expand(1, 3, 20, 2), tmp_path / "a.png")
    assert load_picture(tmp_path / "a.png", (8, 4))[0, 0, 0].tolist() == [0] * 4 + [1] * 4


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no case"):
        find_cases(tmp_path)
