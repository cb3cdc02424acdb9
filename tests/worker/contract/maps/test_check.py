"""What a person is told about a style map and a doodle."""

import io
import json
from unittest.mock import Mock

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bot.styles import Style, blank_template, house_styles
from tests.pictures import painted
from tests.worker.contract.maps.drawings import BLACK, BLUE, DARK_RED, RED, WHITE, coloured, saved, scene
from tests.worker.contract.maps.test_reading import npy, npz
from worker.contract.maps import MapReport, Understood, check_maps, draw_preview, reading, understand
from worker.contract.options import Fit, MapOptions

PALETTE = [RED, WHITE, BLUE]
STYLE = coloured(scene(1, 128, 96, 3), PALETTE)
DOODLE = coloured(scene(2, 160, 120, 3), PALETTE)
PICTURE = saved(painted(STYLE))


def check(style: object = None, doodle: object = None, **settings: object) -> MapReport:
    data = [saved(STYLE) if style is None else style, saved(DOODLE) if doodle is None else doodle]
    return check_maps(PICTURE, *(one if isinstance(one, bytes) else saved(one) for one in data), **settings)  # type: ignore[arg-type]


def codes(report: MapReport) -> tuple[list[str], list[str]]:
    return [problem.code for problem in report.problems], [warning.code for warning in report.warnings]


def test_two_maps_that_fit() -> None:
    report = check()
    assert report.ok
    assert codes(report) == ([], [])
    assert {entry.name for entry in report.legend} == {"red", "white", "blue"}
    assert sum(entry.style for entry in report.legend) == pytest.approx(1)
    assert sum(entry.doodle for entry in report.legend) == pytest.approx(1)
    assert MapReport.model_validate_json(report.model_dump_json()) == report
    assert json.loads(report.model_dump_json())["sizes"]["doodle"] == {"width": 160, "height": 120}


def test_a_style_map_is_read_once_and_understood_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = coloured(scene(77, 128, 96, 3), PALETTE)
    first = understand(PICTURE, saved(fresh), saved(DOODLE))
    spy = Mock(wraps=reading.read_map)
    monkeypatch.setattr("worker.contract.maps.check.read_map", spy)
    again = understand(PICTURE, saved(fresh), saved(DOODLE))
    assert [call.args[1] for call in spy.call_args_list] == ["The doodle"]
    assert again.report == first.report
    assert again.style_map is not None
    assert first.style_map is not None
    assert np.array_equal(again.style_map, first.style_map)
    again.style_map[:] = 0  # what is done to one painting's map is not done to the next one's
    third = understand(PICTURE, saved(fresh), saved(DOODLE)).style_map
    assert third is not None
    assert np.array_equal(third, first.style_map)


def test_a_style_map_that_is_none_is_refused_each_time() -> None:
    photo = saved(np.random.default_rng(0).integers(0, 256, (96, 128, 3)).astype(np.uint8))
    for called in ("The style map", "sky.png", "The style map"):
        report = check(photo, names={"style_map": called})
        assert codes(report)[0] == ["painted"]
        assert called in report.problems[0].text


def test_names_that_the_style_gives() -> None:
    report = check(label_names={"#ff331f": "rock", "#0000fa": "sea"})
    assert {entry.name for entry in report.legend} == {"rock", "white", "sea"}


def test_a_colour_without_counterpart_is_a_problem_with_its_name_share_and_nearest() -> None:
    doodle = DOODLE.copy()
    doodle[:60] = (0, 160, 0)
    report = check(doodle=doodle, names={"doodle": "The doodle d.png"})
    assert codes(report)[0] == ["no counterpart"]
    text = report.problems[0].text
    assert all(words in text for words in ("d.png", "green", "#00a000", "50%", "nearest", "paint it over", "add"))
    assert report.problems[0].colour == "#00a000"
    assert [entry.problem for entry in report.legend] == [False] * 3 + [True]


def test_names_that_the_style_gives_are_unlike() -> None:
    style, doodle = STYLE.copy(), DOODLE.copy()
    style[:20], doodle[:20] = (255, 60, 31), (255, 60, 31)
    report = check(style, doodle, label_names={"#ff331f": "rock", "#0000ff": "rock 2", "#ffffff": "Rock"})
    assert len({entry.name.casefold() for entry in report.legend}) == 4


def test_transparent_parts_without_counterpart_are_said_to_be_white() -> None:
    style = np.where(STYLE == 255, np.uint8(0), STYLE)  # no white in it
    doodle = np.concatenate([np.full_like(DOODLE, style[0, 0]), np.full((*DOODLE.shape[:2], 1), 255, np.uint8)], 2)
    assert check(style, doodle).ok
    doodle[:60, :, 3] = 0
    hidden = check(style, doodle).problems
    assert [problem.colour for problem in hidden] == ["#ffffff"]
    assert hidden[0].text.endswith("; what is transparent counts as white")
    shown = check(style, np.where(doodle[..., 3:] == 0, np.uint8(255), doodle[..., :3])).problems
    assert f"{shown[0].text}; what is transparent counts as white" == hidden[0].text


@pytest.mark.parametrize(("number", "word"), [(2, " both count as "), (3, " all count as ")])
def test_labels_that_fall_together_are_told(number: int, word: str) -> None:
    doodle = np.full_like(DOODLE, BLUE)
    for index in range(number):
        doodle[index * 30 : index * 30 + 30] = (255, 51 + index, 31)
    joined = [warning.text for warning in check(doodle=doodle).warnings if warning.code == "joined"]
    assert len(joined) == 1
    assert word in joined[0]
    assert joined[0].count("#") == number


def test_a_colour_close_by_counts_as_the_same_and_is_told() -> None:
    doodle = DOODLE.copy()
    doodle[(doodle == RED).all(2)] = (240, 70, 40)
    report = check(doodle=doodle)
    assert report.ok
    assert codes(report)[1] == ["same"]
    assert "#f04628" in report.warnings[0].text
    assert "26 away, up to 40" in report.warnings[0].text


def test_red_is_not_dark_red() -> None:
    doodle = DOODLE.copy()
    doodle[(doodle == RED).all(2)] = DARK_RED
    assert codes(check(doodle=doodle))[0] == ["no counterpart"]


def test_between_two_labels_nothing_is_guessed() -> None:
    style, doodle = STYLE.copy(), DOODLE.copy()
    style[:20] = (255, 81, 31)  # 30 from red: each takes what is within 15
    doodle[:20] = (255, 71, 31)
    assert check(style, doodle).ok
    doodle[:20] = (255, 107, 31)
    assert codes(check(style, doodle))[0] == ["no counterpart"]


@pytest.mark.parametrize("style", house_styles(), ids=lambda style: style.slug)
def test_a_template_that_nothing_is_drawn_on_is_told_with_what_to_do(style: Style) -> None:
    names = {label.colour: label.name for label in style.label}
    pictures = style.picture.read_bytes(), style.map.read_bytes()
    report = check_maps(*pictures, blank_template(style), label_names=names)
    assert codes(report) == ([], ["blank"])
    (finding,) = report.warnings
    assert "Nothing is drawn in the doodle yet" in finding.text
    assert finding.text.count(",") == len(names) - 1
    assert "Draw over it in the style's other colours" in finding.text
    assert "blank" not in codes(check_maps(*pictures, style.doodle.read_bytes()))[1]


def test_unused_labels_scarce_ones_and_a_single_one_are_doubts() -> None:
    doodle = DOODLE.copy()
    doodle[(doodle == BLUE).all(2)] = WHITE
    assert codes(check(doodle=doodle)) == ([], ["unused"])
    style = np.full_like(STYLE, 255)
    style[10:14, 10:20] = RED
    report = check(style, np.full_like(DOODLE, RED))
    assert codes(report) == ([], ["blank", "scarce"])
    assert codes(check(np.full_like(STYLE, 255), np.full_like(DOODLE, 255))) == ([], ["one label"])


@pytest.mark.parametrize("role", ["style_map", "doodle"])
def test_a_photo_given_as_a_map_is_told_of_that_file_alone(role: str) -> None:
    photo = saved(np.random.default_rng(0).integers(0, 256, (96, 128, 3)).astype(np.uint8))
    names = {"style_map": "The style map m.png", "doodle": "The doodle d.png"}
    report = check(**({"style": photo} if role == "style_map" else {"doodle": photo}), names=names)
    assert codes(report)[0] == ["painted"]
    assert report.problems[0].role == role
    assert report.problems[0].text.startswith(f"{names[role]} looks like a photo")
    assert not any(other in report.problems[0].text for key, other in names.items() if key != role)


def test_shapes() -> None:
    assert check(STYLE[:95]).ok
    assert codes(check(STYLE[:95]))[1] == ["resized"]
    assert codes(check(STYLE[:, :96])) == (["shape"], [])
    cases: tuple[tuple[Fit, tuple[int, int]], ...] = (("crop", (72, 96)), ("pad", (96, 128)))
    for fit, shape in cases:
        understood = understand(PICTURE, saved(STYLE[:, :96]), saved(DOODLE), options=MapOptions(fit=fit))
        assert understood.report.ok
        assert understood.style_map is not None
        assert understood.style_map.shape[:2] == shape


def test_masks_are_matched_by_name() -> None:
    style, doodle = scene(1, 128, 96, 3), scene(2, 160, 120, 3)
    one = npz(sky=style == 0, sea=style == 1, sand=style == 2)
    other = npz(sand=doodle == 2, sea=doodle == 1, sky=doodle == 0)
    understood = understand(PICTURE, one, other)
    assert understood.report.ok
    assert understood.style_map is not None
    assert understood.doodle is not None
    assert understood.style_map.shape[2] == understood.doodle.shape[2]
    sky = understood.style_map[style == 0][0]
    assert (understood.doodle[doodle == 0] == sky).all()
    report = check_maps(PICTURE, one, npz(sky=doodle == 0, moon=doodle > 0))
    assert codes(report)[0] == ["no counterpart"]
    assert "moon" in report.problems[0].text
    assert codes(check_maps(PICTURE, one, saved(DOODLE)))[0] == ["kinds"]


def test_embeddings_keep_their_values() -> None:
    rng = np.random.default_rng(0)
    style, doodle = rng.normal(size=(96, 128, 5)), rng.normal(size=(120, 160, 5))
    assert codes(check_maps(PICTURE, npy(style), npy(doodle)))[0] == ["mode"]
    understood = understand(PICTURE, npy(style), npy(doodle), options=MapOptions(mode="embedding"))
    assert understood.report.ok
    assert understood.report.channels == 5
    assert understood.style_map is not None
    assert np.allclose(understood.style_map, style.astype(np.float32))
    unlike = check_maps(PICTURE, npy(style), npy(doodle[..., :4]), mode="embedding")
    assert codes(unlike)[0] == ["channels"]
    assert codes(check_maps(PICTURE, npy(style), npy(doodle + 9), mode="embedding")) == ([], ["far"])


def test_colours_in_between_are_kept_on_request() -> None:
    ramp = np.linspace(0, 255, 128).astype(np.uint8)[None, :, None].repeat(96, 0).repeat(3, 2)
    understood = understand(PICTURE, saved(ramp), saved(ramp), options=MapOptions(mode="colours"))
    assert understood.style_map is not None
    assert np.array_equal(understood.style_map, ramp)
    grey = understand(PICTURE, saved(ramp[..., 0]), saved(ramp), options=MapOptions(mode="colours"))
    assert grey.report.channels == 3
    alpha = saved(np.dstack([ramp, ramp[..., :1]]))
    assert understand(PICTURE, alpha, saved(ramp), options=MapOptions(mode="colours")).report.channels == 4


def test_the_engine_gets_each_pixel_as_exactly_one_of_few_colours() -> None:
    soft = Image.fromarray(coloured(scene(3, 512, 384, 3), PALETTE)).resize((128, 96), Image.Resampling.LANCZOS)
    understood = understand(PICTURE, saved(soft), saved(DOODLE, "JPEG", quality=70))
    for map_ in (understood.style_map, understood.doodle):
        assert map_ is not None
        assert {tuple(colour) for colour in map_.reshape(-1, 3).tolist()} == set(PALETTE)


def test_labels_of_near_colours_reach_the_engine_apart() -> None:
    near = [(10, 10, 10), (11, 10, 10), (12, 10, 10)]
    understood = understand(
        PICTURE, saved(coloured(scene(1, 128, 96, 3), near)), saved(coloured(scene(2, 160, 120, 3), near))
    )
    assert understood.style_map is not None
    assert understood.report.ok
    assert understood.style_map.shape[2] == 3
    assert sorted(np.unique(understood.style_map.reshape(-1, 3), axis=0).max(1).tolist()) == [255] * 3


def test_smoothing_evens_borders_and_keeps_small_labels() -> None:
    ragged = np.full((96, 128), 1, np.uint8)
    ragged[48:] = 0
    ragged[46:48, ::2] = 0
    ragged[10:13, 10:13] = 2
    style = saved(coloured(ragged, [RED, WHITE, BLACK]))
    understood = understand(PICTURE, style, style, options=MapOptions(smooth=4))
    assert understood.aligned is not None
    rows = [len(set(row.tolist())) for row in understood.aligned.style[40:56]]
    assert max(rows) <= 2
    assert sum(count > 1 for count in rows) <= 1
    assert len(understood.report.legend) == 3


def test_what_can_not_be_read_is_a_problem_not_an_exception() -> None:
    report = check(doodle=b"hello", names={"doodle": "The doodle d.txt"})
    assert codes(report)[0] == ["unreadable"]
    assert "d.txt" in report.problems[0].text


def preview(understood: Understood) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(draw_preview(understood))) as image:
        return np.asarray(image)


def test_the_preview_shows_both_maps_the_legend_and_hatches_what_is_wrong() -> None:
    fine = preview(understand(PICTURE, saved(STYLE), saved(DOODLE)))
    assert fine.shape[1] == 720
    assert all((fine == colour).all(2).sum() > 1000 for colour in (RED, BLUE))
    assert not (fine == (0, 160, 0)).all(2).any()
    doodle = DOODLE.copy()
    doodle[:60] = (0, 160, 0)
    wrong = preview(understand(PICTURE, saved(STYLE), saved(doodle)))
    assert wrong.shape[0] > fine.shape[0]
    hatched = (wrong == (0, 160, 0)).all(2)
    assert hatched.sum() > 1000
    rows = np.flatnonzero(hatched.any(1))
    assert (wrong[rows[0] : rows[0] + 40] == 0).all(2).sum() > 500  # black strokes among the green
    for one in (fine, wrong, preview(understand(PICTURE, b"hello", saved(DOODLE)))):
        inked = np.flatnonzero((one < 255).any((1, 2)))
        assert 16 <= one.shape[0] - inked[-1] <= 50  # nothing is cut off, and no blank sheet below
