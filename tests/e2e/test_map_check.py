"""`twobit map check` as a person meets it."""

import json
from pathlib import Path

from tests.e2e.test_command_line import refused, twobit
from tests.pictures import Scene


def test_the_report_as_text_json_and_picture(scene: Scene, tmp_path: Path) -> None:
    words = ("--style", scene.style, "--map", scene.style_map, "--doodle", scene.doodle)
    done = twobit("map", "check", *words, "--preview", tmp_path / "check.png")
    assert done.returncode == 0, done.stderr
    assert "can be painted" in done.stdout
    assert (tmp_path / "check.png").read_bytes().startswith(b"\x89PNG")
    assert len(json.loads(twobit("map", "check", *words, "--json").stdout)["legend"]) == 3


def test_a_picture_given_as_the_doodle_is_named_alone(scene: Scene, tmp_path: Path) -> None:
    done = twobit("map", "check", "--map", scene.style_map, "--doodle", scene.style_map.with_name("none.png"))
    refused(done, "does not exist")
    scene.doodle.write_text("hello")
    refused(
        twobit("map", "check", "--map", scene.style_map, "--doodle", scene.doodle, "--map-mode", "magic"), "--map-mode"
    )


def test_a_problem_is_told_once_and_ends_with_code_2(scene: Scene) -> None:
    scene.doodle.write_text("hello")
    done = twobit("map", "check", "--map", scene.style_map, "--doodle", scene.doodle)
    assert done.returncode == 2
    assert done.stdout.count("no picture that can be read") == 1
    assert done.stderr == "twobit: these maps can't be painted yet: mend the problem named above\n"
