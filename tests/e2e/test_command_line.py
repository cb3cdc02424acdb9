"""`twobit` as a person meets it: exit codes, one line when something is wrong, no half-written file."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.service import TWOBIT
from tests.pictures import Scene


def twobit(*words: str | Path | int) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*TWOBIT, *map(str, words)], capture_output=True, text=True, timeout=120, check=False)


def refused(done: "subprocess.CompletedProcess[str]", *words: str, code: int = 2) -> None:
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("twobit: ")
    for word in words:
        assert word in done.stderr


def test_paint_tells_everything_as_json(scene: Scene, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    words = ("paint", *scene.arguments(out), "--preset", "draft", "--size", "96", "--seed", "3", "--json")
    first = twobit(*words)
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    wanted = {"out", "seconds", "total_seconds", "width", "height", "method", "preset", "seed", "network", "device"}
    assert set(report) == wanted | {"notes", "recipe"}
    assert (report["width"], report["height"], report["seed"]) == (96, 72, 3)
    assert 0 < report["seconds"] < report["total_seconds"]
    bytes_of_first = out.read_bytes()
    twobit(*words)
    assert out.read_bytes() == bytes_of_first


def test_another_seed_gives_another_painting(scene: Scene, tmp_path: Path) -> None:
    outs = [tmp_path / f"{seed}.png" for seed in (1, 2)]
    for seed, out in zip((1, 2), outs, strict=True):
        assert twobit("paint", *scene.arguments(out), "--preset", "draft", "--seed", seed).returncode == 0
    with Image.open(outs[0]) as one, Image.open(outs[1]) as other:
        assert not np.array_equal(np.asarray(one), np.asarray(other))


def test_a_missing_file_is_named(scene: Scene, tmp_path: Path) -> None:
    scene.doodle.unlink()
    refused(twobit("paint", *scene.arguments(tmp_path / "o.png")), str(scene.doodle), "does not exist")
    assert not (tmp_path / "o.png").exists()


def test_a_network_that_can_not_be_fetched_is_out_of_reach(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    words = ("--method", "paper", "--network", "vgg19", "--data", tmp_path / "data")
    done = twobit("paint", *scene.arguments(tmp_path / "o.png"), *words)
    refused(done, "VGG-19 can't be fetched", "embedded", code=3)
    assert not (tmp_path / "o.png").exists()


def test_a_text_file_is_no_picture(scene: Scene, tmp_path: Path) -> None:
    scene.style.write_text("hello")
    refused(twobit("paint", *scene.arguments(tmp_path / "o.png")), str(scene.style), "PNG")


def test_a_map_of_another_shape_is_told_with_numbers(scene: Scene, tmp_path: Path) -> None:
    Image.new("RGB", (100, 100)).save(scene.style_map)
    refused(twobit("paint", *scene.arguments(tmp_path / "o.png")), str(scene.style_map), "100x100", "128x96", "crop")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--beta", "-1"), "--beta"),
        (("--beta", "nan"), "--beta"),
        (("--seed", "-1"), "--seed"),
        (("--seed", "many"), "--seed"),
        (("--method", "magic"), "--method"),
        (("--size", "large"), "--size"),
        (("--size", "16"), "--size"),
        (("--size", "200x30"), "--size"),
        (("--size", "300x300"), "300x300"),
        (("--device", "abacus"), "--device"),
        (("--frobnicate", "1"), "--frobnicate"),
    ],
)
def test_a_wrong_option_is_named(scene: Scene, tmp_path: Path, words: tuple[str, str], told: str) -> None:
    refused(twobit("paint", *scene.arguments(tmp_path / "o.png"), *words), told)


def test_an_out_that_can_not_be_written_is_told_before_painting(scene: Scene, tmp_path: Path) -> None:
    refused(twobit("paint", *scene.arguments(tmp_path / "none" / "o.png")), "--out", "make it first")
    refused(twobit("paint", *scene.arguments(tmp_path / "o.jpg")), "--out", ".png")
    refused(twobit("paint", *scene.arguments(tmp_path)), "--out", "folder")


def test_submit_without_a_service_says_how_to_start_one(scene: Scene, tmp_path: Path) -> None:
    done = twobit("submit", *scene.arguments(tmp_path / "o.png"), "--data", tmp_path / "data")
    refused(done, "twobit serve", code=3)


@pytest.mark.parametrize("command", ["worker", "desk"])
def test_a_part_without_redis_says_how_to_get_one(tmp_path: Path, command: str) -> None:
    refused(twobit(command, "--data", tmp_path / "data"), "twobit serve", "--redis-url", code=3)


def test_a_database_that_is_away_is_out_of_reach(tmp_path: Path) -> None:
    done = twobit("status", "aaaaaaaa", "--data", tmp_path, "--database-url", "postgresql://127.0.0.1:1/none")
    refused(done, "does not answer", code=3)


def test_an_unknown_job_is_told(tmp_path: Path) -> None:
    refused(twobit("status", "nosuchjob", "--data", tmp_path), "nosuchjob")


def test_doctor_finds_what_is_there_and_what_is_not(tmp_path: Path) -> None:
    well = twobit("doctor", "--data", tmp_path)
    assert well.returncode == 0, well.stdout + well.stderr
    assert "BAD" not in well.stdout
    ill = twobit("doctor", "--data", tmp_path, "--redis-url", "redis://127.0.0.1:1")
    assert ill.returncode == 1
    assert "BAD" in ill.stdout
    assert "--redis-url" in ill.stdout
