"""Method colour in the painter: no network, no engine, the same recipe and the same refusals."""

from pathlib import Path

import numpy as np
import pytest

from tests.pictures import SEA, SKY, Scene, flat, png, write_scene
from worker.contract import PaintOptions
from worker.contract.maps.names import hex_of
from worker.contract.pictures import decode, read_recipe
from worker.contract.preview import METHOD
from worker.engine_painter import paint_at_once
from worker.painter import PaintingFailed, Pictures


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    made: Scene = write_scene(tmp_path)
    return Pictures(made.style.read_bytes(), made.style_map.read_bytes(), made.doodle.read_bytes())


def test_the_preview_is_painted_with_its_recipe(pictures: Pictures) -> None:
    options = PaintOptions(method=METHOD, width=160, height=120, seed=3)
    painted = paint_at_once(options, pictures)
    assert decode(painted.png, "painting").shape == (120, 160, 3)
    assert (painted.width, painted.height) == (160, 120)
    recipe = read_recipe(painted.png)
    assert recipe is not None
    assert recipe["options"] == options.model_dump()
    assert recipe["network_sha256"] is None


def test_notes_call_the_labels_as_the_style_does(pictures: Pictures) -> None:
    one_label = Pictures(pictures.style, pictures.style_map, png(flat(64, 48, [SKY])))
    names = {hex_of(np.array(SEA, np.uint8)): "the deep"}
    painted = paint_at_once(PaintOptions(method=METHOD), one_label, names)
    assert any("the deep" in note for note in painted.notes)


def test_what_can_not_be_read_is_the_inputs_fault(pictures: Pictures) -> None:
    with pytest.raises(PaintingFailed, match="The doodle") as raised:
        paint_at_once(PaintOptions(method=METHOD), Pictures(pictures.style, pictures.style_map, b"no picture"))
    assert raised.value.failure == "input"
