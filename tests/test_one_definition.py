"""What has to be said twice is said the same: the choices of a painting, the documented settings and commands."""

import dataclasses
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from annotated_types import Ge, Le

import engine
from engine.settings import CHOICES, MAX_PIXELS, MIN_SIDE
from twobit.cli import COMMANDS
from twobit.settings import ServiceSettings
from worker.contract import PaintOptions, pictures, preview

ROOT = Path(__file__).parent.parent
KNOBS = {knob.name: knob for knob in dataclasses.fields(engine.Settings)}


@pytest.mark.parametrize("name", sorted(set(PaintOptions.model_fields) - {"maps"}))
def test_a_choice_has_the_engines_default_and_range(name: str) -> None:
    choice, knob = PaintOptions.model_fields[name], KNOBS[name]
    assert choice.default == knob.default
    if name == "method":
        assert get_args(choice.annotation) == (*CHOICES[name], preview.METHOD)  # the one that needs no engine
    elif name in CHOICES:
        assert get_args(choice.annotation) == CHOICES[name]
    else:
        assert bounds(choice) == (knob.metadata["low"], knob.metadata["high"])


def bounds(choice: Any) -> tuple[float | None, float | None]:
    """The least and the greatest value that pydantic takes."""
    found = [*choice.metadata]
    for part in [choice.annotation, *get_args(choice.annotation)]:
        for extra in getattr(part, "__metadata__", ()):
            found += getattr(extra, "metadata", [extra])
    low = next((rule.ge for rule in found if isinstance(rule, Ge)), None)
    high = next((rule.le for rule in found if isinstance(rule, Le)), None)
    return low, high  # type: ignore[return-value]


def test_pictures_have_the_engines_limits() -> None:
    assert (pictures.MIN_SIDE, pictures.MAX_PIXELS) == (MIN_SIDE, MAX_PIXELS)


def test_the_readme_names_every_command_and_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    for command in COMMANDS:
        assert re.search(rf"\b(twobit|make) {command}\b", readme), command
    for setting in ServiceSettings.model_fields:
        assert f"TWOBIT_{setting.upper()}" in readme, setting
