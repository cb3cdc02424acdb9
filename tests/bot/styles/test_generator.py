"""The generator of the house styles: repeatable, true to its map, and its parts by themselves."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.styles import house_style, house_styles
from bot.styles.generator.__main__ import main
from bot.styles.generator.brush import DAB, KNIFE, Brush
from bot.styles.generator.canvas import Canvas, Stroke
from bot.styles.generator.cells import cells, picked
from bot.styles.generator.colour import ramp, rgb
from bot.styles.generator.flow import around, bend
from bot.styles.generator.frame import Frame, moved, softened
from bot.styles.generator.scenes import SCENES
from bot.styles.generator.shapes import disc
from bot.styles.generator.write import description, palette_picture, rendered, write

COAST = SCENES[0]
# The coast with its coarsest brushes alone: a fiftieth of the strokes.
SKETCH = replace(COAST, regions=tuple(replace(region, passes=region.passes[:1]) for region in COAST.regions))


def stroke(x: float, y: float, length: float = 20.0, curvature: float = 0.0) -> Stroke:
    """A level red stroke."""
    return Stroke(x, y, 0.0, curvature, length, 8.0, rgb("#ff0000"), rgb("#ff0000"), 3)


def test_the_same_scene_twice_gives_the_same_bytes() -> None:
    first, second = (rendered(SKETCH, shrink=8) for _ in range(2))
    assert first.picture.shape == (96, 128, 3)
    assert hashlib.sha256(first.picture.tobytes()).digest() == hashlib.sha256(second.picture.tobytes()).digest()
    assert (first.labels == second.labels).all()


def test_a_small_painting_agrees_with_its_map() -> None:
    result = rendered(SKETCH, shrink=6)
    frame = Frame(192, 144, COAST.seed)
    subject = COAST.compose(frame)
    for index, region in enumerate(COAST.regions):
        inside = softened((result.labels == index).astype(np.float32), 1.0) > 0.95
        if inside.sum() > 50:
            painted = result.picture[inside].mean(axis=0) / 255
            seen = subject.colour[subject.labels == index].mean(axis=0)
            assert np.abs(painted - seen).max() < 0.13, region.name


def test_the_committed_descriptions_are_the_scenes() -> None:
    assert {each.slug for each in SCENES} == {style.slug for style in house_styles()}
    for each in SCENES:
        committed = (house_style(each.slug).folder / "style.toml").read_text(encoding="utf-8")
        assert committed == description(each)


def test_the_committed_doodles_are_the_scenes() -> None:
    for scene in SCENES:
        made = palette_picture(scene, scene.doodle(Frame(*scene.doodle_size, scene.seed))).convert("RGB")
        with Image.open(house_style(scene.slug).doodle) as committed:
            differ = (np.asarray(made) != np.asarray(committed.convert("RGB"))).any(axis=2).mean()
        assert differ < 0.002, scene.slug  # not 0: another processor may round a border otherwise


def test_write_makes_the_four_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.styles.generator.write.rendered", lambda scene: rendered(scene, shrink=12))
    write(SKETCH, tmp_path / "coast")
    assert sorted(path.name for path in (tmp_path / "coast").iterdir()) == [
        "doodle.png",
        "map.png",
        "picture.png",
        "style.toml",
    ]


def test_an_unknown_scene_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--out", str(tmp_path), "--only", "mona-lisa"])
    assert raised.value.code == 2
    assert "coast-dusk" in capsys.readouterr().err


def test_noise_means_the_same_at_every_size() -> None:
    small, large = Frame(80, 60, 1).noise(4, 6), Frame(160, 120, 1).noise(4, 6)
    reduced = large.reshape(60, 2, 80, 2).mean(axis=(1, 3))
    assert np.corrcoef(small.ravel(), reduced.ravel())[0, 1] > 0.995
    assert np.corrcoef(small.ravel(), Frame(80, 60, 1).noise(5, 6).ravel())[0, 1] < 0.5


def test_a_stroke_stays_where_the_mask_lets_it() -> None:
    canvas = Canvas(np.ones((40, 60, 3), np.float32))
    mask = np.zeros((40, 60), np.float32)
    mask[:, :30] = 1
    canvas.lay(stroke(30, 20), KNIFE, mask)
    assert canvas.colour[20, 25, 1] < 0.6
    assert (canvas.colour[:, 30:] == 1).all()
    assert (canvas.relief[:, 30:] == 0).all()


def test_a_stroke_beyond_the_edge_leaves_the_canvas_alone() -> None:
    canvas = Canvas(np.ones((40, 60, 3), np.float32))
    canvas.lay(stroke(-200, 20), DAB, np.ones((40, 60), np.float32))
    assert (canvas.colour == 1).all()


def test_a_curved_stroke_bends_towards_its_centre() -> None:
    canvas = Canvas(np.ones((60, 60, 3), np.float32))
    even = Brush(ragged=0, dry=0)
    canvas.lay(stroke(30, 20, length=40, curvature=0.03), even, np.ones((60, 60), np.float32))
    paint = 1 - canvas.colour[..., 1]
    middle, left = (np.average(np.arange(60), weights=paint[:, column]) for column in (30, 15))
    assert middle == pytest.approx(20, abs=1.5)
    assert left == pytest.approx(20 + 0.03 * 15**2 / 2, abs=1.5)


def test_the_bend_of_a_circle_is_one_over_its_radius() -> None:
    frame = Frame(100, 100, 1)
    curvature = bend(around(frame, 0.5, 0.5))
    assert abs(curvature[50, 80]) == pytest.approx(1 / 30, rel=0.1)


def test_a_ramp_passes_through_its_stops() -> None:
    tones = np.array([-1.0, 0.0, 0.5, 2.0], np.float32)
    greys = ramp(tones, [(0, "#000000"), (1, "#ffffff")])
    assert greys.tolist() == [[0.0] * 3, [0.0] * 3, [0.5] * 3, [1.0] * 3]


def test_moved_reads_from_the_shifted_place_and_mirrors_at_the_edge() -> None:
    field = np.arange(4, dtype=np.float32)[None, :].repeat(4, axis=0)
    shift = np.full((4, 4), 0.5, np.float32)
    assert moved(field, shift, shift * 0, 4)[0].tolist() == [2, 3, 3, 2]


def test_cells_are_whole() -> None:
    frame = Frame(120, 90, 2)
    split = cells(frame, 1, 6, 6)
    whole = picked(frame, split, disc(frame, 0.6, 0.5, 0.3, 0.3, 3))
    for chance in np.unique(split.chance):
        assert len(np.unique(whole[split.chance == chance])) == 1
