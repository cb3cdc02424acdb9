"""`twobit map check` as a person meets it."""

import json
from pathlib import Path

from tests.e2e.test_command_line import refused, twobit
from tests.pictures import SEA, SKY, Scene, flat, png


def test_the_report_as_text_json_and_picture(scene: Scene, tmp_path: Path) -> None:
    words = ("--style", scene.style, "--map", scene.style_map, "--doodle", scene.doodle)
    done = twobit("map", "check", *words, "--preview", tmp_path / "check.png")
    assert done.returncode == 0, done.stderr
    assert "can be painted" in done.stdout
    assert (tmp_path / "check.png").read_bytes().startswith(b"\x89PNG")
    assert len(json.loads(twobit("map", "check", *words, "--json").stdout)["legend"]) == 3


def test_each_problem_is_printed_once(scene: Scene, tmp_path: Path) -> None:
    words = ("map", "check", "--map", scene.style_map, "--doodle", scene.doodle)
    strange = [(255, 0, 255), (255, 255, 0), SKY, SEA]
    for count in (1, 2):
        scene.doodle.write_bytes(png(flat(128, 96, strange[2 - count :])))
        done = twobit(*words)
        refused(done)
        assert (done.stdout + done.stderr).count("a colour that the style map") == count
        assert ("2 problems, listed above" in done.stderr) == (count == 2)
        told = twobit(*words, "--json")
        refused(told)
        assert len(json.loads(told.stdout)["problems"]) == count


def test_a_picture_given_as_the_doodle_is_named_alone(scene: Scene, tmp_path: Path) -> None:
    done = twobit("map", "check", "--map", scene.style_map, "--doodle", scene.style_map.with_name("none.png"))
    refused(done, "does not exist")
    scene.doodle.write_text("hello")
    refused(
        twobit("map", "check", "--map", scene.style_map, "--doodle", scene.doodle, "--map-mode", "magic"), "--map-mode"
    )
