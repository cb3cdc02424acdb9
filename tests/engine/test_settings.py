"""Every knob has a reason and a range, and keeps to it."""

from dataclasses import fields
from typing import Any

import pytest

from engine import InputError, Settings
from engine.settings import CHOICES


def made(values: dict[str, Any]) -> Settings:
    return Settings(**values)


KNOBS = {field.name: field for field in fields(Settings)}


@pytest.mark.parametrize("name", KNOBS)
def test_every_knob_has_a_reason_and_a_default_that_passes(name: str) -> None:
    assert len(KNOBS[name].metadata["why"]) > 10
    made({name: KNOBS[name].default})


@pytest.mark.parametrize("name", [name for name, knob in KNOBS.items() if knob.metadata["low"] is not None])
def test_values_outside_the_range_are_refused(name: str) -> None:
    metadata = KNOBS[name].metadata
    for value in (metadata["low"] - 1, metadata["high"] + 1, float("nan"), "50"):
        with pytest.raises(InputError, match=name):
            made({name: value})


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_is_checked(name: str) -> None:
    for choice in CHOICES[name]:
        made({name: choice})
    with pytest.raises(InputError, match="choose one of"):
        made({name: "nothing of the kind"})


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"width": 100}, "give both or neither"),
        ({"height": 100}, "give both or neither"),
        ({"patch": 2}, "odd"),
        ({"seed": 1.5}, "whole"),
        ({"seed": True}, "whole"),
        ({"seed": 2**32}, "a value from 0 to 4294967295"),
        ({"nn_every": 2.5}, "whole"),
    ],
)
def test_values_that_do_not_go_together_are_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        made(values)


def test_the_method_without_features_asks_for_no_network_that_must_be_fetched() -> None:
    assert Settings(network="vgg19").features == "embedded"
    assert Settings(method="paper", network="vgg19").features == "vgg19"
